"""Drives a run in a process of its own, as a worker does: who visits pages shares no interpreter with it."""

import multiprocessing
from dataclasses import replace

from database.connect import Database, Role
from database.gentle import step_aside
from dues.invoicing import issue, undo
from dues.runs.drive import CONNECTIONS, bind, drive


def drive_apart(database: Database, run: int) -> None:
    """Work on a run to its end; raise RuntimeError when the process that did it failed."""
    alone = multiprocessing.get_context("spawn").Process(target=_drive, args=(replace(database, gentle=True), run))
    alone.start()
    alone.join()
    if alone.exitcode:
        raise RuntimeError(f"run {run} ended with {alone.exitcode}")


def _drive(database: Database, run: int) -> None:
    step_aside()
    bind(issue.KIND, issue.WORK)
    bind(undo.KIND, undo.WORK)
    drive(database.opener(Role.JOBS), run, parallel=CONNECTIONS)
    database.dispose()
