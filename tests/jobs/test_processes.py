"""The clock and the worker as processes: one clock is active, and whoever is asked to stop does."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import redis
from sqlalchemy import func, select, text

from database.gentle import LATER
from dues import dates
from dues.runs.models import Run, RunState
from tests.forked import Started, kontingent
from tests.jobs.town import TODAY, invoice_run, settle
from tests.processes import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jobs.house import House


@pytest.fixture
def start(house: House) -> Iterator[Callable[..., Started]]:
    """Starts `kontingent process …` on the test's servers."""
    started: list[Started] = []
    environment = {
        **os.environ,
        "DATABASE_URL": house.database.owner_url,
        "REDIS_URL": house.settings.redis_url or "",
        "KONTINGENT_DATA": str(house.settings.data),
    }

    def begin(*words: str) -> Started:
        started.append(kontingent("process", *words, environment=environment))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()


def clocks(house: House) -> int:
    """How many clocks hold the lock or wait for it: one session each."""
    with house.open_session() as session:
        held = text(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return int(session.scalar(held) or 0)


def started(house: House) -> int:
    with house.open_session() as session:
        return session.scalar(select(func.count(Run.id))) or 0


def done(house: House) -> list[str]:
    with house.open_session() as session:
        finished = select(Run.kind).where(Run.state == RunState.DONE, Run.actor == "job:automatic")
        return list(session.scalars(finished.order_by(Run.id)))


@pytest.mark.kill
def test_the_day_is_done_once_though_redis_is_emptied_and_clocks_are_killed(
    house: House, start: Callable[..., Started]
) -> None:
    settle(house)
    first = start("clock")
    assert until(lambda: clocks(house) == 1, 20)
    start("clock")
    assert until(lambda: started(house) == 2, 20)
    first.kill()
    with redis.Redis.from_url(house.settings.redis_url or "") as connection:
        connection.flushdb()
    worker = start("worker")
    assert until(lambda: done(house) == ["invoices", "reminders"], 60)

    with house.database.owner.begin() as connection:
        connection.execute(dates.BusinessClock.__table__.update().values(today=TODAY.replace(day=23)))  # type: ignore[attr-defined]
    assert until(lambda: len(done(house)) == 4, 40), "the second clock has taken over"
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=15) == 0


@pytest.mark.parametrize(("queue", "least"), [("bulk", LATER), ("mail", -20)])
def test_long_work_goes_after_what_people_wait_for(
    house: House, start: Callable[..., Started], queue: str, least: int
) -> None:
    settle(house)
    run = invoice_run(house)
    (house.queues.run if queue == "bulk" else house.queues.prompt_run)(run)
    with house.database.owner.begin() as connection:
        connection.execute(text("LOCK TABLE run_slice"))  # what works on the run waits here, and can be looked at
        worker = start("worker", "--queue", queue)
        assert until(lambda: bool(at_work(house)), 30)
        served = [niceness(process) for process in at_work(house)]
        (horse,) = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
        assert {*served, niceness(int(horse))} == {max(least, niceness(os.getpid()))}
    assert until(lambda: state_of(house, run) == RunState.DONE, 30)
    assert niceness(worker.pid) == niceness(os.getpid())


def niceness(process: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, process)


def at_work(house: House) -> list[int]:
    """The server processes that wait for a lock in the test's database."""
    waiting = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with house.database.owner.connect() as looking:  # who looks twice within a transaction sees the same
        return list(looking.scalars(text(waiting)))


def state_of(house: House, run: int) -> str:
    with house.open_session() as session:
        return session.get_one(Run, run).state
