"""The clock and the worker as processes: one clock is active, and whoever is asked to stop does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import redis
from sqlalchemy import func, select, text

from dues import dates
from dues.runs.models import Run, RunState
from tests.jobs.town import TODAY, settle
from tests.processes import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jobs.house import House

HOUSE = Path(__file__).parents[2]


@pytest.fixture
def start(house: House) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts `kontingent process …` on the test's servers."""
    started: list[subprocess.Popen[bytes]] = []
    environment = {
        **os.environ,
        "DATABASE_URL": house.database.owner_url,
        "REDIS_URL": house.settings.redis_url or "",
        "KONTINGENT_DATA": str(house.settings.data),
        "PYTHONPATH": str(HOUSE),
    }

    def begin(*words: str) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-P", "-m", "wiring", "process", *words]
        started.append(subprocess.Popen(program, env=environment, stderr=subprocess.DEVNULL))
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
    house: House, start: Callable[..., subprocess.Popen[bytes]]
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
