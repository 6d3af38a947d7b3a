"""One booked sum on an account (Ntry), as far as it is told before its transactions."""

from dataclasses import dataclass, field
from datetime import date
from typing import TypedDict

from lxml.etree import _Element as Element

from bankfiles import camt_values as values
from bankfiles.camt_batch import Batch
from bankfiles.camt_charges import Quoted, charges, instructed, quoted
from bankfiles.camt_statement import Statement
from bankfiles.camt_transaction import Transaction
from bankfiles.camt_values import text
from bankfiles.errors import WrongRecord
from bankfiles.keys import key
from bankfiles.types import Charge

_NOT_BOOKED = {"PDNG", "INFO", "FUTR"}


class _Changed(TypedDict, total=False):
    charges: tuple[Charge, ...]
    sent: tuple[int, str] | None
    rate: Quoted | None


@dataclass(slots=True)
class Entry:
    """An Ntry while its transactions are read.

    `amount` is signed; `key_start` begins the keys of its payments; `count` counts transactions; `held` are those not
    yet told. `unsplit` is the number of transactions a batch has without listing them. `streaming` says, for entries
    too large to be held, whether the transactions are told one by one; it is None for others. `told` is the sum of the
    payments told.
    """

    statement: Statement
    number: int
    position: str
    amount: int
    sign: int
    currency: str
    status: str
    booked_on: date
    value_on: date | None
    bank_reference: str | None
    reversal: bool
    subfamily: str
    charges: tuple[Charge, ...] = ()
    sent: tuple[int, str] | None = None
    rate: Quoted | None = None
    count: int = 0
    held: list[Transaction] = field(default_factory=list)
    batch: Batch | None = None
    unsplit: int = 0
    key_start: str = ""
    streaming: bool | None = None
    told: int = 0
    additional: str = ""

    @property
    def booked(self) -> bool:
        """Whether the money has moved; other entries are announcements."""
        return self.status == "BOOK"


def read_entry(element: Element, statement: Statement) -> Entry:
    """The entry's own values. The currency must be the statement's."""
    parts = values.children(element)
    number = statement.entries + 1
    position = f"{values.place(element)} {number}"
    amount, currency, sign = money(element, parts)
    statement.take_currency(currency, position)
    value_on = values.day(parts.get("ValDt"))
    booked_on = values.day(parts.get("BookgDt")) or value_on or statement.created
    if booked_on is None:
        raise WrongRecord(position, "the entry has no booking date")
    return Entry(
        statement=statement,
        number=number,
        key_start=key("camt", statement.account.number, booked_on),
        position=position,
        amount=amount * sign,
        sign=sign,
        currency=currency,
        status=status(element, parts),
        booked_on=booked_on,
        value_on=value_on,
        bank_reference=text(parts.get("AcctSvcrRef")) or None,
        reversal=values.truth(parts.get("RvslInd")),
        subfamily=values.subfamily(parts.get("BkTxCd")),
        **_changed(element, parts),
    )


def _changed(element: Element, parts: dict[str, Element]) -> _Changed:
    """Charges and exchange, where the entry itself tells of them: it does for its only transaction."""
    found: _Changed = {}
    if "Chrgs" in parts:
        found["charges"] = tuple(
            charge for part in element.iterchildren() if values.local(part) == "Chrgs" for charge in charges(part)
        )
    if (details := parts.get("AmtDtls")) is not None:
        found["sent"], found["rate"] = instructed(details), quoted(details)
    return found


def money(element: Element, parts: dict[str, Element]) -> tuple[int, str, int]:
    """Amount (unsigned minor units), currency and sign of an Ntry."""
    if "Amt" not in parts or "CdtDbtInd" not in parts:
        raise WrongRecord(values.place(element), "the entry has no amount or no CdtDbtInd before its details")
    amount, currency = values.amount(parts["Amt"])
    return amount, currency, values.sign(parts["CdtDbtInd"])


def status(element: Element, parts: dict[str, Element]) -> str:
    """Sts, with its code nested from version 8 on. What is neither booked nor known to be unbooked is refused."""
    found = text(parts.get("Sts"), "Cd") or text(parts.get("Sts"))
    if found != "BOOK" and found not in _NOT_BOOKED:
        raise WrongRecord(values.place(element), 'the status "{status}" is not known', status=found)
    return found
