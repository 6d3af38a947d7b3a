"""Closes the books through a day: what is on it or before stays as it is."""

import datetime as dt

from sqlalchemy import func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.groups.models import Creditor
from dues.journal.errors import CloseAheadError, CloseBackwardsError
from dues.journal.models import Books, BooksClosed, Entry, Posting
from dues.journal.post import BOOKS_LOCK


def close(session: Session, *, through: dt.date, today: dt.date, by: Actor) -> dt.date:
    """Close every creditor's books through a day before today; return the day.

    Waits for postings under way and keeps new ones out until it is done. Raises CloseAheadError for a day that has
    not ended and CloseBackwardsError where books are closed further already; closing the same day again does nothing.
    """
    if through >= today:
        raise CloseAheadError(today)
    for creditor_id in session.scalars(select(Creditor.id).order_by(Creditor.id)).all():
        _close(session, creditor_id, through, by)
    return through


def _close(session: Session, creditor_id: int, through: dt.date, by: Actor) -> None:
    session.execute(
        text("SELECT pg_advisory_xact_lock(:lock, :creditor)"), {"lock": BOOKS_LOCK, "creditor": creditor_id}
    )
    closed = session.scalar(select(Books.closed_through).where(Books.creditor_id == creditor_id))
    if closed is not None and closed > through:
        raise CloseBackwardsError(closed)
    if closed == through:
        return
    held = select(
        func.count(func.distinct(Entry.id)), func.count(Posting.id), func.coalesce(func.sum(Posting.amount), 0)
    )
    counted = session.execute(
        held.select_from(Entry)
        .outerjoin(Posting, Posting.entry_id == Entry.id)
        .where(Entry.creditor_id == creditor_id, Entry.on_date <= through)
    ).one()
    session.execute(
        insert(BooksClosed).values(
            creditor_id=creditor_id,
            through=through,
            entries=counted[0],
            postings=counted[1],
            amount=counted[2],
            actor=str(by),
        )
    )
    books = upsert(Books).values(creditor_id=creditor_id, closed_through=through)
    session.execute(books.on_conflict_do_update(index_elements=["creditor_id"], set_={"closed_through": through}))
