"""An employer's list: one payment for many members, compared with what each owes, and shared out as one decision."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import Actor
from dues.invoicing.cover import cover, uncover
from dues.journal.models import Event
from dues.journal.post import open_entry
from dues.patience import patiently
from dues.payments.aside_models import DeductionLine
from dues.payments.decide import Decision
from dues.payments.errors import (
    CaseMovedError,
    ClaimEndedError,
    NothingLeftError,
    TooMuchError,
    UnknownAllocationError,
)
from dues.payments.models import Payment
from dues.payments.moved import last_move
from dues.payments.transfer import credit_account, held_payment, reopen_case, use_up, waiting

MOST: Final = 20_000
"""Lines of one list."""


class Finding(StrEnum):
    """How what a list says of somebody differs from what they owe."""

    UNKNOWN = "unknown"
    MISSING = "missing"
    NOTHING_OWED = "owes nothing"
    TOO_LITTLE = "too little"
    TOO_MUCH = "too much"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was read: whom it names, how it calls them, and how much in minor units."""

    number: str
    called: str
    amount: int


@dataclass(frozen=True, slots=True)
class Told:
    """What a list says of one person beside what they owe; minor units. ``person`` is None where nobody is meant."""

    finding: Finding
    number: str
    called: str
    amount: int
    open_amount: int
    person: uuid.UUID | None
    name: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A list compared: how many persons and how much for each finding, and the first of those that deviate."""

    people: Mapping[Finding, int]
    sums: Mapping[Finding, int]
    deviating: Sequence[Told]

    @property
    def listed(self) -> int:
        """What all lines add up to, in minor units."""
        return sum(self.sums.values())

    @property
    def placed(self) -> int:
        """What can be booked: all but what names nobody."""
        return self.listed - self.sums.get(Finding.UNKNOWN, 0)

    @property
    def known(self) -> int:
        """How many persons get something."""
        return sum(count for finding, count in self.people.items() if finding not in _NOBODY)


_NOBODY: Final = frozenset({Finding.UNKNOWN, Finding.MISSING})


def keep_lines(session: Session, *, payment_id: int, lines: Sequence[Line]) -> None:
    """Keep the list of a payment in the place of an earlier one, and find whom its lines mean."""
    creditor_id = session.get_one(Payment, payment_id).creditor_id
    session.execute(delete(DeductionLine).where(DeductionLine.payment_id == payment_id))
    rows = [
        {
            "payment_id": payment_id,
            "position": place,
            "creditor_id": creditor_id,
            "number": line.number,
            "called": line.called,
            "amount": line.amount,
        }
        for place, line in enumerate(lines, start=1)
    ]
    session.execute(insert(DeductionLine), rows)
    session.execute(statement("dues/payments/sql/deduction_known.sql"), {"payment": payment_id})


def has_lines(session: Session, *, payment_id: int) -> bool:
    """Tell whether a payment has a list."""
    wanted = select(func.count()).select_from(DeductionLine).where(DeductionLine.payment_id == payment_id)
    return bool(session.scalar(wanted))


def compared(session: Session, *, payment_id: int, shown: int, only: Finding | None = None, after: int = 0) -> Compared:
    """Compare a payment's list with what everybody on it owes, in one statement; ``shown`` rows of each deviation.

    With ``only`` they are those of one finding (also of the exact ones), beyond its first ``after``.
    """
    payment = session.get_one(Payment, payment_id)
    values = {"payment": payment_id, "creditor": payment.creditor_id, "currency": payment.currency}
    people: dict[Finding, int] = {}
    sums: dict[Finding, int] = {}
    deviating = []
    for row in session.execute(statement("dues/payments/sql/deduction_people.sql"), values):
        finding = Finding(row.finding)
        people[finding], sums[finding] = row.people, int(row.sum)
        wanted = finding is only if only else finding is not Finding.EXACT
        if wanted and after < row.nth <= after + shown:
            told = (row.number, row.called, row.amount, row.open_amount, row.person, row.name or "")
            deviating.append(Told(finding, *told))
    return Compared(people, sums, deviating)


def book_list(session: Session, *, payment_id: int, seen: int | None, on: dt.date, by: Actor) -> Decision:
    """Share a payment out as its list says; what names nobody waits on.

    Raises CaseMovedError, NothingLeftError, TooMuchError where the list is more than what is left, and BusyError.
    """
    return patiently(session, lambda: _booked(session, payment_id, seen, on=on, by=by))


def _booked(session: Session, payment_id: int, seen: int | None, *, on: dt.date, by: Actor) -> Decision:
    payment = held_payment(session, payment_id)
    if seen is not None and last_move(session, payment_id=payment_id) != seen:
        raise CaseMovedError(payment_id)
    case = waiting(session, payment)
    wanted = select(func.coalesce(func.sum(DeductionLine.amount), 0)).where(
        DeductionLine.payment_id == payment_id, DeductionLine.person_id.is_not(None), DeductionLine.amount > 0
    )
    placed = int(session.scalar(wanted) or 0)
    if not placed:
        raise NothingLeftError(payment_id)
    if placed > case.unallocated:
        raise TooMuchError(placed, case.unallocated, 0)
    values = _values(session, payment, event="deduction list", on=on, by=by)
    session.execute(statement("dues/payments/sql/deduction_hold.sql"), values)
    done = session.execute(statement("dues/payments/sql/deduction_book.sql"), values).one()
    if done.invoices:
        cover(session, invoices=done.invoices, on=on, by=by)
    told = {"wrote_from": done.first, "wrote_to": done.last, "first": payment_id, "last": payment_id}
    session.execute(statement("dues/payments/sql/list_receipts.sql"), told)
    use_up(case, int(done.amount), by=by)
    session.flush()
    return Decision(payment_id, done.first, done.last, int(done.amount))


def undo_list(session: Session, *, payment_id: int, first: int, last: int, on: dt.date, by: Actor) -> int:
    """Take back what a list shared out, as a whole; return how many allocations that were.

    Raises UnknownAllocationError where nothing of it holds, ClaimEndedError where an invoice or a credit has changed
    since so that its part cannot come back, and BusyError; nothing is changed then.
    """
    return patiently(session, lambda: _undone(session, payment_id, first, last, on=on, by=by))


def _undone(session: Session, payment_id: int, first: int, last: int, *, on: dt.date, by: Actor) -> int:
    payment = held_payment(session, payment_id)
    values = _values(session, payment, event="allocation taken back", on=on, by=by)
    session.execute(statement("dues/payments/sql/deduction_hold_back.sql"), {**values, "first": first, "last": last})
    stretch = {**values, "first": first, "last": last}
    done = session.execute(statement("dues/payments/sql/deduction_back.sql"), stretch).one()
    if done.stuck:
        raise ClaimEndedError(0, "changed since")
    if not done.taken:
        raise UnknownAllocationError(first)
    if done.invoices:
        uncover(session, invoices=done.invoices)
    reopen_case(session, payment=payment, amount=int(done.amount), claim_id=None)
    session.flush()
    return int(done.taken)


def _values(session: Session, payment: Payment, *, event: str, on: dt.date, by: Actor) -> dict[str, Any]:
    """Open the voucher, and return what the statements ask for."""
    entry = open_entry(session, creditor_id=payment.creditor_id, event=event, key=f"list:{uuid.uuid4()}", on=on, by=by)
    accounts = {
        name: credit_account(session, creditor_id=payment.creditor_id, event=which, currency=payment.currency)
        for name, which in (
            ("unidentified", Event.UNIDENTIFIED),
            ("receivable", Event.PAYMENT),
            ("account", Event.CREDIT),
        )
    }
    return {
        "payment": payment.id,
        "creditor": payment.creditor_id,
        "currency": payment.currency,
        "entry": entry.id,
        "books_on": entry.on_date,
        "day": payment.value_on,
        "on": on,
        "actor": str(by),
        **accounts,
    }
