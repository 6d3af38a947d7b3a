"""Reads the rows of an invoice run for people: who would be, or was, invoiced for what; and who not, and why."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.folding import folded
from dues.invoicing.models import FrozenText, InvoiceItem, ItemState
from dues.pricing.models import PriceClassLine

NAMESAKES: Final = 200
"""Persons that a search looks at; whoever is not among them writes more of the name."""
_LONGEST_NUMBER: Final = 18
"""Digits that fit a key of the database."""

FREE: Final = "free"
"""Why a row gets no invoice that costs nothing: its period is reserved and covered without one."""

AS_IT_SHOULD_BE: Final = frozenset(
    {
        "deceased",
        "first invoice unpaid",
        "zero amount",
        FREE,
        "already invoiced",
        "no member any more",
        "taken in before",
    }
)
"""Reasons for leaving somebody out that nobody has to mend."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a run; ``amount`` is in minor units of ``currency``.

    ``payer`` is empty where members pay for themselves. ``since`` says that the membership has been charged since the
    preview, by this run or another; the invoice is there once it is written. ``parts`` says in how many it is paid.
    Where the invoice charges other rows, too, these are ``beside``. Rows of one ``slip_seq`` are delivered as one slip.
    """

    seq: int
    state: str
    reason: str | None
    class_number: int
    period_from: dt.date
    period_to: dt.date
    amount: int
    currency: str | None
    channel: str | None
    member_id: int
    member_uuid: UUID
    member: str
    payer_uuid: UUID
    payer: str
    group_id: int
    group_uuid: UUID
    group: str
    type_names: dict[str, str]
    since: bool
    invoice_uuid: UUID | None
    number: int | None
    parts: int = 1
    joint_seq: int | None = None
    slip_seq: int | None = None
    beside: tuple["Row", ...] = ()

    @property
    def total(self) -> int:
        """What the whole invoice asks for."""
        return self.amount + sum(one.amount for one in self.beside)

    @property
    def charged(self) -> tuple["Row", ...]:
        """All rows of the invoice, in its order."""
        return (self, *self.beside)


@dataclass(frozen=True, slots=True)
class Part:
    """A line of an invoice: the component's names, and minor units of the invoice's currency."""

    names: dict[str, str]
    amount: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are asked for: those left out (of a reason), those of a group, or somebody's by name or number.

    ``each`` asks for the rows of joint invoices one by one; otherwise their first one stands for all.
    """

    left_out: bool = False
    reason: str = ""
    group_id: int | None = None
    text: str = ""
    each: bool = False


def rows(session: Session, *, run_id: int, wanted: Wanted, after: int, limit: int) -> list[Row]:
    """Return the rows behind the row ``after``, in their order, each with those that are charged beside it."""
    found = some(session, run_id=run_id, seqs=_wanted(session, run_id, wanted, after, limit))
    return found if wanted.each else _with_others(session, run_id, found)


def _wanted(session: Session, run_id: int, wanted: Wanted, after: int, limit: int) -> list[int]:
    values = {
        "run": run_id,
        "after": after,
        "size": limit,
        "left_out": wanted.left_out,
        "reason": wanted.reason,
        "each": wanted.each or wanted.left_out,
    }
    if wanted.text:
        values |= {"key": folded(wanted.text), "number": as_number(wanted.text), "most": NAMESAKES}
        return _seqs(session, "found_rows", values)
    if wanted.group_id is not None:
        return _seqs(session, "group_rows", {**values, "group": wanted.group_id})
    return _plain(session, run_id, wanted, after, limit)


def _with_others(session: Session, run_id: int, found: list[Row]) -> list[Row]:
    heads = {row.seq for row in found if row.joint_seq == row.seq}
    if not heads:
        return found
    rest = select(InvoiceItem.seq).where(
        InvoiceItem.run_id == run_id, InvoiceItem.joint_seq.in_(heads), InvoiceItem.seq.not_in(heads)
    )
    others: defaultdict[int, list[Row]] = defaultdict(list)
    for row in some(session, run_id=run_id, seqs=list(session.scalars(rest))):
        others[row.joint_seq or row.seq].append(row)
    return [replace(row, beside=tuple(others[row.seq])) if row.seq in heads else row for row in found]


def _seqs(session: Session, name: str, values: dict[str, Any]) -> list[int]:
    return list(session.scalars(statement(f"dues/invoicing/sql/{name}.sql"), values))


def _plain(session: Session, run_id: int, wanted: Wanted, after: int, limit: int) -> list[int]:
    state = InvoiceItem.state != ItemState.READY if wanted.left_out else InvoiceItem.state == ItemState.READY
    found = select(InvoiceItem.seq).where(InvoiceItem.run_id == run_id, InvoiceItem.seq > after, state)
    if not wanted.each and not wanted.left_out:
        found = found.where(or_(InvoiceItem.joint_seq.is_(None), InvoiceItem.joint_seq == InvoiceItem.seq))
    if wanted.reason:
        found = found.where(InvoiceItem.reason == wanted.reason)
    return list(session.scalars(found.order_by(InvoiceItem.seq).limit(limit)))


def to_mend(session: Session, *, run_id: int, limit: int) -> list[Row]:
    """Return the first rows that were left out for a reason that somebody can do something about."""
    left = (InvoiceItem.state != ItemState.READY) & InvoiceItem.reason.not_in(AS_IT_SHOULD_BE)
    wanted = select(InvoiceItem.seq).where(InvoiceItem.run_id == run_id, left).order_by(InvoiceItem.seq).limit(limit)
    return some(session, run_id=run_id, seqs=list(session.scalars(wanted)))


def some(session: Session, *, run_id: int, seqs: Collection[int]) -> list[Row]:
    """Return rows by their places, in their order; places that are empty are missing."""
    if not seqs:
        return []
    found = session.execute(statement("dues/invoicing/sql/rows.sql"), {"run": run_id, "ids": list(seqs)})
    return [Row(**row) for row in found.mappings()]


def parts(session: Session, *, run_id: int, classes: Iterable[int]) -> dict[int, list[Part]]:
    """Return the lines of some price classes of a run, in their order."""
    wanted = (
        select(PriceClassLine.class_number, FrozenText.content["component"], PriceClassLine.amount)
        .join(FrozenText, FrozenText.id == PriceClassLine.text_id)
        .where(PriceClassLine.run_id == run_id, PriceClassLine.class_number.in_(set(classes)))
        .order_by(PriceClassLine.class_number, PriceClassLine.position)
    )
    found: defaultdict[int, list[Part]] = defaultdict(list)
    for number, names, amount in session.execute(wanted):
        found[number].append(Part(names, amount))
    return dict(found)


def as_number(text: str) -> int | None:
    """Return the number that was written, with or without blanks; None for anything else."""
    digits = "".join(text.split())
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_NUMBER else None
