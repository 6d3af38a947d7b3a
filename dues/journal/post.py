"""Opens entries: the voucher number, the first open day, and the key that makes an event book once."""

import datetime as dt

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.groups.numbers import take_number
from dues.journal.models import Books, Entry

BOOKS_LOCK = 1262
"""First key of the advisory locks on books (see migrations/sql/triggers.sql); the second is the creditor."""


def open_day(session: Session, *, creditor_id: int, on: dt.date) -> dt.date:
    """Hold the creditor's books open until the transaction ends, and return the first open day from ``on``."""
    session.execute(
        text("SELECT pg_advisory_xact_lock_shared(:lock, :creditor)"), {"lock": BOOKS_LOCK, "creditor": creditor_id}
    )
    closed = session.scalar(select(Books.closed_through).where(Books.creditor_id == creditor_id))
    return on if closed is None or on > closed else closed + dt.timedelta(days=1)


def open_entry(
    session: Session,
    *,
    creditor_id: int,
    event: str,
    key: str,
    on: dt.date,
    by: Actor | str,
    number: int | None = None,
    run_id: int | None = None,
    reverses_id: int | None = None,
) -> Entry:
    """Write the voucher that postings of this transaction join; its day is the first open one from ``on``.

    ``number`` is given where a block was reserved. A ``key`` that was booked before is refused by the database.
    """
    entry = Entry(
        creditor_id=creditor_id,
        number=number or take_number(session, creditor_id=creditor_id, series="entry"),
        event=event,
        key=key,
        on_date=open_day(session, creditor_id=creditor_id, on=on),
        actor=str(by),
        run_id=run_id,
        reverses_id=reverses_id,
    )
    session.add(entry)
    session.flush()  # postings need the id
    return entry


def booked(session: Session, *, key: str) -> bool:
    """Tell whether an event was booked already."""
    return session.scalar(select(func.count()).select_from(Entry).where(Entry.key == key)) != 0
