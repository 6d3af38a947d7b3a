"""MT940 and MT942: the dialects of banks, what proves a statement, and a second reader's opinion."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import mt940 as second_reader
import pytest

from bankfiles import errors
from bankfiles.registry import detect
from bankfiles.types import Account, Payment, Reference
from tests.bankfiles.files import Told, told

if TYPE_CHECKING:
    from pathlib import Path

OWN = "NL91ABNA0417164300"
PAYER = Account("IBAN", "NL20INGB0001234567")


def statement(
    *entries: str, opening: str = "C260301EUR10,00", closing: str, account: str = OWN, before: str = ""
) -> bytes:
    """A statement of one page with entries written by hand."""
    lines = [":20:ST260302", f":25:{account}", ":28C:61/1", f":60F:{opening}", *entries, f":62F:{closing}", "-"]
    return (before + "\r\n".join(lines) + "\r\n").encode()


def one(entry: str, text: str = "", **more: str) -> Payment:
    """The one payment of a statement whose balance it raises from 10 to 35 euros."""
    lines = [entry, f":86:{text}"] if text else [entry]
    (payment,) = told(statement(*lines, closing="C260302EUR35,00", **more)).payments
    return payment


def report(*entries: str, totals: tuple[str, ...] = ()) -> bytes:
    """A report within the day."""
    head = (":20:R1", f":25:{OWN}", ":28C:61/1", ":34F:EURD0,", ":34F:EURC0,", ":13D:2603021030+0100")
    return "\r\n".join([*head, *entries, *totals, "-"]).encode()


def test_german_subfields_with_sepa_keys() -> None:
    payment = one(
        ":61:2603020302CR25,00NTRFNONREF//B123",
        "166?00GUTSCHR. UEBERWEISUNG?109251?20EREF+2026-MB-17?21SVWZ+Beitrag 2026 Mitgl\r\n"
        "ied?224711 Mueller?30BELADEBEXXX?31DE02120300000000202051?32ERIKA MUSTERM?33ANN",
    )
    assert (payment.amount, payment.booked_on, payment.bank_reference) == (2_500, date(2026, 3, 2), "B123")
    assert (payment.payer_name, payment.payer_account) == (
        "ERIKA MUSTERMANN",
        Account("IBAN", "DE02120300000000202051"),
    )
    assert (payment.text, payment.end_to_end_id) == ("Beitrag 2026 Mitglied4711 Mueller", "2026-MB-17")


def test_ing_code_words() -> None:
    text = f"/EREF/E1//CNTP/{PAYER.number}/INGBNL2A/J.Janssen///REMI/USTD//Lidmaatschap 4711/"
    payment = one(":61:2603020302C25,00NTRFEREF//00000000001005\r\n/TRCD/00100/", text)
    assert (payment.payer_name, payment.payer_account, payment.end_to_end_id) == ("J.Janssen", PAYER, "E1")
    assert (payment.text, payment.references) == ("Lidmaatschap 4711", ())


def test_a_dutch_reference_is_structured_where_the_bank_says_so() -> None:
    payment = one(":61:260302C25,00NTRF9001123412341234", "/REMI/STRD/CUR/9001123412341234/")
    assert payment.references == (Reference("9001123412341234"),)
    quoted = one(":61:260302C25,00NTRF9001123412341234", "acceptgiro")
    assert quoted.references == (Reference("9001123412341234", structured=False),)


def test_abn_amro_code_words() -> None:
    text = f"/TRTP/SEPA OVERBOEKING/IBAN/{PAYER.number}/BIC/INGBNL2A/NAME/J JANSS\r\nEN/REMI/LID 4711/EREF/NOTPROVIDED"
    payment = one(":61:2603020302C25,N654NONREF", text)
    assert (payment.payer_name, payment.payer_account, payment.text) == ("J JANSSEN", PAYER, "LID 4711")
    assert payment.end_to_end_id is None


@pytest.mark.parametrize("entry", ["NOVB", "NTRF"])
def test_asn_and_sns_have_the_account_for_a_reference(entry: str) -> None:
    payment = one(
        f":61:2603020302C25,00{entry}{PAYER.number}\r\nj janssen",
        f"{PAYER.number} j janssen\r\n\r\nLidmaatschap 4711",
    )
    assert (payment.payer_account, payment.payer_name, payment.text) == (PAYER, "j janssen", "Lidmaatschap 4711")


def test_free_text_stays_as_it_is() -> None:
    payment = one(":61:2603020302C25,00NTRFNONREF", "Medlemsavgift 4711\r\n Asa Berg ")
    assert (payment.text, payment.payer_name, payment.references) == ("Medlemsavgift 4711\nAsa Berg", "", ())


def test_marks_give_the_sign_and_the_kind() -> None:
    entries = (
        ":61:260302C10,NTRFX",
        ":61:260302D4,NTRFX",
        ":61:260302RC3,NTRFX",
        ":61:260302RD2,NTRFX",
        ":61:260302D1,NRTIX",
    )
    found = told(statement(*entries, closing="C260302EUR14,00"))
    assert [(payment.amount, payment.kind) for payment in found.payments] == [
        (1_000, "payment"),
        (-400, "other"),
        (-300, "return"),
        (200, "return"),
        (-100, "return"),
    ]


@pytest.mark.parametrize(
    ("details", "text", "charged"),
    [
        ("\r\n/OCMT/EUR21,50/CHGS/EUR3,50/", "", [350]),
        ("", "109?00RETOURE?20EREF+E1OAMT+21,50COAM+3,50", [350]),
        ("\r\n/OCMT/EUR21,50/CHGS/USD3,50/", "", []),  # another currency says nothing of this sum
        ("", "109?00RETOURE?20EREF+E1COAM+31,50", []),  # more than went back altogether
        ("", "109?00RETOURE?20EREF+E1COAM+3.50", []),
    ],
)
def test_what_the_bank_took_for_a_return_is_told(details: str, text: str, charged: list[int]) -> None:
    entry = f":61:260302RC25,00NRTINONREF{details}"
    lines = [entry, f":86:{text}"] if text else [entry]
    (payment,) = told(statement(*lines, opening="C260301EUR35,00", closing="C260302EUR10,00")).payments
    assert (payment.amount, payment.kind) == (-2_500, "return")
    assert [(one.amount, one.currency, one.included) for one in payment.charges] == [
        (one, "EUR", True) for one in charged
    ]


def test_fields_are_the_same_however_the_file_is_cut_into_blocks() -> None:
    """A text that goes on over the edge of what is read at once, also where its lines are empty or end it."""
    text = "\r\n".join(f"rad {at} " + "x" * 60 for at in range(150))
    entries = [part for at in range(40) for part in (f":61:260302C0,01NTRFX{at}", f":86:{text}\r\n\r\nslut {at}")]
    found = told(statement(*entries, opening="C260301EUR10,00", closing="C260302EUR10,40"))
    assert [payment.text.split("\n")[-1] for payment in found.payments] == [f"slut {at}" for at in range(40)]
    assert [payment.position for payment in found.payments] == [f"line {5 + at * 153}" for at in range(40)]
    with pytest.raises(errors.WrongRecord, match="the field from line 6 has no end"):
        told(statement(":61:260302C0,01NTRFX", f":86:{text}\r\n{text}", closing="C260302EUR10,01"))


def test_the_booking_day_is_in_the_year_nearest_to_the_value_day() -> None:
    assert one(":61:2512310102C25,00NTRFX").booked_on == date(2026, 1, 2)
    assert one(":61:2601021231C25,00NTRFX").booked_on == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("account", "before", "known"),
    [
        (f"{OWN} EUR", "", [Account("IBAN", OWN)]),
        (f"{OWN}EUR", "", [Account("IBAN", OWN)]),
        (
            "12030000/0000202051",
            "",
            [Account("OTHER", "120300000000202051"), Account("IBAN", "DE02120300000000202051")],
        ),
        ("417164300", "ABNANL2A\r\n940\r\nABNANL2A\r\n", [Account("OTHER", "417164300"), Account("IBAN", OWN)]),
        ("86011117947", "", [Account("OTHER", "86011117947"), Account("IBAN", "NO9386011117947")]),
    ],
)
def test_accounts_are_known_by_their_iban(account: str, before: str, known: list[Account]) -> None:
    (opened,) = told(statement(closing="C260302EUR10,00", account=account, before=before)).opened
    assert [opened.account, *opened.accounts] == known


def test_swift_blocks_around_a_message_are_no_part_of_it() -> None:
    data = (
        b"{1:F01INGBNL2ABXXX0000000000}{2:I940INGBNL2AXXXN}{4:\r\n" + statement(closing="C260302EUR10,00")[:-3] + b"-}"
    )
    assert detect(data).name == "MT940"
    assert told(data + b"\r\n" + data).closed[1].payments == 0


@pytest.mark.parametrize(
    ("data", "kind", "sentence"),
    [
        (statement(":61:260302C25,00NTRFX", closing="C260302EUR35,01"), errors.WrongTotal, "the entries give 35.00"),
        (statement(":61:260302C25,00NTRFX", closing="C260302SEK35,00"), errors.UnsupportedCurrency, "is in SEK"),
        (statement(":61:260302C2500NTRFX", closing="C260302EUR35,00"), errors.UnreadableAmount, 'line 5, :61:: "2500"'),
        (statement(":61:260302X25,00NTRFX", closing="C260302EUR35,00"), errors.WrongRecord, "line 5, :61:: the entry"),
        (
            statement(":61:261302C25,00NTRFX", closing="C260302EUR35,00"),
            errors.UnreadableDate,
            '"261302" is not a date',
        ),
        (statement(closing="C260302EUR10,00").replace(b":62F:", b"62F:"), errors.Truncated, "no closing balance (62F)"),
        (statement(closing="C260302EUR10,00").replace(b":60F:", b"60F:"), errors.WrongRecord, "no opening balance"),
        (statement(closing="C260302EUR10,00") + b":25:X\r\n", errors.WrongRecord, "none has begun (20)"),
        (report(":61:260302C25,00NTRFX"), errors.WrongTotal, "neither totals (90C, 90D) nor balances"),
        (report(":61:260302C25,00NTRFX", totals=(":90D:1EUR25,00",)), errors.WrongTotal, "says 0 credits of 0.00 EUR"),
        (report(":61:260302C25,00NTRFX", totals=(":90C:2EUR25,00",)), errors.WrongTotal, "says 2 credits of 25.00 EUR"),
    ],
)
def test_a_wrong_statement_is_refused_with_place_and_reason(data: bytes, kind: type[Exception], sentence: str) -> None:
    with pytest.raises(errors.BankFileError) as refusal:
        told(data)
    assert type(refusal.value) is kind
    assert sentence in str(refusal.value)


def test_a_report_and_its_statement_tell_the_same_payment() -> None:
    entry, text = ":61:2603020302C25,00NTRFX//B1", ":86:Lid 4711"
    early = told(report(entry, text, ":61:260302EC7,NTRFY", totals=(":90D:0EUR0,", ":90C:1EUR25,00")))
    late = told(statement(entry, text, closing="C260302EUR35,00"))
    assert (early.format, late.format) == ("MT942", "MT940")
    assert early.payments[0].key == late.payments[0].key
    assert early.opened[0].key != late.opened[0].key
    assert any("the day's statement tells again" in warning for warning in early.warnings)
    assert "entries that are not booked yet were left out: 1" in early.warnings


def test_identical_payments_both_count() -> None:
    entry = ":61:2603020302C25,00NTRFX"
    found = told(statement(entry, entry, closing="C260302EUR60,00"))
    assert len(found.payments) == 2
    assert found.payments[0].key == found.payments[1].key
    assert "|~" in found.payments[0].key  # the bank gave no number


SECOND_OPINION = [
    "oca-bsi-10.0_test-wrong-file.940",
    "wolph_betterplace_sepa_mt9401.sta",
    "wolph_jejik_rabobank-iban.sta",
    "wolph_mBank_mt940.sta",
]


@pytest.mark.parametrize("name", SECOND_OPINION)
def test_another_reader_finds_the_same_money(samples: Path, name: str) -> None:
    """The library mt-940 reads these. It joins the statements of a file, so that movements are compared, and takes a
    credit that was reversed (RC) for money that came, which the balances show to be wrong: hence without signs.
    """
    data = (samples / "mt940" / name).read_bytes()
    theirs = [
        (round(abs(entry.data["amount"].amount) * 100), entry.data["amount"].currency, entry.data["date"])
        for entry in second_reader.parse(data.decode("utf-8").strip("\x01\x03"))
    ]
    found: Told = told(data)
    assert [(abs(payment.amount), payment.currency, payment.value_on) for payment in found.payments] == theirs


def test_the_closing_balance_is_of_its_own_day() -> None:
    found = told(statement(":61:2603020302C25,00NTRFNONREF//B1", closing="C260303EUR35,00"))
    assert (found.closed[0].closing_balance, found.closed[0].closing_on) == (3_500, date(2026, 3, 3))
