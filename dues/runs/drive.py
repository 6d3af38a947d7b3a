"""Drives a run to its end, one committed slice at a time; the only place in the domain that commits.

Whoever drives may be killed at any moment and any number may drive the same run: each step locks the run's
row for the length of its transaction, reads there how far the run is, and commits progress with the work.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.runs.errors import UnknownKindError, UnknownRunError
from dues.runs.models import Run, RunState

log = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=20)
"""How long other drivers keep away from a run that has shown signs of life."""

ATTEMPTS = 6
"""How often a step is tried again after a deadlock, a lost connection or a restarted server."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a driver tells whoever looks on: ``done`` of ``total`` items in a phase."""

    phase: str
    done: int
    total: int


Step = Callable[[Session, Run], bool]
"""Does the next slice of a run within the session's transaction; False when there is nothing left to do now.

A step may set the run's state, phase, result and progress; it never commits and never keeps the run object."""

Watcher = Callable[[Progress], None]

_kinds: dict[str, Step] = {}


def bind(kind: str, step: Step) -> None:
    """Say what does the work of a kind of run; the application binds all kinds when it starts."""
    _kinds[kind] = step


def drive(open_session: OpenSession, run_id: int, *, watch: Watcher | None = None) -> None:
    """Work on a run until it is done, ready for confirmation, paused or failed.

    Raises UnknownRunError and UnknownKindError; an error of the work itself marks the run failed and is raised. A
    database that stays away longer than ATTEMPTS last is raised too and leaves the run as it is.
    """
    tried = 0
    while True:
        try:
            progress = _one_step(open_session, run_id)
        except (DBAPIError, psycopg.Error) as error:
            tried += 1
            if not _passing(error):
                _fail(open_session, run_id, error)
                raise
            if tried >= ATTEMPTS:
                raise  # no fault of the run: once the server is back, whoever finds it abandoned goes on
            log.warning("run %s: trying again after %s", run_id, type(error).__name__)
            time.sleep(min(0.2 * 2**tried, 5))
            continue
        except (UnknownKindError, UnknownRunError):
            raise
        except Exception as error:
            _fail(open_session, run_id, error)
            raise
        tried = 0
        if progress is None:
            return
        if watch is not None:
            watch(progress)


def _one_step(open_session: OpenSession, run_id: int) -> Progress | None:
    with open_session() as session, session.begin():
        run = session.get(Run, run_id, with_for_update={"key_share": True}, populate_existing=True)
        if run is None:
            raise UnknownRunError(run_id)
        if run.state not in (RunState.PREPARING, RunState.WORKING):
            return None
        step = _kinds.get(run.kind)
        if step is None:
            raise UnknownKindError(run.kind)
        more = step(session, run)
        run.lease_until = session.scalar(select(func.now() + LEASE)) if more else None
        progress = Progress(run.phase, run.done, run.total)
    return progress if more else None


def _passing(error: Exception) -> bool:
    """Tell whether an error of the database may be gone the next time."""
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(
        original,
        psycopg.errors.DeadlockDetected
        | psycopg.errors.SerializationFailure
        | psycopg.errors.LockNotAvailable
        | psycopg.OperationalError,
    )


def _fail(open_session: OpenSession, run_id: int, error: Exception) -> None:
    """Mark a run failed with the error's own words; keep silent when not even that is possible."""
    words = f"{type(error).__name__}: {getattr(error, 'orig', None) or error}"
    try:
        with open_session() as session, session.begin():
            session.execute(
                update(Run)
                .where(Run.id == run_id, Run.state.in_([RunState.PREPARING, RunState.WORKING]))
                .values(state=RunState.FAILED, error=words[:2000], lease_until=None)
            )
    except DBAPIError:
        log.exception("run %s: its failure could not be written down", run_id)
