"""BgMax, record by record: what is read, what is told, what is refused."""

from __future__ import annotations

import pytest

from bankfiles import errors
from bankfiles.types import Account, Reference
from bankfiles.write import Incoming
from tests.bankfiles.files import BANKGIRO, PAID_ON, bgmax, bgmax_lines, told

START = "01BGMAX               0120260302073015000250P"
OPEN = "050009912346          SEK"


def pay(amount: int, *, kind: str = "20", reference: str = "", code: str = "0", serial: str = "000000000123") -> str:
    return f"{kind}0003783511{reference:25.25}{amount:018}{code}2{serial:12}0{'0' if kind == '21' else ''}"


def deposit(amount: int, count: int, *, currency: str = "SEK", day: str = "20260302") -> str:
    return f"15{'0' * 19}5841000010098232{day}00007{amount:018}{currency}{count:08}"


def end(payments: int, deductions: int = 0, references: int = 0, deposits: int = 1) -> str:
    return f"70{payments:08}{deductions:08}{references:08}{deposits:08}"


def section(*payments: str, amount: int, count: int) -> tuple[str, ...]:
    return (OPEN, *payments, deposit(amount, count))


def file(*payments: str, amount: int, count: int = 1, references: int = 0, deductions: int = 0) -> bytes:
    closing = end(count - deductions, deductions, references)
    return bgmax_lines(START, *section(*payments, amount=amount, count=count), closing)


def test_a_section_is_known_by_bankgiro_year_and_number() -> None:
    found = told(file(pay(100), amount=100))
    (opened,) = found.opened
    assert opened.key == "BgMax|9912346|2026|7"
    assert opened.account == BANKGIRO
    assert (opened.currency, opened.created, opened.statement_number, opened.test) == ("SEK", PAID_ON, "7", False)
    assert opened.accounts == (Account("OTHER", "584110098232"),)


def test_a_payment_is_known_by_bankgiro_serial_number_and_day() -> None:
    (payment,) = told(file(pay(100), amount=100)).payments
    assert (payment.key, payment.bank_reference) == ("BgMax|9912346|000000000123|2026-03-02", "000000000123")
    assert (payment.position, payment.booked_on) == ("line 3", PAID_ON)
    assert (payment.payer_account, payment.receiver_account) == (Account("BGNR", "3783511"), BANKGIRO)


def test_payments_without_serial_number_are_known_by_their_place() -> None:
    blank = pay(100, serial="")[:57]
    found = told(file(blank, blank, pay(100, serial="000000000000"), amount=300, count=3))
    assert [payment.key for payment in found.payments] == [f"BgMax|9912346|2026|7|{ordinal}" for ordinal in (1, 2, 3)]
    assert found.amounts == [(100, "SEK")] * 3


@pytest.mark.parametrize(("code", "structured"), [("2", True), ("4", True), ("3", False), ("5", False)])
def test_only_references_the_bank_has_checked_are_structured(code: str, structured: bool) -> None:  # noqa: FBT001 - a case
    (payment,) = told(file(pay(100, reference="12344", code=code), amount=100)).payments
    assert payment.references == (Reference("12344", None, structured),)


def test_parts_are_told_only_when_they_add_up() -> None:
    first, second = pay(60, kind="22", reference="11", code="4"), pay(40, kind="22", reference="22", code="4")
    (agreed,) = told(file(pay(100), first, second, amount=100, references=2)).payments
    assert agreed.references == (Reference("11", 60), Reference("22", 40))
    (open_,) = told(file(pay(110), first, second, amount=110, references=2)).payments
    assert open_.references == (Reference("11"), Reference("22"))
    assert open_.amount == 110


def test_a_text_that_overflows_its_field_is_told_in_one_piece() -> None:
    reference = "faktura 145948 kund nr 88"
    (payment,) = told(file(pay(100, reference=reference, code="3"), "2549", amount=100)).payments
    assert payment.text == "faktura 145948 kund nr 8849"
    long = "25" + "x" * 50
    (payment,) = told(file(pay(100), long, "25yy", "25zz", amount=100)).payments
    assert payment.text == "x" * 50 + "yy\nzz"


def test_a_test_file_says_so() -> None:
    assert told(bgmax(Incoming(100), test=True)).opened[0].test


def test_line_ends_and_lost_blanks_change_nothing_but_the_notices() -> None:
    data = file(pay(100, reference="1", code="3"), "26Åsa Öberg", amount=100)
    plain = told(data)
    bare = b"\n".join(line.rstrip() for line in data.split(b"\r\n"))
    for changed in (data.replace(b"\r\n", b"\n"), data.replace(b"\r\n", b"\r"), bare, data + b"\r\n\r\n\x1a"):
        found = told(changed)
        assert (found.payments, found.opened, found.closed) == (plain.payments, plain.opened, plain.closed)
    assert plain.warnings == []
    assert "line 1: the line is shorter than 80 characters and was padded with blanks" in told(bare).warnings


