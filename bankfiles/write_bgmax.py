"""Writing BgMax files."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import BinaryIO

from bankfiles.types import Reference
from bankfiles.write import Deposit, Incoming

_BATCH = 4096


def write_bgmax(stream: BinaryIO, deposits: Iterable[Deposit], *, created: datetime, test: bool = False) -> None:
    """Writes BgMax 01 in ISO-8859-1 with CRLF, streaming; the deposits' accounts are bankgiro numbers.

    Texts are cut into records of 50 characters; what ISO-8859-1 cannot write becomes "?". A deposit whose deductions
    exceed its payments raises ValueError: Bankgirot carries such a rest over to the next day.
    """
    counts = dict.fromkeys(("20", "21", "22", "15"), 0)
    pending: list[str] = []
    for line in _lines(deposits, counts, created, test=test):
        pending.append(line)
        if len(pending) >= _BATCH:
            _flush(stream, pending)
    _flush(stream, pending)


def _flush(stream: BinaryIO, pending: list[str]) -> None:
    stream.write("".join([f"{line:80}\r\n" for line in pending]).encode("iso-8859-1", "replace"))
    pending.clear()


def _lines(deposits: Iterable[Deposit], counts: dict[str, int], created: datetime, *, test: bool) -> Iterator[str]:
    yield f"01{'BGMAX':20}01{created:%Y%m%d%H%M%S%f}{'T' if test else 'P'}"
    for deposit in deposits:
        yield f"05{deposit.account.number:0>10}{'':10}{deposit.currency}"
        total, count = 0, 0
        for payment in deposit.payments:
            total += payment.amount
            count += 1
            counts["20" if payment.amount >= 0 else "21"] += 1
            yield from _payment(payment, counts)
        if total < 0:
            raise ValueError("the deductions of a BgMax deposit may not exceed its payments")
        counts["15"] += 1
        yield f"15{0:035}{deposit.booked_on:%Y%m%d}{deposit.number:05}{total:018}{deposit.currency}{count:08}"
    yield f"70{counts['20']:08}{counts['21']:08}{counts['22']:08}{counts['15']:08}"


def _payment(payment: Incoming, counts: dict[str, int]) -> Iterator[str]:
    payer = payment.payer_account.number if payment.payer_account else "0"
    serial = payment.bank_reference.rjust(12, "0") if payment.bank_reference else " " * 12
    first, more = _split(payment.references)
    code = "20" if payment.amount >= 0 else "21"
    end = f"2{serial}0{'' if code == '20' else '0'}"
    yield f"{code}{payer:0>10}{_reference(first)[:25]}{abs(payment.amount):018}{_reference(first)[25]}{end}"
    for reference in more:
        counts["22"] += 1
        part = reference.amount or 0
        code = "22" if (part < 0) == (payment.amount < 0) or not part else "23"
        yield f"{code}{payer:0>10}{_reference(reference)[:25]}{abs(part):018}{_reference(reference)[25]}{end[:14]}"
    for line in payment.text.splitlines():
        for start in range(0, len(line), 50):
            yield f"25{line[start : start + 50]}"
    if payment.payer_name:
        yield f"26{payment.payer_name[:70]}"


def _split(references: tuple[Reference, ...]) -> tuple[Reference | None, tuple[Reference, ...]]:
    """The reference of the payment's own record and the further ones; with parts agreed, all of them are further."""
    if not references or any(reference.amount is not None for reference in references):
        return None, references
    return references[0], references[1:]


def _reference(reference: Reference | None) -> str:
    """25 columns of reference and its code: 2 for a correct OCR number, at the right; 3 for free text, at the left."""
    if reference is None:
        return f"{'':25}0"
    return f"{reference.value:>25.25}2" if reference.structured else f"{reference.value:25.25}3"
