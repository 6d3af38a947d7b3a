"""Writing MT940 statements in the German structure of field 86."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import BinaryIO

from bankfiles.currencies import decimal_text
from bankfiles.write import Deposit, Incoming

_PURPOSE = ("20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "60", "61", "62", "63")
_WIDTH = 27
_LINE = 65
_PAID, _RETURNED, _SENT = "166", "109", "116"


def write_mt940(stream: BinaryIO, deposits: Iterable[Deposit], *, opening: int = 0) -> None:
    """Writes a statement for each deposit, in ISO-8859-1 with CRLF; `opening` is the balance before the first.

    References are written as end-to-end ids and mandates (EREF+, MREF+), the text behind SVWZ+. Payments with a reason
    of return are reversals. What does not fit the 14 subfields of 27 characters is lost, as banks lose it.
    """
    balance = opening
    for deposit in deposits:
        stream.write(_bytes(_head(deposit, balance)))
        for payment in deposit.payments:
            balance += payment.amount
            stream.write(_bytes(_entry(payment, deposit)))
        stream.write(_bytes((f":62F:{_balance(balance, deposit)}", "-")))


def _bytes(lines: Iterable[str]) -> bytes:
    return "".join([f"{line}\r\n" for line in lines]).encode("iso-8859-1", "replace")


def _head(deposit: Deposit, balance: int) -> Iterator[str]:
    yield ":20:STATEMENT"
    yield f":25:{deposit.account.number}"
    yield f":28C:{deposit.number:05}/001"
    yield f":60F:{_balance(balance, deposit)}"


def _balance(amount: int, deposit: Deposit) -> str:
    mark = "D" if amount < 0 else "C"
    return f"{mark}{_day(deposit.booked_on)}{deposit.currency}{_amount(amount, deposit.currency)}"


def _entry(payment: Incoming, deposit: Deposit) -> Iterator[str]:
    returned = bool(payment.return_reason)
    mark = ("RD" if returned else "C") if payment.amount >= 0 else ("RC" if returned else "D")
    day = _day(deposit.booked_on)
    bank = f"//{payment.bank_reference}" if payment.bank_reference else ""
    amount = _amount(payment.amount, deposit.currency)
    yield f":61:{day}{day[2:]}{mark}{amount}N{'RTI' if returned else 'TRF'}NONREF{bank}"
    code = _RETURNED if returned else _PAID if payment.amount >= 0 else _SENT
    text = f":86:{code}?00{'RETURN' if returned else 'TRANSFER'}{''.join(_subfields(payment))}"
    for start in range(0, len(text), _LINE):
        yield text[start : start + _LINE]


def _subfields(payment: Incoming) -> Iterator[str]:
    """The purpose in pieces of 27 characters, then the other side."""
    purpose = "".join(
        f"{name}+{value.replace('?', ' ')}"
        for name, value in (
            ("EREF", payment.end_to_end_id),
            ("MREF", payment.mandate_id),
            ("SVWZ", " ".join([*(reference.value for reference in payment.references), payment.text]).strip()),
        )
        if value
    )
    for number, start in zip(_PURPOSE, range(0, len(purpose), _WIDTH), strict=False):
        yield f"?{number}{purpose[start : start + _WIDTH]}"
    if payment.payer_account:
        yield f"?31{payment.payer_account.number}"
    name = payment.payer_name.replace("?", " ")
    for number, start in zip(("32", "33"), range(0, len(name), _WIDTH), strict=False):
        yield f"?{number}{name[start : start + _WIDTH]}"


def _day(day: date) -> str:
    return f"{day:%y%m%d}"


def _amount(amount: int, currency: str) -> str:
    whole, _, decimals = decimal_text(abs(amount), currency).partition(".")
    return f"{whole},{decimals}"
