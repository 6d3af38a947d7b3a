"""Books a settlement in the books of the group that it was settled with, too: due from whoever collected it."""

from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.groups.models import Creditor
from dues.journal.chart import open_sharing
from dues.journal.models import Event, Posting
from dues.journal.post import open_entry
from dues.journal.rules import posting_rules
from dues.settling.models import Settlement

EVENT: Final = "share"
"""What the journal calls the entry of a group whose share was settled."""

MOST: Final = 100
"""Settlements taken in at once; the next ones follow in the next sweep."""


def take_in_settlements(session: Session, *, by: Actor) -> int:
    """Book what was settled with groups in their own books, where they keep any; return how many settlements.

    Who settles may have no say in the group's books: therefore it is done by itself, a moment later. Each is booked on
    the day on which it was settled, or the first that is open since then. One that somebody else takes in at this
    moment is passed over.
    """
    waiting = (
        select(Settlement)
        .where(Settlement.receiver_id.is_not(None), Settlement.received_id.is_(None))
        .order_by(Settlement.id)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )
    found = session.scalars(waiting).all()
    for one in found:
        _take_in(session, one, receiver=session.get_one(Creditor, one.receiver_id), by=by)
    return len(found)


def _take_in(session: Session, one: Settlement, *, receiver: Creditor, by: Actor) -> None:
    currency = None if one.currency == receiver.currency else one.currency
    open_sharing(session, creditor=receiver, currency=currency)
    rules = posting_rules(session, event=Event.SHARE, creditors=[receiver.id], currency=currency)
    debit, credit = rules.require(receiver.id)
    entry = open_entry(session, creditor_id=receiver.id, event=EVENT, key=f"share:{one.id}", on=one.on_date, by=by)
    session.execute(
        insert(Posting).values(
            entry_id=entry.id,
            debit_account_id=debit,
            credit_account_id=credit,
            amount=one.amount,
            currency=one.currency,
            on_date=entry.on_date,
            value_date=one.through,
        )
    )
    one.received_id = entry.id
    session.flush()
