"""Tries a rule on payments of the past: what it would have found, what was done with them, and where the two disagree.

It only reads: what it makes are temporary tables that go with the transaction.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from dues.payments import match_find
from dues.payments.match_models import Doubt, Rule
from dues.payments.models import PaymentDay

MOST: Final = 5000
"""Payments that are looked at in one go."""


class Done(StrEnum):
    """What was done with a payment, compared with what a rule would have done."""

    OTHER = "other"
    KEPT = "kept"
    WAITS = "waits"
    SAME = "same"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Tried:
    """A payment in which a rule found something; ``amount`` in minor units of ``currency``.

    ``certain`` says that it would have been booked for the invoice, ``numbers`` name the invoices that it was used for.
    """

    payment_id: int
    booked_on: dt.date
    payer_name: str
    amount: int
    currency: str
    invoice: UUID
    number: str
    name: str
    certain: bool
    doubt: Doubt | None
    done: Done
    numbers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying a rule on the ``payments`` of some days; ``last`` is where the next stretch begins, or None.

    ``hits`` name payments first on which the rule and what was done disagree.
    """

    rule: Rule
    payments: int
    hits: Sequence[Tried]
    last: int | None

    @property
    def certain(self) -> int:
        """How many payments would have been booked."""
        return len({one.payment_id for one in self.hits if one.certain})

    @property
    def counts(self) -> Counter[Done]:
        """How many payments would have been booked, by what was done with them."""
        return Counter({one.payment_id: one.done for one in reversed(self.hits) if one.certain}.values())


def try_rule(
    session: Session,
    *,
    creditor_id: int,
    rule: Rule,
    first: dt.date,
    until: dt.date,
    after: int = 0,
    most: int = MOST,
) -> Trial:
    """Try a rule on a creditor's payments booked on some days, at most ``most`` beyond the payment ``after``."""
    match_find.lay_out(session)
    match_find.run(session, "past", creditor=creditor_id, from_day=first, until=until, after=after, most=most)
    seen = session.execute(text("SELECT count(*), max(payment_id) FROM match_waiting")).one()
    match_find.find(session, creditor_id=creditor_id, rules=[rule], then=match_find.Then(until))
    hits = [_tried(row) for row in match_find.run(session, "tried")]
    session.execute(text("DROP TABLE " + ", ".join(f"match_{name}" for name in match_find.TABLES)))
    places = {done: place for place, done in enumerate(Done)}
    hits.sort(key=lambda one: (not one.certain, places[one.done], one.payment_id))
    return Trial(rule, seen[0], hits, seen[1] if seen[0] == most else None)


def _tried(row: Row[tuple[object, ...]]) -> Tried:
    if row.claim_id in row.claims:
        done = Done.SAME
    elif row.claims:
        done = Done.OTHER
    elif row.kept:
        done = Done.KEPT
    else:
        done = Done.WAITS if row.waits else Done.NOTHING
    return Tried(
        payment_id=row.payment_id,
        booked_on=row.booked_on,
        payer_name=row.payer_name,
        amount=row.amount,
        currency=row.currency,
        invoice=row.invoice,
        number=row.number,
        name=row.name,
        certain=row.certain,
        doubt=None if row.doubt is None else Doubt(row.doubt),
        done=done,
        numbers=tuple(row.numbers),
    )


def who_received(session: Session, *, first: dt.date, until: dt.date) -> list[int]:
    """Return the creditors to whom money came on some days."""
    wanted = select(PaymentDay.creditor_id).where(PaymentDay.booked_on.between(first, until)).distinct()
    return list(session.scalars(wanted.order_by(PaymentDay.creditor_id)))
