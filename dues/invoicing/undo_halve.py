"""Finds the faulty row of a slice that could not be credited, and leaves it alone with the reason."""

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from dues.groups.numbers import take_number
from dues.invoicing.halve import void_voucher
from dues.invoicing.undo_models import UndoItem, UndoItemState
from dues.runs.models import Run, RunError, RunSlice, SliceState


def halve(session: Session, *, run: Run, part: RunSlice, error: DBAPIError) -> None:
    """Split a slice in two, to be tried again; of a slice of one invoice that one is the culprit, and is left alone."""
    members = list(
        session.scalars(
            select(UndoItem.seq)
            .where(
                UndoItem.run_id == run.id,
                UndoItem.seq.between(part.first, part.last),
                UndoItem.state == UndoItemState.READY,
            )
            .order_by(UndoItem.seq)
        )
    )
    if len(members) == 1:
        _leave_alone(session, run=run, part=part, seq=members[0], why=str(error.orig))
        return
    middle = len(members) // 2
    rest = RunSlice(
        run_id=run.id,
        first=members[middle],
        last=part.last,
        creditor_id=part.creditor_id,
        state=part.state,
        survivors=len(members) - middle,
        entry_number=take_number(session, creditor_id=part.creditor_id, series="entry"),
    )
    session.add(rest)
    part.last, part.survivors = members[middle] - 1, middle


def _leave_alone(session: Session, *, run: Run, part: RunSlice, seq: int, why: str) -> None:
    reason = why.splitlines()[0][:200]
    session.add(RunError(run_id=run.id, item=seq, reason=reason))
    item = update(UndoItem).where(UndoItem.run_id == run.id, UndoItem.seq == seq)
    session.execute(item.values(state=UndoItemState.EXCLUDED, reason=reason))
    void_voucher(session, run=run, part=part, reason=reason)
    part.state, part.survivors = SliceState.WRITTEN, 0
