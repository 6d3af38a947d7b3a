"""Find the processes of one test by a word in their command line, and wait for them as long as is fair."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


_SAMPLE = 0.02
_BELIEVED = 20.0


def mentioning(word: str) -> dict[int, str]:
    """Command lines, by process id, of the living processes that mention `word`, this one excepted."""
    found = {int(path.name): _command_line(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
    return {pid: line for pid, line in found.items() if word in line and pid != os.getpid()}


def _command_line(process: Path) -> str:
    """The command line; empty for a zombie or a process that has just gone."""
    try:
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def until(holds: Callable[[], bool], within: float) -> bool:
    """Whether something comes to hold within that many seconds; see `in_time` for a machine that has more to do."""
    start = time.monotonic()
    while not holds():
        if not in_time(time.monotonic() - start, within):
            return False
        time.sleep(0.02)
    return True


def in_time(seconds: float, within: float) -> bool:
    """Whether something that took so many seconds was in good time.

    Seconds are meant for a machine that does nothing else. Where others work on it too, a promise is late by as much
    as every process is; so that is measured, but only once the plain seconds are over.
    """
    return seconds <= within or seconds <= within * burden()


def burden() -> float:
    """How many times slower this process is than on an idle machine: at least 1, and not believed beyond 20."""
    start, worked = time.perf_counter(), time.thread_time()
    while time.thread_time() - worked < _SAMPLE:
        pass
    waited = (time.perf_counter() - start) / _SAMPLE
    crowd = os.getloadavg()[0] / (os.cpu_count() or 1)
    return min(max(1.0, waited, crowd), _BELIEVED)
