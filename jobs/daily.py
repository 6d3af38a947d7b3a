"""The daily work: once for each business day, whoever asks and however often, as the schedule lets it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy import func, select

from database.connect import Role
from dues.actor import AUTOMATIC
from dues.collection import remind
from dues.invoicing import issue, series
from dues.runs.models import Task
from dues.runs.queries import started_for_day
from dues.runs.schedule import DAILY, may_begin, timetable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dues.runs.models import Run
    from jobs.house import House

log = structlog.get_logger(__name__)

# "DAY" read as a number: among advisory locks, that of starting the daily work.
_LOCK: Final = 0x444159


Begin = Callable[..., "Run"]

_BEGINNINGS: Final[Mapping[Task, tuple[str, Begin]]] = {
    Task.INVOICES: (issue.KIND, issue.start_issue),
    Task.REMINDERS: (remind.KIND, remind.start_reminders),
}
"""Each daily task's kind of run, and what begins it."""


class Daily:
    """Begins the work of each day as soon as the schedule lets it, and remembers what it need not ask for again."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._day: dt.date | None = None
        self._begun: set[Task] = set()

    def look(self, day: dt.date) -> None:
        """Begin what may begin now; cheap when all of the day's work has begun."""
        if day != self._day:
            self._day, self._begun = day, set()
        if self._begun < DAILY:
            self._begun |= _begin(self._house, day, at=_time_of_day(self._house), besides=self._begun).keys()


def start_daily(house: House, day: dt.date, *, at: dt.time | None = None) -> list[int]:
    """Start the day's invoices and reminders unless that has been done, or they rest; return the runs started.

    Series whose day has come are made along with the invoices; their runs are not among those returned.

    ``at`` is the time of day, the real one where none is given: nothing starts before its hour. What rests on a day
    is done by the first run after it, which takes up all that is due.
    """
    begun = _begin(house, day, at=at or _time_of_day(house), besides=())
    return [run_id for run_id in begun.values() if run_id is not None]


def _time_of_day(house: House) -> dt.time:
    return dt.datetime.now(house.settings.time_zone).time()


def _begin(house: House, day: dt.date, *, at: dt.time, besides: Collection[Task]) -> dict[Task, int | None]:
    """Return the tasks that have begun by now, and the run of each that began here."""
    with house.database.unit_of_work(Role.JOBS) as session:
        # Held to the commit: a second clock looks only when the first one's runs can be seen.
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        rows = timetable(session)
        free = [task for task in _BEGINNINGS if task not in besides and may_begin(rows[task], on=day, at=at)]
        begun = {task: _missing(session, task, day) for task in free}
        again = series.make_due(session, on=day) if Task.INVOICES in free else []
    for run_id in (*begun.values(), *again):
        if run_id is not None:
            log.info("daily run started", run=run_id, day=day.isoformat())
            house.queues.run(run_id)
    return begun


def _missing(session: Session, task: Task, day: dt.date) -> int | None:
    """Start a task's run for a day unless there is one; return the new one."""
    kind, begin = _BEGINNINGS[task]
    if started_for_day(session, kind=kind, actor=str(AUTOMATIC), day=day):
        return None
    return begin(session, on=day, by=AUTOMATIC, confirmed=True).id
