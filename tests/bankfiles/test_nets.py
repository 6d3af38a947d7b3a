"""OCR giro from Nets: what the payers meant, and every kind of file that must not be used."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bankfiles import errors
from bankfiles.registry import detect
from bankfiles.types import Account, Reference
from bankfiles.write import Incoming
from tests.bankfiles.files import BBAN, ocr, told

if TYPE_CHECKING:
    from pathlib import Path

FILE = ocr(
    Incoming(10_050, "123", (Reference("0123456782"),), payer_account=Account("BBAN", "99990512341")),
    Incoming(-50, "124", (Reference("12345-"),)),
    Incoming(80, text="Tusen takk"),
)


def line(number: int, data: bytes = FILE) -> bytes:
    """A line of the file, from 1, without its end."""
    return data.splitlines()[number - 1]


def changed(number: int, column: int, by: bytes) -> bytes:
    """The file with other bytes from a column of a line on, both from 1."""
    lines = FILE.splitlines()
    old = lines[number - 1]
    lines[number - 1] = old[: column - 1] + by + old[column - 1 + len(by) :]
    return b"\r\n".join(lines)


def without(number: int) -> bytes:
    """The file less one line."""
    lines = FILE.splitlines()
    return b"\r\n".join(lines[: number - 1] + lines[number:])


def test_payments_come_with_kid_sign_payer_and_text() -> None:
    found = told(FILE)
    assert detect(FILE).name == "OCR giro"
    first, second, third = found.payments
    assert (first.amount, first.kind, first.currency) == (10_050, "payment", "NOK")
    assert first.references == (Reference("0123456782"),)  # its zero belongs to it
    assert (first.payer_account, first.bank_reference) == (("BBAN", "99990512341"), "000000123")
    assert (first.booked_on, first.position) == (date(2026, 3, 2), "line 3")
    assert (second.amount, second.kind, second.references) == (-50, "return", (Reference("12345-"),))
    assert (third.references, third.text) == ((), "Tusen takk")
    assert found.closed[0].amount == 10_080


def test_the_account_is_known_by_its_iban_too() -> None:
    (opened,) = told(FILE).opened
    assert (opened.account, opened.accounts) == (BBAN, (Account("IBAN", "NO9386011117947"),))


def test_keys_tell_transmission_assignment_and_transaction_of_a_day() -> None:
    first, second = told(FILE).payments[:2]
    assert (first.key, second.key) == (
        "Nets|86011117947|170|1|2026-03-02|0000001",
        "Nets|86011117947|170|1|2026-03-02|0000002",
    )
    later = told(ocr(Incoming(10_050, "123"), day=date(2027, 3, 2))).payments[0]
    assert later.key != first.key


def test_line_ends_and_blank_lines_change_nothing() -> None:
    found = told(FILE.replace(b"\r\n", b"\n") + b"\n \n")
    assert found.amounts == told(FILE).amounts
    assert found.warnings == ["blank lines left out: 2"]


def test_a_text_may_have_lost_its_blanks() -> None:
    short = FILE.replace(line(9), line(9)[:25])
    found = told(short)
    assert found.payments[2].text == "Tusen takk"
    assert found.warnings == ["line 9: the line is shorter than 80 characters and was padded with blanks"]


@pytest.mark.parametrize(
    ("data", "kind", "sentence"),
    [
        (without(11), errors.Truncated, "line 10: the file ends without its end record (89)"),
        (without(10), errors.Truncated, "line 2: no end record (88) follows"),
        (without(2), errors.WrongRecord, "line 2: the record belongs in an assignment, but none has begun"),
        (without(3), errors.WrongRecord, "line 3: the record (31) does not belong"),
        (without(4), errors.WrongRecord, "line 4: the payment before has no second record (31)"),
        (without(9), errors.WrongTotal, "line 9: the end of the assignment says 9 records, there are 8"),
        (changed(10, 16, b"4"), errors.WrongTotal, "the end of the assignment says 4 transactions, there are 3"),
        (changed(11, 24, b"2"), errors.WrongTotal, "the end of the file says 12 records, there are 11"),
        (
            changed(11, 41, b"1"),
            errors.WrongTotal,
            "the end of the file says 100.81 NOK, its payments add up to 100.80",
        ),
        (changed(3, 49, b"1"), errors.WrongTotal, "says 100.80 NOK, its payments add up to 100.81"),
        (changed(5, 32, b"0"), errors.WrongTotal, "says 100.80 NOK, its payments add up to 101.80"),
        (changed(3, 32, b"-"), errors.WrongTotal, "add up to -100.20"),
        (changed(3, 32, b"+"), errors.WrongRecord, 'line 3: column 32 should be "-" or "0", but is "+"'),
        (changed(3, 40, b"O"), errors.UnreadableAmount, "columns 33-49 should be the amount"),
        (changed(3, 18, b"13"), errors.UnreadableDate, 'line 3: "021326" is not a date'),
        (changed(3, 5, b"99"), errors.WrongRecord, 'transactions of type "99" are not known'),
        (changed(4, 15, b"7"), errors.WrongRecord, "line 4: the record (31) does not belong to the payment"),
        (changed(2, 3, b"21"), errors.WrongRecord, "a record of service 09 stands in an assignment of service 21"),
        (changed(1, 1, b"NX"), errors.UnknownFormat, 'begins with "NX'),
        (FILE + FILE, errors.WrongRecord, "line 12: there is something after the end record (89)"),
        (FILE.replace(line(3), line(3)[:79]), errors.WrongRecord, "line 3: the line has 79 characters instead of 80"),
    ],
)
def test_a_wrong_file_is_refused_with_place_and_reason(data: bytes, kind: type[Exception], sentence: str) -> None:
    with pytest.raises(errors.BankFileError) as refusal:
        told(data)
    assert type(refusal.value) is kind
    assert sentence in str(refusal.value)


def test_reversals_above_the_payments_are_refused_and_never_written() -> None:
    with pytest.raises(ValueError, match="may not exceed its payments"):
        ocr(Incoming(100), Incoming(-300))


def test_mandates_in_the_same_file_are_left_out(samples: Path) -> None:
    mandates = (samples / "nets/otovo_avtalegiro_agreements.txt").read_bytes().splitlines()[1:-1]
    lines = FILE.splitlines()
    end = lines[-1]
    both = b"%s%08d%08d%s" % (end[:8], 3 + 16, 11 + len(mandates), end[24:])
    found = told(b"\n".join([*lines[:-1], *mandates, both]))
    assert found.amounts == told(FILE).amounts
    assert found.warnings == [
        f"line {len(lines)}: an assignment of AvtaleGiro mandates was left out; it holds no payments"
    ]


def test_the_specimen_of_nets_tells_its_kids_and_a_text(samples: Path) -> None:
    found = told((samples / "nets/otovo_ocr_giro_transactions.txt").read_bytes())
    assert [payment.references[0].value for payment in found.payments[:2]] == ["0000531", "0036633"]
    assert found.payments[0].text == "Foo bar baz"
    assert found.payments[-1].payer_account == ("BBAN", "99991011125")
    assert (found.opened[0].statement_number, found.closed[0].payments) == ("170031/2", 20)
