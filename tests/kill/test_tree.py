"""The whole program killed by its first process: nothing of it lives on, and the next start ends what was begun."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
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

MEMBERS: Final = 1_000
STOP_WITHIN: Final = 20.0
"""Seconds; ten on a machine of its own, but here other tests run beside it."""
START_WITHIN: Final = 40.0
"""Seconds for a second start; fifteen on a machine of its own."""


@contextmanager
def opened(data: Path) -> Iterator[Town]:
    """The town with its servers, while the program does not run."""
    with embedded.servers(data, durable=False) as servers:
        database = Database(servers.database_url)
        yield Town(database, servers.redis_url, data)
        database.dispose()


class Program:
    """`kontingent up --demo`, started in a home of its own, as a user does."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "var"
        self.home = folder / "home"
        self.home.mkdir(mode=0o700)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    @contextmanager
    def up(self) -> Iterator[subprocess.Popen[bytes]]:
        """Start it; whatever the test did to it, nothing of it is left afterwards."""
        argv = [sys.executable, "-P", "-m", "wiring", "up", "--demo", "--port", str(self.port)]
        with (self.data / "tree.log").open("ab") as log:
            process = subprocess.Popen(
                command(argv, number=signal.SIGTERM), cwd=self.home, env=self._environment(), stdout=log, stderr=log
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30 * burden())
            assert until(lambda: not of_folder(self.data), STOP_WITHIN), of_folder(self.data)

    def _environment(self) -> dict[str, str]:
        """An environment that names no servers: the program starts its own."""
        told = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "REDIS"))}
        return told | {"KONTINGENT_DATA": str(self.data), "HOME": str(self.home), "PYTHONPATH": str(HOUSE)}

    def answers(self) -> bool:
        """Whether the front page is there."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as answer:
                return int(answer.status) == 200
        except OSError:
            return False


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
    program = Program(tmp_path)
    data = program.data
    run = begun(data)
    with program.up() as process:
        assert until((data / "run" / "sockets").exists, 30)

        def kill() -> bool:
            process.kill()
            return process.wait() < 0

        blow = Blow(run, MOMENTS["writing"], kill)
        with beside(data) as town:
            strike(town, [blow])
        assert until(lambda: not of_folder(data), STOP_WITHIN), of_folder(data)
        record_property("gone", f"{time.monotonic() - blow.struck:.1f} s after {blow.stood}")
    asked = time.monotonic()
    with program.up() as process:
        assert until(program.answers, START_WITHIN), "the second start finds the data of the first"
        record_property("started", f"{time.monotonic() - asked:.1f} s")
        with beside(data) as town:
            suffer(town, [blow])
        record_property("done", f"{blow.seconds:.1f} s")
        assert until(lambda: any((data / "outbox").glob("*.eml")), 60), "mail goes to the catcher"
        asked = time.monotonic()
        process.terminate()
        assert process.wait(STOP_WITHIN * burden()) == 0
        assert until(lambda: not of_folder(data), STOP_WITHIN), of_folder(data)
        record_property("stopped", f"{time.monotonic() - asked:.1f} s")
    assert program.home.stat().st_mode & 0o777 == 0o700
    assert list(program.home.iterdir()) == []
    with opened(data) as town:
        result = outcome(town.open_session, run).result
        assert result["issued"] + result["excluded"].get("no address", 0) == MEMBERS
        assert count(town.open_session, "invoice") == result["issued"]
        assert wrong(town.open_session, INVOICING) == {}
