"""What banks took for payments, and the currencies payments were changed from (camt: Chrgs and AmtDtls)."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from lxml.etree import _Element as Element

from bankfiles import camt_values as values
from bankfiles.camt_values import child, local, text
from bankfiles.errors import UnreadableAmount
from bankfiles.types import Charge, Exchange

_CHOICES = ("InstdAmt", "TxAmt", "CntrValAmt")


class Quoted(NamedTuple):
    """A rate of exchange as the bank wrote it: the price of one `unit` in the other currency."""

    rate: Decimal
    unit: str


def charges(element: Element) -> tuple[Charge, ...]:
    """The charges in a Chrgs: one itself in version 2, its Rcrd later, or only their total."""
    return tuple(charge for charge in _charges(element) if charge.amount)


def _charges(element: Element) -> Iterator[Charge]:
    records = [part for part in element.iterchildren() if local(part) == "Rcrd"]
    for record in records or [element]:
        found = child(record, "Amt")
        found = child(record, "TtlChrgsAndTaxAmt") if found is None else found
        if found is not None:
            amount, currency = values.amount(found)
            way, included = child(record, "CdtDbtInd"), child(record, "ChrgInclInd")
            sign = -1 if way is None else values.sign(way)
            yield Charge(-sign * amount, currency, None if included is None else values.truth(included))


def instructed(details: Element) -> tuple[int, str] | None:
    """InstdAmt of an AmtDtls: unsigned minor units and currency."""
    found = child(details, "InstdAmt", "Amt")
    return None if found is None else values.amount(found)


def quoted(details: Element) -> Quoted | None:
    """The first rate that an AmtDtls gives (CcyXchg)."""
    for choice in _CHOICES:
        found = child(details, choice, "CcyXchg", "XchgRate")
        if found is not None:
            unit = text(details, choice, "CcyXchg", "UnitCcy") or text(details, choice, "CcyXchg", "SrcCcy")
            return Quoted(_rate(found), unit)
    return None


def _rate(element: Element) -> Decimal:
    written = (element.text or "").strip()
    try:
        rate = Decimal(written)
    except InvalidOperation:
        rate = Decimal(0)
    if len(element) or not rate.is_finite() or rate <= 0:
        raise UnreadableAmount(values.place(element), '"{text}" is not a rate of exchange', text=written)
    return rate


def exchange(sent: tuple[int, str] | None, rate: Quoted | None, currency: str) -> Exchange | None:
    """What was exchanged for a payment in `currency`; None where it was sent in just that."""
    if sent is None or (sent[1] == currency and rate is None):
        return None
    return Exchange(*sent, *(rate or (None, None)))
