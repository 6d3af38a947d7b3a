"""The daily work happens once for each business day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select

from dues.runs.models import Run
from jobs.daily import start_daily
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
