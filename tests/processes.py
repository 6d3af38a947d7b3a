"""Find the processes of one test by a word in their command line, and wait for their end."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


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
    """Whether something comes to hold within that many seconds."""
    deadline = time.monotonic() + within
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
