"""The whole program killed by its first process: nothing of it lives on, and the next start ends what was begun."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

from database import embedded
from database.connect import Database
from database.embedded.launch import command
from database.embedded.places import prepare
from database.embedded.users import _reached
from database.migrate import upgrade
from tests.conftest import HOUSE
from tests.factories.runs import outcome
from tests.kill.blows import MOMENTS, Blow, strike, suffer
from tests.kill.processes import of_folder
from tests.kill.proof import INVOICING, count, wrong
from tests.kill.town import Town
from tests.processes import burden, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MEMBERS: Final = 2_000
STOP_WITHIN: Final = 20.0
"""Seconds; ten on a machine of its own, but here other tests run beside it."""


@contextmanager
def opened(data: Path) -> Iterator[Town]:
    """The town with its servers, while the program does not run."""
    with embedded.servers(data, durable=False) as servers:
        database = Database(servers.database_url)
        yield Town(database, servers.redis_url, data)
        database.dispose()


@contextmanager
def up(data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start `kontingent up` as a user does; whatever the test did to it, nothing of it is left afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    argv = [sys.executable, "-P", "-m", "wiring", "up", "--port", str(port)]
    town = Town(Database(""), "", data)
    with (data / "tree.log").open("ab") as log:
        program = subprocess.Popen(
            command(argv, number=signal.SIGTERM), cwd=HOUSE, env=own(town), stdout=log, stderr=log
        )
    try:
        yield program
    finally:
        program.terminate()
        program.wait(30 * burden())
        assert until(lambda: not of_folder(data), STOP_WITHIN), of_folder(data)


def own(town: Town) -> dict[str, str]:
    """An environment that names no servers: the program starts its own."""
    return {name: value for name, value in town.environment().items() if name not in {"DATABASE_URL", "REDIS_URL"}}


@contextmanager
def beside(data: Path) -> Iterator[Town]:
    """The town as it can be looked at while the program runs, without being one of the servers' users."""
    servers = _reached(prepare(data))
    database = Database(servers.database_url)
    yield Town(database, servers.redis_url, data)
    database.dispose()


def begun(data: Path) -> int:
    """Build the town, and start a run that nobody drives yet."""
    with opened(data) as town:
        upgrade(town.database.owner)
        town.fill(MEMBERS)
        return town.invoice_run()


@pytest.mark.kill
def test_nothing_outlives_the_program_and_the_next_start_ends_the_run(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    data = tmp_path / "var"
    run = begun(data)
    with up(data) as program:
        assert until((data / "run" / "sockets").exists, 30)

        def kill() -> bool:
            program.kill()
            return program.wait() < 0

        blow = Blow(run, MOMENTS["writing"], kill)
        with beside(data) as town:
            strike(town, [blow])
        assert until(lambda: not of_folder(data), STOP_WITHIN), of_folder(data)
        record_property("gone", f"{time.monotonic() - blow.struck:.1f} s after {blow.stood}")
    with up(data) as program:
        assert until((data / "run" / "sockets").exists, 30)
        with beside(data) as town:
            suffer(town, [blow])
        record_property("done", f"{blow.seconds:.1f} s")
        asked = time.monotonic()
        program.terminate()
        assert program.wait(STOP_WITHIN * burden()) == 0
        assert until(lambda: not of_folder(data), STOP_WITHIN), of_folder(data)
        record_property("stopped", f"{time.monotonic() - asked:.1f} s")
    with opened(data) as town:
        result = outcome(town.open_session, run).result
        assert result["issued"] + result["excluded"].get("no address", 0) == MEMBERS
        assert count(town.open_session, "invoice") == result["issued"]
        assert wrong(town.open_session, INVOICING) == {}
