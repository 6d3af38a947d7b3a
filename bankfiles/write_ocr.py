"""Writing OCR giro files as Nets sends them."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import BinaryIO

from bankfiles.nets_assignment import Totals
from bankfiles.write import Deposit, Incoming

_BATCH = 4096
_KID = 25
_TEXT = 40


def write_ocr(stream: BinaryIO, deposits: Iterable[Deposit], *, transmission: int, customer: int = 10200) -> None:
    """Writes one transmission in ISO-8859-1 with CRLF, streaming; the deposits' accounts are Norwegian (BBAN).

    A payment has at most one reference, its KID. One without is a card payment with text, the only kind that has one;
    what ISO-8859-1 cannot write becomes "?". Negative payments are reversals; a deposit in which they exceed the
    payments raises ValueError, because the end record has no sign.
    """
    pending: list[str] = []
    for line in _lines(deposits, transmission, customer):
        pending.append(line)
        if len(pending) >= _BATCH:
            _flush(stream, pending)
    _flush(stream, pending)


def _flush(stream: BinaryIO, pending: list[str]) -> None:
    stream.write("".join([f"{line}\r\n" for line in pending]).encode("iso-8859-1", "replace"))
    pending.clear()


def _lines(deposits: Iterable[Deposit], transmission: int, customer: int) -> Iterator[str]:
    yield f"NY00001000008080{transmission:07}{customer:08}{0:049}"
    whole, last = Totals(records=2), None
    for deposit in deposits:
        last = deposit.booked_on
        yield f"NY090020{customer:09}{deposit.number:07}{deposit.account.number:0>11}{0:045}"
        totals = Totals(records=2)
        for number, payment in enumerate(deposit.payments, 1):
            lines = list(_payment(payment, number, deposit.booked_on))
            totals.add(Totals(1, len(lines), payment.amount))
            yield from lines
        if totals.amount < 0:
            raise ValueError("the reversals of an OCR giro assignment may not exceed its payments")
        whole.add(totals)
        yield f"NY090088{_totals(totals)}{_day(last) * 3}{0:021}"
    yield f"NY000089{_totals(whole)}{_day(last) if last else '0' * 6}{0:033}"


def _payment(payment: Incoming, number: int, day: date) -> Iterator[str]:
    kid = payment.references[0].value if payment.references else ""
    kind = _kind(payment)
    sign = "-" if payment.amount < 0 else "0"
    payer = payment.payer_account.number if payment.payer_account else ""
    yield f"NY09{kind}30{number:07}{_day(day)}{0:010}{sign}{abs(payment.amount):017}{kid:>{_KID}.{_KID}}{0:06}"
    yield f"NY09{kind}31{number:07}{number:010}{payment.bank_reference:0>9}{0:07}{_day(day)}{payer:0>11}{0:022}"
    for line in payment.text.splitlines():
        for start in range(0, len(line), _TEXT):
            yield f"NY09{kind}32{number:07}{line[start : start + _TEXT]:{_TEXT}}{0:025}"


def _kind(payment: Incoming) -> str:
    """Type 10 is a giro, 18 and 20 reverse a payment by card with KID and with text, which 21 is."""
    if payment.text:
        return "20" if payment.amount < 0 else "21"
    return "18" if payment.amount < 0 else "10"


def _day(day: date) -> str:
    return f"{day:%d%m%y}"


def _totals(totals: Totals) -> str:
    return f"{totals.transactions:08}{totals.records:08}{totals.amount:017}"
