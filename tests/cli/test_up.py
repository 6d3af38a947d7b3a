"""The whole program under one command: it starts, it stops, it leaves nothing behind, whatever ends it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.up import children
from settings import Settings
from tests.processes import mentioning, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Terminal

HOUSE = Path(__file__).parents[2]


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        return int(found.getsockname()[1])


def test_a_taken_port_is_refused_before_anything_starts(away: Terminal) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        said = away("up", "--port", port)
    assert said.code == 1
    assert f"cannot listen on 127.0.0.1, port {port}" in said.err
    assert "--port" in said.err


@pytest.mark.parametrize(("workers", "patient"), [(1, 1), (2, 1), (4, 3)])
def test_one_worker_of_several_is_kept_for_what_people_wait_for(workers: int, patient: int) -> None:
    settings = Settings.from_env({"KONTINGENT_WORKERS": str(workers)})
    queues = [child.argv for child in children(settings, demo=False) if child.name.startswith("worker")]
    assert len(queues) == workers
    assert all("mail" in argv for argv in queues)
    assert sum("bulk" in argv for argv in queues) == patient


class Program:
    """`kontingent up --demo` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "var"
        self.port = free_port()
        self.home = folder / "home"
        self.home.mkdir(mode=0o700)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, within: float) -> bool:
        """Start, and say whether the front page answers in time."""
        program = [sys.executable, "-P", "-m", "wiring", "up", "--demo", "--port", str(self.port)]
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "PYTHONPATH": str(HOUSE),
            "KONTINGENT_DATA": str(self.data),
        }
        self.process = subprocess.Popen(program, cwd=self.home, env=environment, stdout=subprocess.DEVNULL)
        return until(self.answers, within)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as answer:
                return int(answer.status) == 200
        except OSError:
            return False

    def end(self, number: int, within: float) -> bool:
        """Send a signal to the first process, and say whether all of them end in time."""
        assert self.process is not None
        self.process.send_signal(number)
        return until(lambda: not self.left(), within) and self.process.wait() is not None

    def left(self) -> dict[int, str]:
        """Its living processes: each names the data folder in its command line or its environment."""
        assert self.process is not None
        self.process.poll()
        found = mentioning(str(self.data))
        for path in Path("/proc").iterdir():
            if path.name.isdigit() and str(self.data).encode() in _environment(path):
                found[int(path.name)] = path.name
        return found


def _environment(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes()
    except OSError:
        return b""


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    found = Program(tmp_path)
    yield found
    if found.process is not None:
        for pid in found.left():
            os.kill(pid, signal.SIGKILL)


@pytest.mark.kill
def test_it_leaves_no_process_behind_and_starts_again_after_a_kill(program: Program) -> None:
    assert program.start(within=60)
    assert until(lambda: any((program.data / "outbox").glob("*.eml")), 60)  # the first day's work is under way
    assert program.end(signal.SIGKILL, within=20), program.left()

    begun = time.monotonic()
    assert program.start(within=40), "the second start finds the data of the first"
    started = time.monotonic() - begun
    assert program.end(signal.SIGTERM, within=20), program.left()
    assert program.process is not None
    assert program.process.returncode == 0
    # Fifteen and ten seconds on a machine of its own; here other tests run beside it.
    assert started < 40
    assert program.home.stat().st_mode & 0o777 == 0o700
    assert list(program.home.iterdir()) == []
