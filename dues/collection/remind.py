"""Reminds: a run whose preview lists who would be reminded, and whose slices write the reminders."""

import datetime as dt
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from database.sql import statement
from dues import dates
from dues.actor import Actor
from dues.collection.models import ReminderItem, ReminderItemState
from dues.runs.drive import Kind, Sliced, Tally
from dues.runs.models import Axis, Run, RunSlice, RunState, SliceState
from dues.runs.preview import forget_sums, heeded, keep_preview, sums
from dues.runs.start import AGAIN, finish, start

KIND = "reminders"

SLICE = 2500
"""Reminders a transaction: well under 300 ms, so that nobody waits long for a claim it holds."""

TO_MEND: Final = frozenset({"no address"})
"""Reasons for leaving somebody out that somebody can mend."""


def start_reminders(session: Session, *, on: dt.date, by: Actor, confirmed: bool = False) -> Run:
    """Start a run over all claims that are due to be reminded on a day."""
    return start(session, kind=KIND, params={"on": on.isoformat()}, on=on, by=by, confirmed=confirmed)


def step(session: Session, run: Run) -> bool:
    """Take a reminder run from one phase to the next; False when it waits for a person or is done."""
    match run.phase:
        case "start":
            return _preview(session, run)
        case phase if phase == AGAIN:
            _preview_anew(session, run, confirmed=False)
            return False
        case "check":
            return _check(session, run)
        case _:
            _finish(session, run)
            return False


def _write(session: Session, run: Run, part: RunSlice) -> Tally:
    bounds = {"run": run.id, "first": part.first, "last": part.last}
    session.execute(statement("dues/collection/sql/hold.sql"), bounds)
    values = {**bounds, "on": run.params["on"]}
    issued = session.scalar(statement("dues/collection/sql/write.sql"), values) or 0
    part.state = SliceState.WRITTEN
    return Tally(part.survivors, {"issued": issued})


def _preview(session: Session, run: Run, *, moved: dict[str, Any] | None = None) -> bool:
    session.execute(statement("dues/collection/sql/candidates.sql"), {"run": run.id, "on": run.params["on"]})
    session.execute(statement("dues/collection/sql/slices.sql"), {"run": run.id, "size": SLICE})
    counts = dict(
        session.execute(
            select(ReminderItem.state, func.count()).where(ReminderItem.run_id == run.id).group_by(ReminderItem.state)
        ).all()
    )
    run.total, run.done, run.phase = counts.get(ReminderItemState.READY, 0), 0, "check"
    run.result = {"candidates": sum(counts.values()), "issued": 0}
    run.state = RunState.WORKING if run.confirmed else RunState.READY
    if not run.confirmed:
        session.execute(statement("dues/collection/sql/sums.sql"), {"run": run.id})
        keep_preview(session, run=run, ground="", moved=moved)
    return run.confirmed


def _check(session: Session, run: Run) -> bool:
    """Reminders carry their day: of a day that has passed nobody is reminded. Who has paid since is spared later."""
    if heeded(session, run_id=run.id) is not None and run.business_day < dates.today(session):
        run.confirmed = False
        _preview_anew(session, run, confirmed=True)
        return False
    run.phase = "write"
    return True


def _preview_anew(session: Session, run: Run, *, confirmed: bool) -> None:
    """Make the preview anew, for today where its day has passed."""
    was, today = run.business_day, dates.today(session)
    before = {one.currency: [one.items, one.amount] for one in sums(session, run_id=run.id, axes=[Axis.TOTAL])}
    run.business_day = max(was, today)
    run.params = {**run.params, "on": run.business_day.isoformat()}
    session.execute(delete(ReminderItem).where(ReminderItem.run_id == run.id))
    forget_sums(session, run_id=run.id)
    moved = {"confirmed": confirmed, "day": was.isoformat() if was < today else None, "before": before}
    _preview(session, run, moved=moved)


def _finish(session: Session, run: Run) -> None:
    left_out = session.execute(
        select(ReminderItem.reason, func.count())
        .where(ReminderItem.run_id == run.id, ReminderItem.state == ReminderItemState.EXCLUDED)
        .group_by(ReminderItem.reason)
    ).all()
    run.to_mend = sum(count for reason, count in left_out if reason in TO_MEND)
    finish(session, run, excluded=dict(left_out))


WORK = Kind(step, {"write": Sliced(SliceState.CLAIMED, _write)})
