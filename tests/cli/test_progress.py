"""The progress bar: on a terminal, and nowhere else."""

from __future__ import annotations

import os
import pty
import termios
from contextlib import suppress
from typing import TYPE_CHECKING

from cli.progress import Bar
from dues.runs.drive import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest


def read(terminal: int) -> Iterator[str]:
    """What was written to a terminal whose other end is closed."""
    with suppress(OSError):
        while part := os.read(terminal, 65536):
            yield part.decode()


def show() -> None:
    with Bar() as bar:
        for progress in (Progress("claim", 1, 2), Progress("claim", 2, 2), Progress("write", 5, 10)):
            bar(progress)


def test_a_terminal_shows_each_phase(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    with os.fdopen(theirs, "w") as screen:
        monkeypatch.setattr("sys.stderr", screen)
        show()
    shown = "".join(read(ours))
    os.close(ours)
    assert "claim" in shown
    assert "write" in shown
    assert "5/10" in shown


def test_a_script_sees_no_bar(capfd: pytest.CaptureFixture[str]) -> None:
    show()
    assert capfd.readouterr() == ("", "")
