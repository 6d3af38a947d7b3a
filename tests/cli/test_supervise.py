"""The process tree as an operator meets it: it stops when asked, restarts what crashes, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.processes import mentioning, until

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUSE = Path(__file__).parents[2]

# The supervisor under test: its children are the scripts named on its command line.
SUPERVISOR = """
import sys
from cli.supervise import Child, Patience, run_tree
children = [Child(path.rsplit("/", 1)[-1], [sys.executable, path], {"GREETING": "hello"}) for path in sys.argv[1:]]
sys.exit(run_tree(children, stop_within=1.0, patience=Patience(first=0.05, healthy_after=5.0, most=2)))
"""
STEADY = """
import os, signal, sys, time
def leave(*_):
    print("leaving", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
print("ready", os.environ["GREETING"], flush=True)
while True:
    time.sleep(0.05)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
while True:
    time.sleep(0.05)
"""
# A work-horse: a fork that leaves the session, as RQ's does, and ties itself to the worker.
FORKING = """
import os, time
from cli.supervise import die_with_parent
parent = os.getpid()
if os.fork() == 0:
    os.setsid()
    die_with_parent(parent=parent)
    print("ready", flush=True)
while True:
    time.sleep(0.05)
"""
CRASHING = """
import sys
print("ready", flush=True)
sys.exit("the disk is full")
"""


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path) -> Iterator[None]:
    yield
    left = mentioning(str(tmp_path))
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert not left


def start(folder: Path, **scripts: str) -> subprocess.Popen[str]:
    paths = [folder / name for name in scripts]
    for path in paths:
        path.write_text(scripts[path.name], encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, *map(str, paths)],
        cwd=HOUSE,
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for(tree: subprocess.Popen[str], words: str, times: int = 1) -> None:
    assert tree.stdout is not None
    while times:
        line = tree.stdout.readline()
        assert line, f"ended without saying {words!r}"
        times -= words in line


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_every_child_and_ends_with_zero(tmp_path: Path, number: signal.Signals) -> None:
    tree = start(tmp_path, web=STEADY, worker=STEADY)
    wait_for(tree, "ready hello", times=2)
    os.killpg(tree.pid, number)  # as the terminal does it: to the whole foreground group
    out, errors = tree.communicate(timeout=5)
    assert tree.returncode == 0
    assert sorted(out.splitlines()) == ["web    | leaving", "worker | leaving"]
    assert errors == ""


def test_a_child_that_does_not_listen_is_killed_when_its_time_is_over(tmp_path: Path) -> None:
    tree = start(tmp_path, web=STUBBORN)
    wait_for(tree, "ready")
    asked = time.monotonic()
    tree.terminate()
    tree.communicate(timeout=5)
    assert tree.returncode == 0
    assert 1.0 <= time.monotonic() - asked < 3.0


def test_a_second_signal_does_not_wait(tmp_path: Path) -> None:
    tree = start(tmp_path, web=STUBBORN)
    wait_for(tree, "ready")
    asked = time.monotonic()
    tree.send_signal(signal.SIGINT)
    time.sleep(0.3)
    tree.send_signal(signal.SIGINT)
    tree.communicate(timeout=5)
    assert time.monotonic() - asked < 0.9


@pytest.mark.kill
def test_a_crashed_child_is_started_again_and_its_neighbour_stays(tmp_path: Path) -> None:
    tree = start(tmp_path, web=STEADY, worker=STEADY)
    wait_for(tree, "ready", times=2)
    before = children(tmp_path)
    os.kill(before["web"], signal.SIGKILL)
    wait_for(tree, "web    | ended by signal 9; it is started again")
    wait_for(tree, "web    | ready")
    after = children(tmp_path)
    assert after["web"] != before["web"]
    assert after["worker"] == before["worker"]
    tree.terminate()
    tree.communicate(timeout=5)
    assert tree.returncode == 0


def test_a_child_that_keeps_failing_ends_the_tree_with_its_last_words(tmp_path: Path) -> None:
    tree = start(tmp_path, web=STEADY, worker=CRASHING)
    out, _ = tree.communicate(timeout=10)
    assert tree.returncode == 1
    assert "worker failed 3 times in a row, so everything stops. Its last words:" in out
    assert out.rsplit("last words:", 1)[1].count("the disk is full") == 3


@pytest.mark.kill
def test_killing_the_supervisor_leaves_no_child_and_no_grandchild(tmp_path: Path) -> None:
    tree = start(tmp_path, web=STUBBORN, worker=FORKING)
    wait_for(tree, "ready", times=2)
    assert len(mentioning(f"{tmp_path}/worker")) == 3  # worker, work-horse, and the supervisor's own command line
    tree.kill()
    tree.wait()
    assert until(lambda: not mentioning(str(tmp_path)), 2), mentioning(str(tmp_path))
    tree.communicate(timeout=5)


def children(folder: Path) -> dict[str, int]:
    """Process ids of the children by their names."""
    found = mentioning(str(folder)).items()
    return {line.split()[-1].rsplit("/", 1)[-1]: pid for pid, line in found if "run_tree" not in line}
