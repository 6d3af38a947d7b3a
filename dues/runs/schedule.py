"""The schedule of what begins by itself: pauses it, lets it go on, and says whether it may begin now."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.dates import BusinessClock
from dues.editing import EditingError, MissingError, held
from dues.runs.models import ScheduledTask, Task

DAILY: Final = frozenset({Task.INVOICES, Task.REMINDERS})
"""Tasks of each business day; the others begin whenever something waits for them."""


class PausedPastError(EditingError):
    """A pause until a day that has begun is none; ``until`` is the day."""

    def __init__(self, until: dt.date) -> None:
        super().__init__(f"{until} is not after today.")
        self.until = until


class NotDailyError(EditingError):
    """Only tasks of each day begin at a time of day."""

    def __init__(self, task: Task) -> None:
        super().__init__(f"{task} begins whenever something waits.")


def timetable(session: Session) -> dict[Task, ScheduledTask]:
    """Return how every task is set up."""
    return {row.task: row for row in session.scalars(select(ScheduledTask))}


def is_paused(row: ScheduledTask, *, on: dt.date) -> bool:
    """Tell whether a task rests on a business day; a pause until a day ends as that day begins."""
    return row.paused and (row.paused_until is None or on < row.paused_until)


def may_begin(row: ScheduledTask, *, on: dt.date, at: dt.time) -> bool:
    """Tell whether a task may begin on a business day, at a time of the real one."""
    return not is_paused(row, on=on) and (row.earliest is None or row.earliest <= at)


def resting(session: Session) -> frozenset[Task]:
    """Return the tasks that rest on the present business day."""
    today = select(BusinessClock.today).scalar_subquery()
    until = or_(ScheduledTask.paused_until.is_(None), ScheduledTask.paused_until > today)
    return frozenset(session.scalars(select(ScheduledTask.task).where(ScheduledTask.paused, until)))


def schedule(
    session: Session,
    *,
    task: Task,
    paused: bool,
    until: dt.date | None = None,
    reason: str = "",
    earliest: dt.time | None = None,
    on: dt.date,
    by: Actor,
) -> ScheduledTask:
    """Say whether a task rests, until which day (None: until somebody lets it go on) and why, and when it begins.

    What a pause left undone is done by the next run, which takes up all that is due. Raises PausedPastError,
    NotDailyError, MissingError and an EditingError.
    """
    row = held(session, ScheduledTask, task)
    if paused and not reason.strip():
        raise MissingError("reason")
    if paused and until is not None and until <= on:
        raise PausedPastError(until)
    if earliest is not None and task not in DAILY:
        raise NotDailyError(task)
    row.paused, row.paused_until = paused, until if paused else None
    row.reason, row.earliest = " ".join(reason.split()) if paused else "", earliest
    row.changed_by, row.changed_at = str(by), session.scalar(select(func.now()))
    session.flush()
    return row


def note_done(session: Session, *, task: Task, result: Mapping[str, Any]) -> None:
    """Write down that a task has just done something, and what."""
    done = update(ScheduledTask).where(ScheduledTask.task == task)
    session.execute(done.values(last_at=func.now(), last_result=dict(result)))