def test_a_million_short_lines_are_five_notices_and_a_count() -> None:
    data = file(*[pay(1)] * 40, amount=40, count=40)
    warnings = told(b"\n".join(line.rstrip() for line in data.split(b"\r\n"))).warnings
    assert len(warnings) == 6
    assert warnings[-1] == "39 more like: the line is shorter than 80 characters and was padded with blanks"


def test_a_file_converted_to_utf_8_keeps_its_columns() -> None:
    data = file(pay(100, reference="åäö 12", code="3"), "26Åsa Öberg", amount=100)
    for encoded in (data, data.decode("iso-8859-1").encode()):
        (payment,) = told(encoded).payments
        assert (payment.references[0].value, payment.payer_name) == ("åäö 12", "Åsa Öberg")


def test_unknown_records_are_told_and_left_out() -> None:
    found = told(file(pay(100), "30something new", amount=100))
    assert found.warnings == ['line 4: records of type "30" are not known and were left out']
    assert found.amounts == [(100, "SEK")]


def test_a_tab_in_a_text_is_a_blank() -> None:
    found = told(file(pay(100), "25ref\t12", amount=100))
    assert found.payments[0].text == "ref 12"
    assert found.warnings[0] == "line 4: the line has TAB characters: 25ref<TAB>12"


def test_a_second_deposit_in_euro_is_a_section_of_its_own() -> None:
    euro = (OPEN.replace("SEK", "EUR"), pay(5), deposit(5, 1, currency="EUR"))
    found = told(bgmax_lines(START, *section(pay(100), amount=100, count=1), *euro, end(2, deposits=2)))
    assert found.amounts == [(100, "SEK"), (5, "EUR")]
    assert [closed.amount for closed in found.closed] == [100, 5]


REFUSALS = [
    (file(pay(100), amount=101), errors.WrongTotal, "line 4: the deposit says 1.01 SEK, its payments add up to 1.00"),
    (file(pay(100), amount=100, count=5), errors.WrongTotal, "line 4: the deposit says 5 payments, the file has 1"),
    (file(pay(100), amount=100, references=1), errors.WrongTotal, "line 5: the end record says 1 further references"),
    (file(pay(100, kind="21"), amount=0, deductions=1), errors.WrongTotal, "its payments add up to -1.00"),
    (
        bgmax_lines(START, *section(pay(1), amount=1, count=1)),
        errors.Truncated,
        "line 4: the file ends without its end",
    ),
    (bgmax_lines(START, OPEN, pay(1)), errors.Truncated, "line 2: no deposit record (15) follows"),
    (
        bgmax_lines(START, OPEN, pay(1), OPEN, deposit(1, 1)),
        errors.WrongRecord,
        "line 4: a section begins, but the one",
    ),
    (bgmax_lines(START, pay(1), end(1)), errors.WrongRecord, "line 2: the record belongs in a section"),
    (bgmax_lines(START, OPEN, "26Name", deposit(0, 0)), errors.WrongRecord, "line 3: the record belongs to a payment"),
    (bgmax_lines(START, START), errors.WrongRecord, "line 2: a second file begins here"),
    (
        bgmax_lines(START, end(0, deposits=0), OPEN),
        errors.WrongRecord,
        "line 3: there is something after the end record",
    ),
    (file(f"{pay(100)[:50]} {pay(100)[51:]}", amount=100), errors.UnreadableAmount, "line 3: columns 38-55 should be"),
    (file(pay(100)[:50], amount=100), errors.UnreadableAmount, "line 3: columns 38-55 should be the amount"),
    (file(pay(100) + " " * 20 + "x" * 20, amount=100), errors.WrongRecord, "characters instead of 80"),
    (file(pay(100).replace(" ", "\t", 1), amount=100), errors.WrongRecord, "TAB characters have shifted the columns"),
    (file(pay(100) + "\0", amount=100), errors.WrongRecord, "line 3: a control character (code 0)"),
    (bgmax_lines(START, OPEN.replace("SEK", "NOK")), errors.UnsupportedCurrency, 'BgMax has no currency "NOK"'),
    (
        bgmax_lines(START, OPEN, pay(1), deposit(1, 1, currency="EUR"), end(1)),
        errors.UnsupportedCurrency,
        "line 4: the deposit is in EUR, its section in SEK",
    ),
    (
        bgmax_lines(START, OPEN, pay(1), deposit(1, 1, day="10100324")),
        errors.UnreadableDate,
        '"10100324" is not a date',
    ),
    (
        bgmax_lines(START, OPEN, pay(1), deposit(1, 1, day="20260230")),
        errors.UnreadableDate,
        '"20260230" is not a date',
    ),
    (bgmax_lines(START.replace("250P", "250X"), OPEN), errors.WrongRecord, "column 45 should be T or P"),
    (START.encode() + b"x" * 10_000, errors.WrongRecord, "line 1: the line has more than 4096 characters"),
]


@pytest.mark.parametrize(("data", "kind", "sentence"), REFUSALS)
def test_refusals_say_where_and_why(data: bytes, kind: type[errors.BankFileError], sentence: str) -> None:
    with pytest.raises(errors.BankFileError) as refusal:
        told(data)
    assert sentence in str(refusal.value)
    assert type(refusal.value) is kind
