"""Ctrl-C while a command waits for a run."""

from __future__ import annotations

import datetime as dt
import os
import signal
from typing import TYPE_CHECKING

import pytest

from cli.interrupt import Interrupt, RunLeftError
from cli.progress import Bar
from database.connect import Role
from dues.dates import set_clock
from tests.factories.members import member
from tests.factories.organisation import organisation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from database.connect import Database
    from dues.runs.drive import Progress
    from tests.cli.conftest import Terminal

TODAY = dt.date(2026, 11, 22)


def test_a_run_is_left_after_its_slice_and_can_be_gone_on_with(
    terminal: Terminal, committing: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with committing.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=TODAY, real=TODAY)
        member(session, organisation(session), joined_on=dt.date(2025, 12, 2), paid_through=dt.date(2026, 12, 1))

    def press(_bar: Bar, _progress: Progress) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    with monkeypatch.context() as while_driving:
        while_driving.setattr(Bar, "__call__", press)
        left = terminal.refusal("invoices", "run", "--on", TODAY)
    assert "kontingent runs pause 1" in left
    assert terminal.figures("runs", "show", 1)["state"] == "working"
    assert terminal.figures("runs", "pause", 1)["state"] == "paused"
    done = terminal.figures("runs", "resume", 1)
    assert (done["state"], done["result"]["issued"]) == ("done", 1)


@pytest.fixture
def as_a_command_finds_it() -> Iterator[None]:
    """Ctrl-C as Python sets it at start, whatever tests before this one made of it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("as_a_command_finds_it")
def test_a_second_press_ends_the_command_at_once() -> None:
    with Interrupt(7) as interrupt:
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(RunLeftError):
            interrupt()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
