import datetime as dt
from io import BytesIO
from typing import Final

import pytest
from pypdf import PdfReader
from pypdf.generic import BooleanObject, DictionaryObject, PdfObject

from documents import (
    AccountKind,
    BatchSizeError,
    IncompleteDocumentError,
    InvoiceDocument,
    Kind,
    Line,
    Logo,
    Look,
    LookError,
    Party,
    PaymentDetails,
    ReferenceKind,
    UnprintableError,
    preview,
    render,
    render_batch,
    render_batches,
)
from language import SUPPORTED
from tests.factories import documents as made

NASTY: Final = [
    "#panic()",
    "*bold* _it_ `raw`",
    "$x^2$ \\ \\u{41} @ref <label> // no",
    "\"quoted\" -- --- ... ~ 'single'",
    "[#let x = 1] {#import} =head",
]


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def texts(document: InvoiceDocument) -> list[str]:
    pages = [page.extract_text() for page in reader(render(document)).pages]
    return [" ".join(page.replace("\N{NO-BREAK SPACE}", " ").split()) for page in pages]


def text(document: InvoiceDocument) -> str:
    return " ".join(texts(document))


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            made.swedish(),
            [
                *(
                    "Faktura 2026-000123",
                    "Fakturadatum 2026-11-01",
                    "Förfallodatum 2026-11-30",
                    "OCR-nummer 1234567897",
                ),
                *("Åsa Öberg", "222 33 Lund", "Belopp i SEK", "1 150,00", "Att betala 1 500,50", "1 500,50 kr"),
                *("senast 30 november 2026", "Bankgiro 5050-1055", "Swish 1231234567", "Skanna med Swish"),
                *(
                    "Org.nr 802400-1234",
                    "Medlemsavgift 2026-01-01 – 2026-12-31",
                    "Lokalavgift Lunds kammarkör Åsa Öberg",
                ),
            ],
        ),
        (
            made.norwegian(),
            [
                *("Faktura 100045", "Forfallsdato 30.11.2026", "KID 0001000456", "Sum 3 050,00", "Beløp i NOK"),
                *("Allerede betalt −1 000,00", "Å betale 2 050,00", "2 050 kr", "innen 30. november 2026"),
                "Kontonummer 1234.56.78903",
            ],
        ),
        (
            made.dutch(),
            [
                *("Factuur F2026-0815", "Vervaldatum 30-11-2026", "Betalingskenmerk 5678 9012 3456 7890", "−24,00"),
                *("Te betalen 216,00", "€ 216,00", "uiterlijk 30 november 2026", "IBAN NL91 ABNA 0417 1643 00"),
                *("BIC ABNANL2A", "Sanne van den Berg", "Aantal", "Scan met uw bankapp"),
            ],
        ),
        (
            made.german(),
            [
                *("Rechnung R-2026-77", "Fällig am 30.11.2026", "Verwendungszweck RF18 5390 0754 7034", "120,00 €"),
                *("bis 30. November 2026", "IBAN DE89 3704 0044 0532 0130 00", "Mit Bank-App scannen"),
                "Turnverein Waldhausen 1889 e. V. · Turnhallenweg 4 · 73547 Lorch",
            ],
        ),
        (
            made.norwegian(language="en"),
            ["Invoice 100045", "Due date 30 Nov 2026", "KID number 0001000456", "NOK 2,050.00", "by 30 November 2026"],
        ),
    ],
)
def test_a_page_says_what_to_pay_when_and_how(document: InvoiceDocument, expected: list[str]) -> None:
    found = text(document)
    assert [words for words in expected if words not in found] == []


def test_a_reminder_keeps_the_due_date_and_asks_only_for_what_is_open() -> None:
    found = text(made.reminder())
    for words in (
        *("Påminnelse 2 · P-2026-0042", "Påminnelsedatum 2026-12-15", "Fakturanummer 2026-000123"),
        *("Fakturadatum 2026-11-01", "Förfallodatum 2026-11-30", "Att betala 560,50", "senast 29 december 2026"),
    ):
        assert words in found
    assert "Medlemsavgift" not in found


