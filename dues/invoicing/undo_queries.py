"""Reads of undoings: which runs are undone or being undone, and their rows as people read them."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.folding import folded
from dues.groups.below import at_or_below
from dues.groups.models import Creditor
from dues.invoicing.items import NAMESAKES, Wanted, as_number
from dues.invoicing.queries import Outlook
from dues.invoicing.undo_models import UndoItem, UndoItemState
from dues.journal.models import Books
from dues.runs.models import Run, RunSlice, RunState

_OVER: Final = (RunState.DONE, RunState.DISCARDED)


@dataclass(frozen=True, slots=True)
class UndoRow:
    """One row of an undoing; ``amount`` is what is credited, in minor units of ``currency``.

    ``channel`` is by which way the payer hears of it, or "none". The note is there once it is written.
    """

    seq: int
    state: str
    reason: str | None
    amount: int
    currency: str
    channel: str
    payer_id: int
    payer_uuid: UUID
    payer: str
    group: str
    invoice_uuid: UUID
    number: str
    note_uuid: UUID | None
    note_number: int | None


def undoing_under_way(session: Session, *, run_id: int) -> Run | None:
    """Return the undoing of a run that has not come to its end."""
    wanted = select(Run).where(Run.undoes_id == run_id, Run.state.not_in(_OVER))
    return session.scalars(wanted.order_by(Run.id.desc()).limit(1)).first()


def undoings(session: Session, *, runs: Collection[int]) -> dict[int, Run]:
    """Return of some runs the undoing begun last that was not put aside, by the run that it undoes."""
    wanted = select(Run).where(Run.undoes_id.in_(runs), Run.state != RunState.DISCARDED).order_by(Run.id)
    return {run.undoes_id: run for run in session.scalars(wanted) if run.undoes_id is not None} if runs else {}


def in_books_below(session: Session, *, run_id: int, path: str) -> bool:
    """Tell whether all that a run issued or credits is claimed by creditors of a group or below it, by its path."""
    elsewhere = select(RunSlice.first).where(
        RunSlice.run_id == run_id,
        RunSlice.creditor_id.not_in(select(Creditor.id).where(at_or_below(Creditor.group_id, path))),
    )
    return not path or session.scalar(elsewhere.limit(1)) is None


def books_open_from(session: Session, *, run_id: int, on: dt.date) -> dt.date | None:
    """Return the day on which crediting on a day is booked where books are closed by then; None where none are."""
    creditors = select(RunSlice.creditor_id).where(RunSlice.run_id == run_id)
    closed = select(func.max(Books.closed_through)).where(Books.creditor_id.in_(creditors), Books.closed_through >= on)
    found = session.scalar(closed)
    return None if found is None else found + dt.timedelta(days=1)


def undo_outlook(session: Session, *, run_id: int) -> Outlook:
    """Sum up what an undoing has credited, or its preview would credit, and what it leaves alone."""
    rows = session.execute(
        select(UndoItem.state, UndoItem.currency, UndoItem.reason, func.count(), func.sum(UndoItem.amount))
        .where(UndoItem.run_id == run_id)
        .group_by(UndoItem.state, UndoItem.currency, UndoItem.reason)
        .order_by(UndoItem.currency, UndoItem.reason)
    ).all()
    credited = [(currency, count, int(amount)) for state, currency, _, count, amount in rows if state == "ready"]
    alone: dict[str, int] = {}
    for state, _, reason, count, _ in rows:
        if state != "ready":
            alone[reason or ""] = alone.get(reason or "", 0) + count
    return Outlook(sum(count for _, count, _ in credited), {code: amount for code, _, amount in credited}, alone)


def undo_rows(session: Session, *, run_id: int, wanted: Wanted, after: int, limit: int) -> list[UndoRow]:
    """Return the rows behind the row ``after``, in their order."""
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
    return _some(session, run_id, list(session.scalars(statement("dues/invoicing/sql/undo_found.sql"), values)))


def _plain(session: Session, run_id: int, wanted: Wanted, after: int, limit: int) -> list[int]:
    ready = UndoItemState.READY
    state = UndoItem.state != ready if wanted.left_out else UndoItem.state == ready
    found = select(UndoItem.seq).where(UndoItem.run_id == run_id, UndoItem.seq > after, state)
    if wanted.reason:
        found = found.where(UndoItem.reason == wanted.reason)
    if wanted.group_id is not None:
        found = found.where(UndoItem.group_id == wanted.group_id)
    return list(session.scalars(found.order_by(UndoItem.seq).limit(limit)))


def _some(session: Session, run_id: int, seqs: Collection[int]) -> list[UndoRow]:
    if not seqs:
        return []
    found = session.execute(statement("dues/invoicing/sql/undo_rows.sql"), {"run": run_id, "ids": list(seqs)})
    return [UndoRow(**row) for row in found.mappings()]
