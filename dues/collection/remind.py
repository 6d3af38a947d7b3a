"""Reminds: a run whose preview lists who would be reminded, and whose slices write the reminders."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import Actor
from dues.collection.models import ReminderItem, ReminderItemState
from dues.runs.drive import Kind, Sliced, Tally
from dues.runs.models import Run, RunSlice, RunState, SliceState
from dues.runs.start import finish, start

KIND = "reminders"

SLICE = 2500
"""Reminders a transaction: well under 300 ms, so that nobody waits long for a claim it holds."""


def start_reminders(session: Session, *, on: dt.date, by: Actor, confirmed: bool = False) -> Run:
    """Start a run over all claims that are due to be reminded on a day."""
    return start(session, kind=KIND, params={"on": on.isoformat()}, on=on, by=by, confirmed=confirmed)


def step(session: Session, run: Run) -> bool:
    """Take a reminder run from one phase to the next; False when it waits for a person or is done."""
    if run.phase == "start":
        return _preview(session, run)
    _finish(session, run)
    return False


def _write(session: Session, run: Run, part: RunSlice) -> Tally:
    bounds = {"run": run.id, "first": part.first, "last": part.last}
    session.execute(statement("dues/collection/sql/hold.sql"), bounds)
    values = {**bounds, "on": run.params["on"]}
    issued = session.scalar(statement("dues/collection/sql/write.sql"), values) or 0
    part.state = SliceState.WRITTEN
    return Tally(part.survivors, {"issued": issued})


def _preview(session: Session, run: Run) -> bool:
    session.execute(statement("dues/collection/sql/candidates.sql"), {"run": run.id, "on": run.params["on"]})
    session.execute(statement("dues/collection/sql/slices.sql"), {"run": run.id, "size": SLICE})
    counts = dict(
        session.execute(
            select(ReminderItem.state, func.count()).where(ReminderItem.run_id == run.id).group_by(ReminderItem.state)
        ).all()
    )
    run.total, run.done, run.phase = counts.get(ReminderItemState.READY, 0), 0, "write"
    run.result = {"candidates": sum(counts.values()), "issued": 0}
    run.state = RunState.WORKING if run.confirmed else RunState.READY
    return run.confirmed


def _finish(session: Session, run: Run) -> None:
    left_out = session.execute(
        select(ReminderItem.reason, func.count())
        .where(ReminderItem.run_id == run.id, ReminderItem.state == ReminderItemState.EXCLUDED)
        .group_by(ReminderItem.reason)
    ).all()
    finish(session, run, excluded=dict(left_out))


WORK = Kind(step, {"write": Sliced(SliceState.CLAIMED, _write)})
