"""Reads the rows of a reminder run for people: who would be, or was, reminded of what; and who not, and why."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.collection.models import ReminderItem, ReminderItemState
from dues.folding import folded
from dues.invoicing.items import NAMESAKES, Wanted, as_number


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """One row of a reminder run; ``amount`` is what was open, in minor units of ``currency``."""

    seq: int
    state: str
    reason: str | None
    level: int
    amount: int
    currency: str
    channel: str | None
    person_id: int
    person_uuid: UUID
    person: str
    invoice_uuid: UUID
    number: str
    due_on: dt.date


def reminder_rows(session: Session, *, run_id: int, wanted: Wanted, after: int, limit: int) -> list[ReminderRow]:
    """Return the rows behind the row ``after``, in their order; a group makes no difference here."""
    if not wanted.text:
        return _some(session, run_id, _plain(session, run_id, wanted, after, limit))
    values = {
        "run": run_id,
        "after": after,
        "size": limit,
        "left_out": wanted.left_out,
        "reason": wanted.reason,
        "key": folded(wanted.text),
        "number": as_number(wanted.text),
        "most": NAMESAKES,
    }
    return _some(session, run_id, list(session.scalars(statement("dues/collection/sql/found_rows.sql"), values)))


def _plain(session: Session, run_id: int, wanted: Wanted, after: int, limit: int) -> list[int]:
    ready = ReminderItemState.READY
    state = ReminderItem.state != ready if wanted.left_out else ReminderItem.state == ready
    found = select(ReminderItem.seq).where(ReminderItem.run_id == run_id, ReminderItem.seq > after, state)
    if wanted.reason:
        found = found.where(ReminderItem.reason == wanted.reason)
    return list(session.scalars(found.order_by(ReminderItem.seq).limit(limit)))


def _some(session: Session, run_id: int, seqs: Collection[int]) -> list[ReminderRow]:
    if not seqs:
        return []
    found = session.execute(statement("dues/collection/sql/rows.sql"), {"run": run_id, "ids": list(seqs)})
    return [ReminderRow(**row) for row in found.mappings()]
