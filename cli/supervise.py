"""The process tree: starts the program's processes, restarts what crashes, and stops all of them together.

Each child is a session of its own, so that Ctrl-C reaches only the supervisor, which then stops the children in turn.
Each child is tied to the supervisor's life by the kernel (`die_with_parent`), so that nothing outlives a `kill -9`.
A fork does not inherit that tie: a child that forks must tie its own children, or they may outlive it. Therefore

* gunicorn's `post_fork(server, worker)` hook calls `die_with_parent(parent=server.pid)`;
* the RQ worker remembers its process id before it forks a work-horse, which leaves the session, and calls
  `die_with_parent(parent=that)` first of all in it.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from database.embedded.launch import command, die_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import FrameType

__all__ = ["Child", "Patience", "die_with_parent", "run_tree"]

_STEP = 0.1  # seconds between two looks at children and signals
_CHUNK = 65536
_LAST_LINES = 20
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Child:
    """A process of the tree: its name in the output, its command line, what its environment has besides ours."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Patience:
    """With a child that ends unasked, in seconds: waits double from `first` to `longest` between restarts.

    More than `most` ends in a row, each sooner than `healthy_after` its start, end the tree.
    """

    first: float = 0.5
    longest: float = 30.0
    healthy_after: float = 30.0
    most: int = 5


class _Running:
    """One child through its lives."""

    def __init__(self, child: Child, width: int, patience: Patience) -> None:
        self.child = child
        self.process: subprocess.Popen[bytes] | None = None
        self.failures = 0
        self.words: deque[str] = deque(maxlen=_LAST_LINES)
        self._prefix = f"{child.name:{width}} | "
        self._patience = patience
        self._started = 0.0
        self._start_at = 0.0
        self._part = b""

    def start_when_due(self, selector: selectors.BaseSelector) -> None:
        """Start the process if it does not run and its waiting time is over."""
        if self.process is not None or time.monotonic() < self._start_at:
            return
        self._started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603  # command lines come from this program
            command(list(self.child.argv), number=signal.SIGKILL),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.child.env},
            start_new_session=True,
        )
        if self.process.stdout is not None:
            os.set_blocking(self.process.stdout.fileno(), False)
            selector.register(self.process.stdout, selectors.EVENT_READ, self)

    def pass_on(self) -> bool:
        """Write what the child has written, line by line under its name; False once it writes no more."""
        if self.process is None or self.process.stdout is None:
            return False
        try:
            chunk = os.read(self.process.stdout.fileno(), _CHUNK)
        except BlockingIOError:
            return False
        *lines, self._part = (self._part + chunk).split(b"\n")
        if not chunk and self._part:
            lines, self._part = [self._part], b""
        for line in lines:
            self._write(line.decode("utf-8", "replace"))
        return bool(chunk)

    def _write(self, line: str) -> None:
        self.words.append(line)
        say(self._prefix + line)

    def ended(self, selector: selectors.BaseSelector) -> bool:
        """Whether the process has just ended; if so its last words are passed on and its leftovers killed."""
        if self.process is None or self.process.poll() is None:
            return False
        self.kill()
        while self.pass_on():
            pass
        if self.process.stdout is not None:
            with suppress(KeyError):  # its end of file was seen before
                selector.unregister(self.process.stdout)
            self.process.stdout.close()
        return True

    def plan_restart(self) -> None:
        """Say that the process ended and set the time of its next start."""
        code = self.process.returncode if self.process is not None else 0
        lived = time.monotonic() - self._started
        self.failures = 1 if lived >= self._patience.healthy_after else self.failures + 1
        wait = min(self._patience.first * 2 ** (self.failures - 1), self._patience.longest)
        self.process, self._start_at = None, time.monotonic() + wait
        say(f"{self._prefix}ended {_how(code)}; it is started again in {wait:g} s")

    def given_up(self) -> bool:
        """Whether it has failed too often in a row."""
        return self.failures > self._patience.most

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the process, which stops its own children."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """Send SIGKILL to the process and to what it left behind in its session."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


class _Tree:
    """All children, and the wish to stop."""

    def __init__(self, children: Sequence[Child], patience: Patience) -> None:
        width = max((len(child.name) for child in children), default=0)
        self._running = [_Running(child, width, patience) for child in children]
        self._selector = selectors.DefaultSelector()
        self.wishes = 0

    def wish(self, _number: int, _frame: FrameType | None) -> None:
        """Take a signal: the first asks for an orderly stop, a second one is impatient."""
        self.wishes += 1

    def run(self, tick: Callable[[], None] | None) -> int:
        """Keep all running until a stop is wished (0) or a child fails for good (1)."""
        while not self.wishes:
            for running in self._running:
                running.start_when_due(self._selector)
            self._listen()
            if tick is not None:
                tick()
            for running in [one for one in self._running if one.ended(self._selector)]:
                running.plan_restart()
                if running.given_up():
                    _report_failure(running)
                    return 1
        return 0

    def stop(self, seconds: float) -> None:
        """End all: SIGTERM, last started first, and SIGKILL to what is left after that time or a second wish."""
        deadline = time.monotonic() + seconds
        wishes = self.wishes
        left = [running for running in self._running if running.process is not None]
        for running in reversed(left):
            running.ask_to_stop()
        while left and self.wishes == wishes and time.monotonic() < deadline:
            self._listen()
            left = [running for running in left if not running.ended(self._selector)]
        for running in left:
            running.kill()
            if running.process is not None:
                running.process.wait()
            running.ended(self._selector)
        self._selector.close()

    def _listen(self) -> None:
        """Wait a moment for output and pass it on."""
        if not self._selector.get_map():
            time.sleep(_STEP)
        for key, _ in self._selector.select(_STEP):
            if not key.data.pass_on():
                self._selector.unregister(key.fileobj)


def run_tree(
    children: Sequence[Child],
    *,
    stop_within: float = 10.0,
    patience: Patience | None = None,
    tick: Callable[[], None] | None = None,
) -> int:
    """Run the children until SIGINT, SIGTERM or SIGHUP, then stop all within `stop_within` seconds.

    A child that ends is started again; one that keeps failing ends the tree. `tick` is called several times a second
    and must be quick. Gives the exit code: 0 after a wanted stop, 1 after a failure. Call it in the main thread, which
    must live as long as the tree.
    """
    tree = _Tree(children, patience or Patience())
    with _heeding(tree):
        try:
            return tree.run(tick)
        finally:
            tree.stop(stop_within)


@contextmanager
def _heeding(tree: _Tree) -> Iterator[None]:
    """Give the signals to the tree, and back to their former handlers afterwards."""
    former = {number: signal.signal(number, tree.wish) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _how(code: int) -> str:
    return f"with exit code {code}" if code >= 0 else f"by signal {-code}"


def _report_failure(running: _Running) -> None:
    last = "\n".join(f"  {line}" for line in running.words)
    say(f"{running.child.name} failed {running.failures} times in a row, so everything stops. Its last words:\n{last}")


def say(words: str) -> None:
    """Write a line to the terminal; a terminal that has gone does not stop the tree."""
    with suppress(OSError, ValueError):
        sys.stdout.write(f"{words}\n")
        sys.stdout.flush()
