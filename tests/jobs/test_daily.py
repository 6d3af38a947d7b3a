"""The daily work happens once for each business day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select

from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.groups.models import Group
from dues.invoicing import bulk
from dues.invoicing.audience import Audience
from dues.invoicing.series import set_up_series
from dues.invoicing.template_models import InvoiceTemplate
from dues.recurrence import Recurrence, Unit
from dues.runs.models import Run, Task
from dues.runs.schedule import schedule
from jobs.daily import Daily, start_daily
from jobs.tasks import drive_run
from tests.jobs.town import TODAY, invoice_run, queued, settle
from tests.together import together

if TYPE_CHECKING:
    from jobs.house import House


def test_each_day_is_worked_once_however_many_ask(house: House, redis_url: str) -> None:
    settle(house)
    invoice_run(house)  # an operator's run is not the day's own
    started = together(*[lambda: start_daily(house, TODAY)] * 3)
    assert sorted(len(runs) for runs in started if isinstance(runs, list)) == [0, 0, 2]
    assert start_daily(house, TODAY) == []
    tomorrow = start_daily(house, TODAY + dt.timedelta(days=1))
    with house.open_session() as session:
        runs = session.execute(select(Run.kind, Run.business_day).where(Run.actor == "job:automatic").order_by(Run.id))
        assert [tuple(row) for row in runs] == [
            (kind, day) for day in (TODAY, TODAY + dt.timedelta(days=1)) for kind in ("invoices", "reminders")
        ]
    assert queued(redis_url, "bulk")[-2:] == [f"drive_run-{run}" for run in tomorrow]


def rest(house: House, task: Task, *, until: dt.date | None = None, paused: bool = True) -> None:
    with house.database.unit_of_work(Role.JOBS) as session:
        schedule(session, task=task, paused=paused, until=until, reason="Holidays", on=TODAY, by=COMMAND_LINE)


def kinds(house: House) -> list[tuple[str, dt.date]]:
    with house.open_session() as session:
        found = session.execute(select(Run.kind, Run.business_day).where(Run.actor == "job:automatic").order_by(Run.id))
        return [(kind, day) for kind, day in found]


def test_what_rests_does_not_begin_and_is_caught_up_afterwards(house: House) -> None:
    settle(house)
    tomorrow = TODAY + dt.timedelta(days=1)
    rest(house, Task.INVOICES, until=tomorrow)
    assert len(start_daily(house, TODAY)) == 1
    (first, _) = start_daily(house, tomorrow)
    drive_run(first)
    assert kinds(house) == [("reminders", TODAY), ("invoices", tomorrow), ("reminders", tomorrow)]
    with house.open_session() as session:
        assert session.get_one(Run, first).result["issued"] == 2  # what was due on the day before, too


def test_what_goes_on_begins_on_the_same_day(house: House) -> None:
    settle(house)
    rest(house, Task.REMINDERS)
    daily = Daily(house)
    daily.look(TODAY)
    daily.look(TODAY)
    assert kinds(house) == [("invoices", TODAY)]
    rest(house, Task.REMINDERS, paused=False)
    daily.look(TODAY)
    daily.look(TODAY)
    assert kinds(house) == [("invoices", TODAY), ("reminders", TODAY)]


def test_nothing_begins_before_its_hour(house: House) -> None:
    settle(house)
    with house.database.unit_of_work(Role.JOBS) as session:
        schedule(session, task=Task.INVOICES, paused=False, earliest=dt.time(6, 30), on=TODAY, by=COMMAND_LINE)
    start_daily(house, TODAY, at=dt.time(6, 29))
    assert kinds(house) == [("reminders", TODAY)]
    start_daily(house, TODAY, at=dt.time(6, 30))
    assert kinds(house) == [("reminders", TODAY), ("invoices", TODAY)]


def test_series_whose_day_has_come_are_made_once_with_the_days_invoices(house: House, redis_url: str) -> None:
    settle(house)
    with house.database.unit_of_work(Role.JOBS) as session:
        root = session.scalars(select(Group).where(Group.parent_id.is_(None))).one()
        session.add(
            InvoiceTemplate(
                group_id=root.id,
                name="Magazine",
                lines=[{"quantity": "1", "price": 5000, "product": None, "words": {"en": "Magazine"}, "account": 1}],
            )
        )
        session.flush()
        template = session.scalars(select(InvoiceTemplate)).one()
        calendar = Recurrence(1, Unit.WEEK, TODAY, weekday=TODAY.isoweekday())
        audience = Audience(root.id)
        set_up_series(session, template=template, audience=audience, calendar=calendar, automatic=False, on=TODAY)
    day = TODAY + dt.timedelta(weeks=1)
    start_daily(house, TODAY)
    together(*[lambda: start_daily(house, day)] * 3)
    Daily(house).look(day)
    with house.open_session() as session:
        made = session.scalars(select(Run).where(Run.kind == bulk.KIND)).all()
        assert [(run.business_day, run.confirmed, run.actor) for run in made] == [(day, False, "job:automatic")]
        assert f"drive_run-{made[0].id}" in queued(redis_url, "bulk")
