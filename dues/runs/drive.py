"""Drives a run to its end, one committed slice at a time; the only place in the domain that commits.

Whoever drives may be killed at any moment and any number may drive the same run. A step from phase to phase locks
the run's row for the length of its transaction. The slices of a phase are taken by whoever finds them unlocked, and
each is committed together with the progress it made; so several connections work on one run without meeting.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

import psycopg
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.runs.errors import UnknownKindError, UnknownRunError
from dues.runs.models import Run, RunSlice, RunState, SliceState

log = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=10)
"""How long other drivers keep away from a run that has shown signs of life."""

CONNECTIONS = 3
"""On which one run is worked at once: one more than a small machine has cores, for one of them waits for the disk."""

ATTEMPTS = 6
"""How often a step is tried again after a deadlock, a lost connection or a restarted server."""

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Progress:
    """What a driver tells whoever looks on: ``done`` of ``total`` items in a phase."""

    phase: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What a slice adds to its run: items done, and numbers that are added to the run's result by name."""

    done: int
    result: Mapping[str, Any] = field(default_factory=dict)


Step = Callable[[Session, Run], bool]
"""Takes a run from one phase to the next within the session's transaction; False when there is nothing left to do now.

A step may set the run's state, phase, result and progress; it never commits and never keeps the run object."""

SliceWork = Callable[[Session, Run, RunSlice], Tally]
"""Does one slice within the session's transaction and sets the slice's state; it leaves the run as it is."""


@dataclass(frozen=True, slots=True)
class Sliced:
    """A phase that is worked off slice by slice: which slices it takes, and what it does with one."""

    takes: SliceState
    work: SliceWork


@dataclass(frozen=True, slots=True)
class Kind:
    """What does the work of a kind of run: the step between phases, and the phases that are done in slices."""

    step: Step
    phases: Mapping[str, Sliced] = field(default_factory=dict)


Watcher = Callable[[Progress], None]

_kinds: dict[str, Kind] = {}


def bind(name: str, kind: Kind) -> None:
    """Say what does the work of a kind of run; the application binds all kinds when it starts."""
    _kinds[name] = kind


def drive(open_session: OpenSession, run_id: int, *, watch: Watcher | None = None, parallel: int = 1) -> None:
    """Work on a run until it is done, ready for confirmation, paused or failed, on ``parallel`` connections.

    Raises UnknownRunError and UnknownKindError; an error of the work itself marks the run failed and is raised. A
    database that stays away longer than ATTEMPTS last is raised too and leaves the run as it is.
    """
    driver = _Driver(open_session, run_id, watch or _look_away, parallel)
    while driver.step():
        pass


def _look_away(_progress: Progress) -> None:
    """Nobody watches."""


@dataclass(slots=True)
class _Driver:
    """One driver of one run."""

    open_session: OpenSession
    run_id: int
    watch: Watcher
    parallel: int
    told: Lock = field(default_factory=Lock)

    def step(self) -> bool:
        """Take the run one phase on, or work off the slices of the phase it is in; False when it rests."""
        found = self._patiently(self._to_next_phase)
        if found is None:
            return False
        progress, sliced = found
        self._tell(progress)
        if sliced is not None and not self._work_off(progress.phase, sliced):
            time.sleep(0.05)  # the last slices are in other hands
        return True

    def _to_next_phase(self) -> tuple[Progress, Sliced | None] | None:
        with self.open_session() as session, session.begin():
            run = session.get(Run, self.run_id, with_for_update={"key_share": True}, populate_existing=True)
            if run is None:
                raise UnknownRunError(self.run_id)
            if run.state not in (RunState.PREPARING, RunState.WORKING):
                return None
            kind = _kinds.get(run.kind)
            if kind is None:
                raise UnknownKindError(run.kind)
            sliced = kind.phases.get(run.phase)
            if sliced is not None and not _remain(session, run, sliced):
                sliced = None
            more = sliced is not None or kind.step(session, run)
            run.lease_until = _lease(session) if more else None
            progress = Progress(run.phase, run.done, run.total)
        return (progress, sliced) if more else None

    def _work_off(self, phase: str, sliced: Sliced) -> bool:
        """Work on slices until none is free; return whether any was."""
        if self.parallel == 1:
            return self._one_after_another(phase, sliced)
        with ThreadPoolExecutor(self.parallel) as pool:
            lanes = [pool.submit(self._one_after_another, phase, sliced) for _ in range(self.parallel)]
            worked = [lane.result() for lane in lanes]
        return any(worked)

    def _one_after_another(self, phase: str, sliced: Sliced) -> bool:
        worked = False
        while (progress := self._patiently(lambda: self._one_slice(phase, sliced))) is not None:
            worked = True
            self._tell(progress)
        return worked

    def _one_slice(self, phase: str, sliced: Sliced) -> Progress | None:
        with self.open_session() as session, session.begin():
            run = session.get_one(Run, self.run_id, populate_existing=True)
            if run.state is not RunState.WORKING or run.phase != phase:
                return None
            free = select(RunSlice).where(RunSlice.run_id == run.id, RunSlice.state == sliced.takes)
            part = session.scalars(free.order_by(RunSlice.first).limit(1).with_for_update(skip_locked=True)).first()
            if part is None:
                return None
            tally = sliced.work(session, run, part)
            session.flush()
            # Only now: whoever finishes a slice at the same time waits for this commit, not for this work.
            session.refresh(run, with_for_update={"key_share": True})
            run.done += tally.done
            run.result = _added(run.result, tally.result)
            run.lease_until = _lease(session)
            return Progress(run.phase, run.done, run.total)

    def _patiently(self, work: Callable[[], Found]) -> Found:
        """Do a piece of work; try it again after what passes, and mark the run failed after what does not."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return work()
            except (UnknownKindError, UnknownRunError):
                raise
            except Exception as error:
                if not _passing(error):
                    _fail(self.open_session, self.run_id, error)
                    raise
                if attempt == ATTEMPTS:
                    raise  # no fault of the run: once the server is back, whoever finds it abandoned goes on
                log.warning("run %s: trying again after %s", self.run_id, type(error).__name__)
                time.sleep(min(0.2 * 2**attempt, 5))
        raise AssertionError("the last attempt returns or raises")

    def _tell(self, progress: Progress) -> None:
        with self.told:
            self.watch(progress)


def _remain(session: Session, run: Run, sliced: Sliced) -> bool:
    left = select(RunSlice.first).where(RunSlice.run_id == run.id, RunSlice.state == sliced.takes)
    return session.scalar(left.limit(1)) is not None


def _lease(session: Session) -> dt.datetime | None:
    return session.scalar(select(func.now() + LEASE))


def _added(result: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Return a result with the numbers of another added, name by name, at any depth."""
    total = dict(result)
    for name, value in more.items():
        if isinstance(value, Mapping):
            total[name] = _added(total.get(name, {}), value)
        else:
            total[name] = total.get(name, 0) + value
    return total


def _passing(error: Exception) -> bool:
    """Tell whether an error of the database may be gone the next time."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(
        error.orig if isinstance(error, DBAPIError) else error,
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
