"""Single values of payment status reports (ISO 20022 pain.002): statuses, reasons, counts and control sums."""

from decimal import Decimal, InvalidOperation
from typing import Final

from lxml.etree import _Element as Element

from bankfiles import camt_values as values
from bankfiles.camt_values import PREFIX, local, text
from bankfiles.errors import UnreadableAmount, WrongRecord
from bankfiles.types import Fate, Reason

# ISO 20022 external code sets ExternalPaymentTransactionStatus1Code and ExternalPaymentGroupStatus1Code.
FATES: Final[dict[str, Fate]] = {
    "ACCC": "settled",
    "ACCP": "accepted",
    "ACFC": "accepted",
    "ACIS": "accepted",
    "ACPD": "accepted",
    "ACSC": "settled",
    "ACSP": "accepted",
    "ACTC": "accepted",
    "ACWC": "accepted",
    "ACWP": "accepted",
    "BLCK": "pending",
    "CANC": "cancelled",
    "CPUC": "settled",
    "PART": "part",
    "PATC": "part",
    "PDNG": "pending",
    "PRES": "pending",
    "RCVD": "pending",
    "RJCT": "rejected",
}
_DIGITS = 18


def status(element: Element | None) -> str | None:
    """A status, None without one; what is not in ISO's lists is refused: nobody may guess what became of an order."""
    if element is None:
        return None
    found = (element.text or "").strip()
    if found not in FATES:
        raise WrongRecord(values.place(element), 'the status "{status}" is not known', status=found)
    return found


def reasons(element: Element) -> tuple[Reason, ...]:
    """The StsRsnInf within an element: Rsn with Cd or Prtry, and the lines of AddtlInf."""
    found = []
    for part in element.iterchildren():
        if local(part) == "StsRsnInf":
            reason = values.child(part, "Rsn")
            code = text(next(iter(reason), None)) if reason is not None else ""
            words = [(line.text or "").strip() for line in part.iterchildren() if local(line) == "AddtlInf"]
            found.append(Reason(code, " ".join(words)))
    return tuple(found)


def counted(element: Element, name: str) -> int | None:
    """A number of transactions, None where it is not given."""
    found = values.child(element, name)
    return None if found is None else values.count(found)


def control_sum(element: Element, name: str = "OrgnlCtrlSum") -> Decimal | None:
    """A sum over amounts of whatever currency, None where it is not given."""
    found = values.child(element, name)
    if found is None:
        return None
    written = (found.text or "").strip()
    plain = written.replace(".", "", 1)
    if len(found) or not (plain.isascii() and plain.isdigit()) or len(plain) > _DIGITS:
        raise UnreadableAmount(values.place(found), '"{text}" is not a sum', text=written)
    try:
        return Decimal(written)
    except InvalidOperation:
        raise UnreadableAmount(values.place(found), '"{text}" is not a sum', text=written) from None


def per_status(element: Element) -> dict[str, tuple[int, Decimal | None]]:
    """NbOfTxsPerSts: how many orders have each status, and what they add up to, where the report says so."""
    found = {}
    for part in element.iterchildren():
        if part.tag[PREFIX:] == "NbOfTxsPerSts":
            code, number = status(values.child(part, "DtldSts")), counted(part, "DtldNbOfTxs")
            if code is None or number is None:
                raise WrongRecord(values.place(part), "a count of orders has no status or no number")
            found[code] = number, control_sum(part, "DtldCtrlSum")
    return found