def test_a_reminder_without_a_new_day_says_when_the_claim_fell_due() -> None:
    found = text(made.reminder(level=1, pay_by=None))
    assert "Påminnelse · P-2026-0042" in found
    assert "560,50 kr förföll 30 november 2026" in found


def test_a_credit_note_names_its_invoice_and_asks_for_nothing() -> None:
    found = text(made.credit_note())
    for words in ("Rechnungskorrektur G-2026-3", "Rechnungsnummer R-2026-77", "Summe der Gutschrift 96,00"):
        assert words in found
    assert "IBAN" not in found
    assert "Fällig" not in found


def test_a_paid_invoice_asks_for_nothing() -> None:
    found = text(made.swedish(paid=200000))
    assert "Redan betalt −2 000,00 Att betala 0,00" in found
    assert "Bankgiro" not in found


@pytest.mark.parametrize("name", NASTY)
def test_what_people_write_stays_what_they_wrote(name: str) -> None:
    document = made.swedish(
        number="#1 $2$",
        sender=Party(name, (name,), "SE", name, name, name, name),
        recipient=Party(name, (name, name), "SE"),
        lines=(Line(name, 100, member=name),),
        intro=(name,),
        notes=(name,),
        payment=PaymentDetails(name, AccountKind.BANKGIRO, name, ReferenceKind.TEXT, payee=name),
    )
    found = text(document)
    assert found.count(name) >= 9
    assert "Faktura #1 $2$" in found


def test_names_in_other_scripts_are_printed_and_what_no_font_has_does_not_stop_the_invoice() -> None:
    found = text(made.swedish(recipient=Party("Łukasz Žižka", ("Ольга Ελένη", "דוד", "علي"), "SE")))
    assert "Łukasz Žižka Ольга Ελένη" in found
    assert "דוד" in found
    assert "Att betala 1 500,50" in text(made.swedish(recipient=Party("王小明 🎺", ("Lillvägen 3",), "SE")))


def test_characters_that_turn_the_text_around_are_dropped() -> None:
    found = text(made.swedish(recipient=Party("Eva\u202e\u2067 Ek\x00\x1b\u200b\ud800", ("Gatan\n1",), "SE")))
    assert "Eva Ek Gatan 1" in found


def test_a_letter_abroad_names_its_country_and_others_do_not() -> None:
    assert "NORWAY" in text(made.swedish(recipient=Party("Kåre Næss", ("9016 Tromsø",), "NO")))
    assert "SWEDEN" not in text(made.swedish())


def thirty_lines() -> InvoiceDocument:
    return made.swedish(
        lines=tuple(Line(f"Avgift {number}", 1000 + number, member=f"Medlem {number}") for number in range(1, 31))
    )


def test_thirty_lines_take_two_pages_under_the_same_head() -> None:
    first, second = texts(thirty_lines())
    for page in (first, second):
        assert "Beskrivning Belopp i SEK" in page
        assert "Org.nr 802400-1234" in page
    assert first.endswith("Sida 1 av 2")
    assert second.endswith("Sida 2 av 2")
    assert "Avgift 1 Medlem 1 10,01" in first
    assert "Avgift 30 Medlem 30 10,30" in second
    assert "Bankgiro" not in first
    assert "Att betala 304,65" in second
    assert "Sida" not in text(made.swedish())


@pytest.mark.parametrize("code", SUPPORTED)
def test_every_language_fits_its_page_and_is_declared(code: str) -> None:
    for document in (made.swedish(language=code), made.dutch(language=code), made.reminder(language=code)):
        file = reader(render(document))
        assert len(file.pages) == 1
        assert str(entry(file.root_object, "/Lang")).startswith(code)


