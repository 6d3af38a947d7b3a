"""A driver of one run, to be killed: a process of its own, with commits of its own.

It is forked from a server that has read the program once, so that a test that kills ten does not wait for ten starts.
"""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING, Final

from database.connect import Database, Role
from tests.factories.runs import finished

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

_FORKED: Final = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["tests.kill.driver"])


def driver(database: Database, run: int) -> BaseProcess:
    """Let a process drive a run; whoever asks for it kills it and waits for its end."""
    process = _FORKED.Process(target=_drive, args=(database.owner_url, run))
    process.start()
    return process


def ended(process: BaseProcess) -> int:
    """Kill a process, and return how it ended: below zero when it was struck, and not over before."""
    process.kill()
    process.join()
    code = process.exitcode
    process.close()
    assert code is not None
    return code


def _drive(address: str, run: int) -> None:
    finished(Database(address).opener(Role.JOBS), run)
