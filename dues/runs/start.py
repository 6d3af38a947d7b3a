"""Starts, confirms, discards, pauses and resumes runs."""

import datetime as dt
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.runs.errors import AnotherPreviewError, NotReadyError, UnknownRunError
from dues.runs.models import Run, RunPreview, RunState

AGAIN = "again"
"""The phase in which a preview is made anew."""


def start(
    session: Session,
    *,
    kind: str,
    params: dict[str, Any],
    on: dt.date,
    by: Actor,
    confirmed: bool = False,
    path: str = "",
) -> Run:
    """Write a new run down. ``confirmed`` lets it go on from its preview without waiting for a person.

    With the ``path`` of a group it is a work of that group, and all who look after it see it.
    """
    run = Run(
        kind=kind,
        params=params,
        path=path,
        business_day=on,
        actor=str(by),
        confirmed=confirmed,
        state=RunState.PREPARING,
    )
    session.add(run)
    session.flush()  # the id is what a job is told
    return run


def confirm(session: Session, *, run_id: int, seen: str | None = None) -> None:
    """Let a previewed run go on; raise NotReadyError when it is not waiting for that.

    ``seen`` is the fingerprint of the preview that was looked at: AnotherPreviewError is raised when it is not the one
    that stands now, and if the ground has moved since it was made, the run does nothing and shows a new preview.
    Without it, what has moved since is left out.
    """
    run = _locked(session, run_id)
    if run.state is not RunState.READY:
        raise NotReadyError(run_id, run.state)
    if seen is not None:
        _heed(session, run_id, seen)
    run.confirmed = True
    run.state = RunState.WORKING


def _heed(session: Session, run_id: int, seen: str) -> None:
    preview = session.get(RunPreview, run_id, populate_existing=True)
    if preview is None or preview.fingerprint != seen:
        raise AnotherPreviewError(run_id)
    preview.heeded = True


def preview_again(session: Session, *, run_id: int) -> None:
    """Let the preview of a run be made anew; raise NotReadyError when none is waiting."""
    run = _locked(session, run_id)
    if run.state is not RunState.READY:
        raise NotReadyError(run_id, run.state)
    run.state, run.phase = RunState.PREPARING, AGAIN


def discard(session: Session, *, run_id: int) -> bool:
    """Throw away a preview that was not confirmed, and tell whether that was so; its rows stay readable."""
    run = _locked(session, run_id)
    if run.state is not RunState.READY:
        return False
    run.state = RunState.DISCARDED
    return True


def pause(session: Session, *, run_id: int) -> None:
    """Stop a working run after its present slice."""
    run = _locked(session, run_id)
    if run.state is RunState.WORKING:
        run.state = RunState.PAUSED


def resume(session: Session, *, run_id: int) -> None:
    """Let a paused or failed run go on where it stopped."""
    run = _locked(session, run_id)
    if run.state in (RunState.PAUSED, RunState.FAILED):
        run.state = RunState.WORKING if run.confirmed else RunState.PREPARING
        run.error = None


def let_go(session: Session, *, run_id: int) -> None:
    """Give up the lease of a run that is not done, so that whoever comes next may take it up at once."""
    run = _locked(session, run_id)
    run.lease_until = None


def finish(session: Session, run: Run, **result: Any) -> None:
    """Mark a run done with its result."""
    run.state = RunState.DONE
    run.result = {**run.result, **result}
    run.finished_at = session.scalar(func.now().select())


def _locked(session: Session, run_id: int) -> Run:
    run = session.get(Run, run_id, with_for_update=True, populate_existing=True)
    if run is None:
        raise UnknownRunError(run_id)
    return run