def test_a_file_is_tagged_named_and_dated_for_screen_readers_and_archives() -> None:
    file = reader(render(made.swedish()))
    assert entry(file.root_object, "/MarkInfo", "/Marked") == BooleanObject(value=True)
    assert entry(file.root_object, "/ViewerPreferences", "/DisplayDocTitle") == BooleanObject(value=True)
    assert file.metadata is not None
    assert file.metadata.title == "Faktura 2026-000123"
    assert file.metadata.author == "Körförbundet Klang"
    assert file.metadata.creation_date == dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    assert tags(file) >= {"/H1", "/P", "/Table", "/TH", "/TD", "/Figure"}


def entry(dictionary: DictionaryObject, *keys: str) -> PdfObject:
    """The value at the end of a path through dictionaries."""
    found: PdfObject = dictionary
    for key in keys:
        assert isinstance(found, DictionaryObject)
        inner = found[key].get_object()
        assert inner is not None
        found = inner
    return found


def tags(file: PdfReader) -> set[str]:
    """The structure types anywhere in the file."""
    objects = [file.get_object(number) for number in range(1, len(file.xref[0]) + 1)]
    return {str(found["/S"]) for found in objects if isinstance(found, DictionaryObject) and "/S" in found}


def test_fonts_are_embedded_and_are_not_the_machine_s() -> None:
    (page,) = reader(render(made.swedish())).pages
    listed = entry(page, "/Resources", "/Font")
    assert isinstance(listed, DictionaryObject)
    fonts = {str(entry(listed, name, "/BaseFont")) for name in listed}
    assert fonts
    assert all("Libertinus" in font for font in fonts)


def test_the_same_document_is_the_same_bytes() -> None:
    first, batch = render(made.german()), render_batch(made.many(3))
    render(made.swedish())
    assert render(made.german()) == first
    assert render_batch(made.many(3)) == batch


def test_a_batch_is_one_file_that_knows_each_document_s_pages() -> None:
    documents = [*made.many(2), thirty_lines(), made.german()]
    batch = render_batch(documents)
    file = reader(batch.pdf)
    assert batch.pages == (range(1), range(1, 2), range(2, 4), range(4, 5))
    assert len(file.pages) == 5
    assert "2026-000002" in file.pages[1].extract_text()
    assert "Seite" not in file.pages[4].extract_text()
    assert "R-2026-77" in file.pages[4].extract_text()


def test_a_document_that_runs_over_unforeseen_is_found() -> None:
    tall = made.swedish(lines=tuple(Line("Mycket lång rad " * 40, 100) for _ in range(7)))
    assert render_batch([tall, made.swedish()]).pages == (range(2), range(2, 3))


def test_many_documents_come_as_several_files_in_order() -> None:
    batches = list(render_batches(iter(made.many(5)), size=2))
    assert [len(batch.pages) for batch in batches] == [2, 2, 1]
    assert "2026-000005" in reader(batches[2].pdf).pages[0].extract_text()


def test_a_batch_that_is_empty_or_too_large_is_refused() -> None:
    with pytest.raises(BatchSizeError, match="1 to 1000"):
        render_batch([])
    with pytest.raises(BatchSizeError, match="not 1001"):
        render_batch([made.swedish()] * 1001)


def test_a_logo_that_is_no_picture_is_refused_and_the_next_document_printed() -> None:
    with pytest.raises(UnprintableError, match="Check the logo"):
        render(made.swedish(look=Look(Logo(b"GIF89a", "1"))))
    assert len(reader(render(made.swedish())).pages) == 1


def test_a_colour_that_is_none_is_refused() -> None:
    with pytest.raises(LookError, match="#0b5c62"):
        Look(colour="red; evil")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"lines": ()}, "has no lines"),
        ({"due_date": None}, "when it falls due"),
        ({"kind": Kind.REMINDER}, "must name the invoice"),
        ({"kind": Kind.CREDIT_NOTE}, "must name the invoice"),
    ],
)
def test_a_document_that_lacks_what_it_must_show_is_refused(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(IncompleteDocumentError, match=sentence):
        made.swedish(**changes)


def test_a_preview_is_one_picture_a_page() -> None:
    assert [page[:8] for page in preview(thirty_lines(), ppi=20)] == [b"\x89PNG\r\n\x1a\n"] * 2
