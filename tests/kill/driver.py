"""A driver of one run, to be killed: a process of its own, with commits of its own."""

from __future__ import annotations

from database.connect import Database, Role
from tests.factories.runs import finished
from tests.forked import Started, forked


def driver(database: Database, run: int) -> Started:
    """Let a process drive a run; whoever asks for it kills it and waits for its end."""
    return forked(_drive, database.owner_url, run)


def ended(process: Started) -> int:
    """Kill a process, and return how it ended: below zero when it was struck, and not over before."""
    process.kill()
    return process.wait()


def _drive(address: str, run: int) -> None:
    finished(Database(address).opener(Role.JOBS), run)
