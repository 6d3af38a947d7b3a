"""Processes of the program for tests that start many: forked from a server that has read the program once.

Everything in them is as in a process of their own, but that they do not read the program, which takes seconds.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from typing import TYPE_CHECKING, Final

from database.embedded.launch import die_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from multiprocessing.process import BaseProcess
    from pathlib import Path

_FORKED: Final = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["tests.factories.runs", "tests.delivery.sender", "tests.kill.tree", "wiring"])


class Started:
    """A process that was forked; whoever asks for it waits for its end or kills it."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process.pid is not None
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.is_alive()

    def send_signal(self, number: int) -> None:
        """Send a signal to it, if it still lives."""
        if self._process.is_alive():
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; return how it ended: below zero when by a signal."""
        self._process.join(timeout)
        code = self._process.exitcode
        assert code is not None, f"process {self.pid} has not ended within {timeout} s"
        return code


def forked(work: Callable[..., object], *arguments: object) -> Started:
    """Let a process do some work that can be named: a function of a module."""
    process = _FORKED.Process(target=work, args=arguments)
    process.start()
    return Started(process)


def kontingent(*words: str, environment: Mapping[str, str], says: Path | None = None) -> Started:
    """Let a process be the command `kontingent`; what it says is kept in a file, where one is given."""
    return forked(_command, words, dict(environment), says)


def _command(words: tuple[str, ...], environment: dict[str, str], says: Path | None) -> None:
    from wiring import command_line  # noqa: PLC0415 -- read by the server already, and by nobody else for its sake

    become(environment, says)
    sys.argv = ["kontingent", *words]
    sys.exit(command_line())


def become(environment: dict[str, str], says: Path | None = None) -> None:
    """Take on an environment, and write into a file; end when the server does, whose end is that of the tests."""
    die_with_parent(signal.SIGTERM)
    os.environ.clear()
    os.environ.update(environment)
    with open(says or os.devnull, "ab") as out:  # noqa: PTH123 -- of a device
        for stream in (1, 2) if says is None else (1,):
            os.dup2(out.fileno(), stream)
