"""What begins by itself: how each task is set up, and the run that it began last."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from dues.collection import remind
from dues.invoicing import issue
from dues.payments import book
from dues.runs.models import Run, ScheduledTask, Task
from dues.runs.schedule import timetable

_RUNS: Final[Mapping[Task, str]] = {
    Task.INVOICES: issue.KIND,
    Task.REMINDERS: remind.KIND,
    Task.INBOX: book.KIND,
}
"""The kind of run that a task begins; messages are sent without one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A task, and the last run it began, where it begins runs and has."""

    row: ScheduledTask
    run: Run | None


def standings(session: Session) -> list[Standing]:
    """Return every task in the order of the loop, in four statements."""
    rows = timetable(session)
    return [Standing(rows[task], _last(session, task)) for task in Task]


def standing_of(session: Session, *, task: Task) -> Standing | None:
    """Return one task, None where the schedule does not have it."""
    row = session.get(ScheduledTask, task)
    return None if row is None else Standing(row, _last(session, task))


def _last(session: Session, task: Task) -> Run | None:
    kind = _RUNS.get(task)
    if kind is None:
        return None
    # The actor stands in the statement itself, as it stands in the index.
    automatic = select(Run).where(Run.kind == kind, text("actor = 'job:automatic'"))
    return session.scalar(automatic.order_by(Run.id.desc()).limit(1))
