"""The daily work: once for each business day, whoever asks and however often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy import func, select

from database.connect import Role
from dues.actor import AUTOMATIC
from dues.collection import remind
from dues.invoicing import issue
from dues.runs.queries import started_for_day

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from jobs.house import House

log = structlog.get_logger(__name__)

# "DAY" read as a number: among advisory locks, that of starting the daily work.
_LOCK: Final = 0x444159


def start_daily(house: House, day: dt.date) -> list[int]:
    """Start the day's invoices and reminders unless that has been done; return the runs started."""
    with house.database.unit_of_work(Role.JOBS) as session:
        # Held to the commit: a second clock looks only when the first one's runs can be seen.
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        started = _missing(session, day)
    for run_id in started:
        log.info("daily run started", run=run_id, day=day.isoformat())
        house.queues.run(run_id)
    return started


def _missing(session: Session, day: dt.date) -> list[int]:
    def due(kind: str) -> bool:
        return not started_for_day(session, kind=kind, actor=str(AUTOMATIC), day=day)

    started = []
    if due(issue.KIND):
        started.append(issue.start_issue(session, on=day, by=AUTOMATIC, confirmed=True).id)
    if due(remind.KIND):
        started.append(remind.start_reminders(session, on=day, by=AUTOMATIC, confirmed=True).id)
    return started
