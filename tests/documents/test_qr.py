import pytest

from documents import AccountKind, InvoiceDocument, PayloadError, ReferenceKind, payload, preview
from documents.qr import epc, swish
from tests.documents.pictures import scanned
from tests.factories import documents as made


def test_a_sepa_code_follows_the_standard_line_by_line() -> None:
    lines = epc(
        name="Turnverein Waldhausen",
        iban="DE89 3704 0044 0532 0130 00",
        minor=12000,
        bic="COBADEFFXXX",
        reference="RF18539007547034",
    ).split("\n")
    assert lines == [
        *("BCD", "002", "1", "SCT", "COBADEFFXXX", "Turnverein Waldhausen", "DE89370400440532013000"),
        *("EUR120.00", "", "RF18539007547034"),
    ]


def test_a_text_stands_in_the_field_after_the_structured_reference() -> None:
    lines = epc(name="Club", iban="NL91ABNA0417164300", minor=5, text="5678901234567890").split("\n")
    assert lines[4:] == ["", "Club", "NL91ABNA0417164300", "EUR0.05", "", "", "5678901234567890"]


def test_a_name_is_cut_and_can_not_smuggle_in_a_line() -> None:
    lines = epc(name="Club\nNL00EVIL\n" + "x" * 80, iban="NL91ABNA0417164300", minor=100).split("\n")
    assert lines[5].startswith("Club NL00EVIL xxx")
    assert len(lines[5]) == 70
    assert lines[6] == "NL91ABNA0417164300"


@pytest.mark.parametrize(
    "changes",
    [{"minor": 0}, {"minor": -1}, {"minor": 100_000_000_000}, {"text": "å" * 140}, {"reference": "RF18", "text": "x"}],
)
def test_what_the_sepa_code_can_not_carry_is_refused(changes: dict[str, object]) -> None:
    payment = {"name": "ö" * 70, "iban": "DE89370400440532013000", "minor": 100} | changes
    with pytest.raises(PayloadError):
        epc(**payment)  # type: ignore[arg-type]  # a table of cases


def test_a_swish_code_locks_payee_amount_and_message() -> None:
    assert swish(number="123 123 45 67", minor=30050, message="1234567897") == "C1231234567;300,50;1234567897;0"
    assert swish(number="1231234567", minor=5, message="Å;1 & 2") == "C1231234567;0,05;%C3%85%3B1%20%26%202;0"


def test_where_more_may_be_paid_the_amount_is_the_payers() -> None:
    assert swish(number="1231234567", minor=5, message="1", more=True) == "C1231234567;0,05;1;2"
    lines = epc(name="Club", iban="NL91ABNA0417164300", minor=None, text="56").split("\n")
    assert lines[6:] == ["NL91ABNA0417164300", "", "", "", "56"]
    inviting, said = made.german(fund="Hall"), made.german()
    assert [str(payload(one)).split("\n")[7] for one in (inviting, said)] == ["", "EUR120.00"]
    scanned(preview(inviting, 150)[0])


def test_a_swish_code_over_nothing_is_refused() -> None:
    with pytest.raises(PayloadError, match="over zero"):
        swish(number="1231234567", minor=0, message="")


def without_code() -> list[InvoiceDocument]:
    paid = made.swedish(paid=150050)
    no_swish = made.swedish(currency="EUR")
    return [made.norwegian(), made.credit_note(), paid, no_swish, made.german(payment=None), made.dutch(currency="SEK")]


@pytest.mark.parametrize("document", without_code())
def test_where_no_code_fits_there_is_none(document: InvoiceDocument) -> None:
    assert payload(document) is None


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (made.swedish(), "C1231234567;1500,50;1234567897;0"),
        (
            made.german(),
            (
                "BCD\n002\n1\nSCT\nCOBADEFFXXX\nTurnverein Waldhausen 1889 e. V.\nDE89370400440532013000\n"
                "EUR120.00\n\nRF18539007547034"
            ),
        ),
        (
            made.dutch(paid=1600),
            "BCD\n002\n1\nSCT\nABNANL2A\nRoeivereniging De Amstel\nNL91ABNA0417164300\nEUR200.00\n\n\n5678901234567890",
        ),
    ],
)
def test_the_code_on_the_page_scans_to_the_payment(document: InvoiceDocument, expected: str) -> None:
    (page,) = preview(document, ppi=100)
    assert scanned(page) == [expected]
    assert payload(document) == expected


def test_a_payee_of_other_letters_scans_too() -> None:
    document = made.german(sender=made.CHOIR)
    (page,) = preview(document, ppi=100)
    assert "\nKörförbundet Klang\n" in scanned(page)[0]


def test_the_longest_sepa_code_still_scans() -> None:
    payment = made.german().payment
    assert payment is not None
    long = made.german(
        payment=type(payment)(
            "DE89370400440532013000",
            AccountKind.IBAN,
            "Mitgliedsbeitrag 2026 " * 6,
            ReferenceKind.TEXT,
            bic="COBADEFFXXX",
            payee="Verein " * 10,
        )
    )
    (page,) = preview(long, ppi=110)
    assert scanned(page) == [payload(long)]
