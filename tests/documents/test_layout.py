"""Columns, groups, subtotals, logo and footer of a document."""

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import Column, Grouping, Layout, LayoutError, Line, LogoPlace, Look, render
from documents.rows import grouped, table
from language import Language
from tests.documents.places import places
from tests.documents.test_pages import text, texts
from tests.factories.documents import YEAR, swedish

ALL: Final = tuple(Column)
LINES: Final = (
    Line("Riksavgift – Vuxen", 30000, member="Åsa Öberg", period=YEAR, component="Riksavgift"),
    Line("Lokalavgift – Vuxen", 10000, member="Åsa Öberg", period=YEAR, component="Lokalavgift"),
    Line("Riksavgift – Barn", 15000, member="Nils Öberg", period=YEAR, component="Riksavgift"),
    Line("Tröja", 25000, quantity=2, unit_price=12500, vat_rate=2500, unit="styck"),
)


def laid(layout: Layout, lines: tuple[Line, ...] = LINES) -> dict[str, object]:
    return table(swedish(language="en", lines=lines, look=Look(layout=layout)), Language("en"))


def test_columns_are_shown_in_the_order_that_is_chosen_and_empty_ones_are_not() -> None:
    order = (Column.MEMBER, Column.WHAT, Column.VAT, Column.AMOUNT, Column.PERIOD)
    assert laid(Layout(columns=order))["head"] == ["Member", "Description", "VAT", "Amount in SEK", "Period"]
    fees = laid(Layout(columns=ALL), LINES[:3])
    assert fees["head"] == ["Description", "Member", "Period", "Amount in SEK"]


def test_what_has_no_column_stands_below_the_description() -> None:
    rows = laid(Layout(columns=(Column.WHAT, Column.AMOUNT)))["rows"]
    assert isinstance(rows, list)
    assert rows[0]["detail"] == "Åsa Öberg · 1 Jan 2026 – 31 Dec 2026"
    assert rows[3]["detail"] == "2 × 125.00 per styck · VAT 25%"
    every = laid(Layout(columns=ALL))["rows"]
    assert isinstance(every, list)
    assert {row["detail"] for row in every} == {""}


def test_lines_are_grouped_with_a_heading_and_a_subtotal_each() -> None:
    page = text(swedish(lines=LINES, look=Look(layout=Layout(grouping=Grouping.MEMBER))))
    order = ["Åsa Öberg", "Riksavgift – Vuxen", "Lokalavgift – Vuxen", "650,00", "Nils Öberg", "Riksavgift – Barn"]
    places = [page.index(words, page.index("Belopp i SEK")) for words in order]
    assert places == sorted(places)


def test_one_group_alone_has_no_subtotal() -> None:
    rows = laid(Layout(grouping=Grouping.MEMBER), LINES[:2])["rows"]
    assert isinstance(rows, list)
    assert len(rows) == 2


@given(
    st.lists(st.tuples(st.sampled_from(["A", "B", ""]), st.sampled_from(["x", "y"]), st.integers(-500, 500))),
    st.sampled_from(Grouping),
)
def test_grouping_loses_and_adds_nothing(drawn: list[tuple[str, str, int]], grouping: Grouping) -> None:
    lines = [Line(what, amount, member=member) for member, what, amount in drawn]
    groups = grouped(lines, grouping, "A")
    found = [line for _, group in groups for line in group]
    assert sorted(map(repr, found)) == sorted(map(repr, lines))
    assert len({name for name, _ in groups}) == len(groups)


def test_all_columns_fit_the_page_and_the_footer_says_its_lines() -> None:
    footer = ("Godkänd för F-skatt", "Frågor besvaras tisdagar 18–20")
    layout = Layout(columns=ALL, grouping=Grouping.COMPONENT, logo=LogoPlace.RIGHT, footer=footer)
    page = texts(swedish(lines=LINES, look=replace(swedish().look, layout=layout)))[0]
    assert [words for words in footer if words not in page] == []
    assert page.count("2026-12-31") == 3


WIDEST: Final = 22
"""Letters that fit into a seventh column, however narrow they are."""
MEMBERS_FROM: Final = 57
"""Millimetres from the left at which the column beside the descriptions begins."""
LONGEST: Final = "Landesverbandsmitgliedschaftsbeitragsabrechnungszeitraum"


@pytest.mark.parametrize("word", [LONGEST, "https://example.org/" + "x" * 60, "Donaudampfschifffahrtsgesellschaft"])
def test_no_word_runs_into_the_column_beside_it(word: str) -> None:
    lines = tuple(replace(line, text=word, member=word) for line in LINES)
    document = swedish(language="de", lines=lines, look=replace(swedish().look, layout=Layout(columns=ALL)))
    described = [words for words, left, _ in places(render(document)) if left < MEMBERS_FROM and words[0] in word]
    assert max(map(len, described)) <= WIDEST
    assert "".join(described).replace("-", "").replace("\N{HYPHEN}", "").startswith(word[:20].replace("-", ""))


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": (Column.WHAT,)},
        {"columns": (Column.WHAT, Column.AMOUNT, Column.AMOUNT)},
        {"footer": ("x" * 101,)},
        {"footer": ("x",) * 4},
    ],
)
def test_a_layout_that_no_page_can_be_set_in_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(LayoutError):
        Layout(**wrong)  # type: ignore[arg-type]  # wrong on purpose
