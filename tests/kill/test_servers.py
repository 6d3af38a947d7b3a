"""Servers that go away in the middle of a run and come back: the run ends by itself."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Final

import pytest
import redis

from database import embedded
from database.connect import Database
from database.migrate import upgrade
from tests.factories.runs import outcome
from tests.kill.blows import MOMENTS, Blow, suffer
from tests.kill.proof import INVOICING, count, wrong
from tests.kill.town import Town
from tests.processes import mentioning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MEMBERS: Final = 3_200


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A town on servers of its own, which a keeper starts again when they die."""
    with embedded.servers(tmp_path / "var", durable=False) as servers:
        database = Database(servers.database_url)
        upgrade(database.owner)
        yield Town(database, servers.redis_url, tmp_path / "var")
        database.dispose()


def flush(town: Town) -> bool:
    """Let Redis forget everything."""
    with redis.Redis.from_url(town.redis_url) as connection:
        return bool(connection.flushall())


def stop_redis(town: Town) -> bool:
    """Stop Redis in an orderly way; it is started again with nothing in it."""
    return send(town, "redis-server", signal.SIGTERM)


def crash_postgresql(town: Town) -> bool:
    """Shut PostgreSQL down at once, which breaks every session; it is started again and recovers."""
    return send(town, "/postgres -D", signal.SIGQUIT)


def send(town: Town, program: str, number: signal.Signals) -> bool:
    """Send a signal to one of the town's servers."""
    (pid,) = [pid for pid, line in mentioning(str(town.folder)).items() if program in line and "launch.py" not in line]
    os.kill(pid, number)
    return True


@pytest.mark.kill
def test_a_run_ends_by_itself_whichever_server_goes_away(
    town: Town, record_property: Callable[[str, object], None]
) -> None:
    town.fill(MEMBERS)
    strikes: list[tuple[str, str, Callable[[], bool]]] = [
        ("Redis flushed", "claiming", lambda: flush(town)),
        ("Redis stopped", "writing", lambda: stop_redis(town)),
        ("PostgreSQL crashed", "writing", lambda: crash_postgresql(town)),
    ]
    runs = []
    with town.at_work():
        for region, (name, moment, strike) in zip(town.regions(), strikes, strict=False):
            runs.append(town.invoice_run(region))  # not before: the sweeper wakes workers for what nobody is at
            town.wake(runs[-1])
            blow = Blow(runs[-1], MOMENTS[moment], strike)
            suffer(town, [blow])
            record_property(name, f"{blow.seconds:.1f} s after {blow.stood}")
    last = town.invoice_all()
    issued = sum(outcome(town.open_session, run).result["issued"] for run in [*runs, last.run_id])
    assert issued + last.result["excluded"].get("no address", 0) == MEMBERS
    assert count(town.open_session, "invoice") == issued
    assert wrong(town.open_session, INVOICING) == {}
