"""An organisation's own Typst: what it can do, and that it can read nothing but its data."""

import datetime as dt
import io
from dataclasses import replace
from typing import Final

import pytest
from pypdf import PdfReader

from documents import (
    EXAMPLE,
    Kind,
    Line,
    Look,
    Original,
    Reason,
    Template,
    TemplateError,
    render,
    render_batch,
    template_of,
)
from documents.jail import jail
from documents.own import tried
from documents.render import batch_data
from documents.trial import Fact, Sample, facts, plain_text, sample_pages, samples, try_out
from tests.documents.test_pages import text
from tests.factories.documents import dutch, swedish

GOOD: Final = template_of(EXAMPLE.encode())
DAY: Final = dt.date(2026, 1, 1)


def own(source: str) -> Template:
    return template_of(source.encode())


def refused(source: str) -> TemplateError:
    """Try a template that must be refused, on one document."""
    document = swedish()
    with pytest.raises(TemplateError) as error:
        tried(own(source), batch_data([document]), document.date)
    return error.value


def test_the_example_holds_for_every_sample() -> None:
    for document in (swedish(), dutch()):
        told = try_out(GOOD, document)
        assert [one for one in told if not one.fine] == []
        assert {one.sample for one in told} == set(Sample)
        assert {one.language for one in told} >= {"sv", "nb", "nl", "de", "en"}


def test_a_document_in_an_own_template_says_all_and_stays_readable_by_a_screen_reader() -> None:
    document = swedish(look=Look(template=GOOD))
    file = render(document)
    said = plain_text("".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages))
    for spellings in facts(document).values():
        assert any(plain_text(one) in said for one in spellings)
    root = PdfReader(io.BytesIO(file)).root_object
    assert str(root["/Lang"]).startswith("sv")
    assert "/StructTreeRoot" in root
    assert render(document) == file


def test_a_batch_of_several_templates_is_one_file_in_its_order() -> None:
    blue = own("#let body(doc) = [Blue #doc.title #pagebreak() more]")
    looks = [Look(), Look(template=blue), Look(template=GOOD), Look()]
    batch = render_batch([swedish(number=str(1000 + place), look=look) for place, look in enumerate(looks)])
    assert batch.pages == (range(1), range(1, 3), range(3, 4), range(4, 5))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(batch.pdf)).pages]
    assert [number in pages[of.start] for number, of in zip(("1000", "1001", "1002", "1003"), batch.pages, strict=True)]
    assert pages[1].startswith("Blue")


@pytest.mark.parametrize(
    "source",
    [
        '\n#let body(doc) = read("/etc/passwd")',
        '\n#let body(doc) = read("../../../etc/passwd")',
        '\n#let body(doc) = json("/proc/self/environ")',
        '\n#let body(doc) = image("/proc/self/root/etc/passwd")',
        '\n#import "/etc/passwd": body',
        '\n#let body(doc) = plugin("/tmp/a.wasm")',
    ],
)
def test_no_file_can_be_read_and_the_line_is_named(source: str) -> None:
    error = refused(source)
    assert (error.reason, error.line) == (Reason.FILE, 2)


def test_a_link_in_the_empty_folder_leads_nowhere() -> None:
    """Even where somebody could lay one there: nothing can be opened."""
    tried(GOOD, batch_data([swedish()]), DAY)
    empty = jail().folder
    (empty / "link").symlink_to("/etc/passwd")
    (empty / "file.txt").write_text("secret")
    try:
        for name in ("link", "file.txt"):
            assert refused(f'#let body(doc) = read("{name}")').reason is not Reason.WRONG
    finally:
        (empty / "link").unlink()
        (empty / "file.txt").unlink()


def test_packages_and_the_network_are_refused() -> None:
    error = refused('\n\n#import "@preview/cetz:0.3.0"\n#let body(doc) = []')
    assert (error.reason, error.line) == (Reason.PACKAGE, 3)


def test_what_never_ends_is_stopped_and_the_next_one_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("documents.own.SECONDS", 3.0)
    assert refused("#let body(doc) = for i in range(1000000) { for j in range(1000000) { } }").reason is Reason.TOO_SLOW
    assert tried(GOOD, batch_data([swedish()]), DAY).tagged


def test_what_takes_all_memory_is_stopped_and_the_next_one_works() -> None:
    assert refused('#let body(doc) = ("x" * 3000000000).len()').reason is Reason.TOO_MUCH_MEMORY
    assert tried(GOOD, batch_data([swedish()]), DAY).tagged


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("#let body(doc) = {\n  doc.nothing\n}", 2, "dictionary does not contain key"),
        ("#let body(doc) = [\n\n", 1, "unclosed delimiter"),
        ("\n#let f(n) = f(n + 1)\n#let body(doc) = f(1)", 2, "maximum function call depth exceeded"),
        ("#let body(doc) = {\n\nwhile true { }\n}", 3, "condition is always true"),
    ],
)
def test_a_fault_is_told_with_its_line(source: str, line: int, said: str) -> None:
    error = refused(source)
    assert (error.reason, error.line) == (Reason.WRONG, line)
    assert said in error.said


def test_what_is_no_template_is_told_so() -> None:
    assert refused("#let x = 1").reason is Reason.NO_BODY
    for content, reason in (
        (b"\xff\xfe", Reason.NOT_TEXT),
        (b"  ", Reason.NOT_TEXT),
        (b"x" * 200_001, Reason.TOO_LARGE),
    ):
        with pytest.raises(TemplateError) as error:
            template_of(content)
        assert error.value.reason is reason


def test_what_is_missing_on_the_page_is_named() -> None:
    told = {one.sample: one for one in try_out(own("#let body(doc) = [#doc.title]"), swedish()) if one.language == "sv"}
    assert set(told[Sample.ONE_LINE].missing) == {Fact.REFERENCE, Fact.AMOUNT, Fact.DUE_DAY, Fact.ACCOUNT}
    assert set(told[Sample.CREDIT_NOTE].missing) == {Fact.AMOUNT}


def test_a_picture_without_words_is_refused() -> None:
    square = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'><rect width='1' height='1'/></svg>"
    error = refused(f'#let body(doc) = {{\n  image(bytes("{square}"))\n}}')
    assert error.line == 2
    assert "alt" in error.said


def test_a_document_that_its_template_cannot_set_is_set_by_the_house(caplog: pytest.LogCaptureFixture) -> None:
    fussy = own('#let body(doc) = if doc.rows.len() > 1 { panic("no") } else { doc.title }')
    document = swedish(look=Look(template=fussy), lines=(Line("A", 100), Line("B", 200)))
    assert "Att betala" in text(document)
    assert "cannot be set by its own template" in caplog.text


def test_samples_are_seen_as_pictures() -> None:
    pages = sample_pages(GOOD, swedish(), Sample.MANY_LINES, 40)
    assert len(pages) > 1
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_samples_are_of_every_kind() -> None:
    made = dict(samples(swedish()))
    assert made[Sample.CREDIT_NOTE].kind is Kind.CREDIT_NOTE
    assert made[Sample.REMINDER].original == Original(swedish().number, swedish().date)
    assert replace(made[Sample.NOTHING_TO_PAY]).open_amount == 0
