"""The schedule: what rests, until when, and why."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from dues.actor import COMMAND_LINE
from dues.dates import set_clock
from dues.editing import MissingError
from dues.runs.models import ScheduledTask, Task
from dues.runs.schedule import (
    NotDailyError,
    PausedPastError,
    is_paused,
    may_begin,
    note_done,
    resting,
    schedule,
    timetable,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TODAY = dt.date(2026, 11, 22)
TOMORROW = TODAY + dt.timedelta(days=1)
NOON = dt.time(12)


def rest(session: Session, task: Task = Task.REMINDERS, *, until: dt.date | None = None) -> ScheduledTask:
    return schedule(session, task=task, paused=True, until=until, reason=" Holidays ", on=TODAY, by=COMMAND_LINE)


def test_everything_is_on_until_somebody_lets_it_rest(session: Session) -> None:
    rows = timetable(session)
    assert set(rows) == set(Task)
    assert all(may_begin(row, on=TODAY, at=dt.time(0)) for row in rows.values())


def test_a_pause_until_a_day_ends_as_the_day_begins(session: Session) -> None:
    row = rest(session, until=TOMORROW)
    assert (row.reason, row.changed_by) == ("Holidays", "operator:command line")
    assert is_paused(row, on=TODAY)
    assert not is_paused(row, on=TOMORROW)
    set_clock(session, to=TODAY, real=TODAY)
    assert resting(session) == {Task.REMINDERS}
    set_clock(session, to=TOMORROW, real=TODAY)
    assert resting(session) == frozenset()


def test_a_pause_without_a_day_ends_when_somebody_ends_it(session: Session) -> None:
    rest(session)
    assert not may_begin(timetable(session)[Task.REMINDERS], on=dt.date(2030, 1, 1), at=NOON)
    row = schedule(session, task=Task.REMINDERS, paused=False, on=TODAY, by=COMMAND_LINE)
    assert (row.reason, row.paused_until) == ("", None)
    assert may_begin(row, on=TODAY, at=NOON)


def test_nothing_begins_before_its_hour(session: Session) -> None:
    row = schedule(session, task=Task.INVOICES, paused=False, earliest=NOON, on=TODAY, by=COMMAND_LINE)
    assert not may_begin(row, on=TODAY, at=dt.time(11, 59))
    assert may_begin(row, on=TODAY, at=NOON)


def test_what_makes_no_sense_is_refused(session: Session) -> None:
    with pytest.raises(MissingError):
        schedule(session, task=Task.INBOX, paused=True, reason=" ", on=TODAY, by=COMMAND_LINE)
    with pytest.raises(PausedPastError):
        rest(session, until=TODAY)
    with pytest.raises(NotDailyError):
        schedule(session, task=Task.MESSAGES, paused=False, earliest=NOON, on=TODAY, by=COMMAND_LINE)


def test_what_was_done_is_noted(session: Session) -> None:
    note_done(session, task=Task.MESSAGES, result={"sent": 3})
    session.expire_all()
    row = timetable(session)[Task.MESSAGES]
    assert (row.last_result, row.last_at is not None) == ({"sent": 3}, True)
