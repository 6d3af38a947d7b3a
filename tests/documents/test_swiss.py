"""The Swiss QR-bill: what its code says, and where its parts stand on the sheet."""

from dataclasses import replace

import pytest

from documents import AccountKind, Line, Party, PaymentDetails, ReferenceKind, payload, preview, render, render_batch
from tests.documents.pictures import scanned
from tests.documents.places import places
from tests.documents.test_pages import text, texts, thirty_lines
from tests.factories.documents import swiss


def test_the_code_follows_the_standard_line_by_line_and_can_be_scanned() -> None:
    expected = [
        *("SPC", "0200", "1", "CH5800791123000889012"),
        *("S", "Turnverein Aarau", "Turnweg 4", "", "5000", "Aarau", "CH"),
        *[""] * 7,
        *("120.00", "CHF"),
        *("S", "Jürg Müller", "Dorfstrasse 5", "", "3012", "Bern", "CH"),
        *("SCOR", "RF18539007547034", "R-2026-77", "EPD"),
    ]
    assert (payload(swiss()) or "").split("\n") == expected
    (page,) = preview(swiss(), ppi=200)
    assert scanned(page) == ["\n".join(expected)]


def test_a_reference_of_another_kind_is_a_message() -> None:
    details = PaymentDetails("CH5800791123000889012", AccountKind.IBAN, "4711", ReferenceKind.TEXT)
    assert (payload(swiss(payment=details)) or "").split("\n")[-4:] == ["NON", "", "4711", "EPD"]


def test_an_address_that_cannot_be_read_is_left_to_be_filled_in_by_hand() -> None:
    document = swiss(recipient=Party("Jürg Müller", (), "CH"))
    assert (payload(document) or "").split("\n")[20:27] == [""] * 7
    assert "Zahlbar durch (Name/Adresse)" in text(document)


@pytest.mark.parametrize(
    ("account", "currency"),
    [("CH4431999123000889012", "CHF"), ("DE89370400440532013000", "CHF"), ("CH5800791123000889012", "USD")],
)
def test_what_the_bill_cannot_carry_is_paid_without_it(account: str, currency: str) -> None:
    details = PaymentDetails(account, AccountKind.IBAN, "RF18539007547034", ReferenceKind.RF)
    document = swiss(payment=details, currency=currency)
    assert payload(document) is None
    assert "Empfangsschein" not in text(document)


def test_both_parts_say_account_reference_payer_and_amount_at_the_foot_of_the_sheet() -> None:
    found = text(swiss())
    for words in ("CH58 0079 1123 0008 8901 2", "RF18 5390 0754 7034", "120.00", "Turnverein Aarau"):
        assert found.count(words) >= 2
    heights = {words: 297 - y for words, _, y in places(render(swiss()))}
    for words in ("Empfangsschein", "Zahlteil", "Annahmestelle"):
        assert 0 < heights[words] < 105
    assert heights["Zu zahlen"] > 105


def test_the_bill_is_tagged_for_screen_readers_like_every_document() -> None:
    assert b"pdfuaid:part" in render(swiss())


def test_of_several_pages_only_the_last_has_the_bill() -> None:
    lines = tuple(Line(f"Beitrag {number}", 100) for number in range(40))
    *others, last = texts(swiss(lines=lines))
    assert others
    assert ["Empfangsschein" in page for page in others] == [False] * len(others)
    assert "Empfangsschein" in last
    assert f"Seite {len(others) + 1} von {len(others) + 1}" in last


def test_bills_and_others_are_printed_together() -> None:
    batch = render_batch([swiss(), thirty_lines(), replace(swiss(), number="R-2026-78")])
    assert [len(pages) for pages in batch.pages] == [1, 2, 1]
