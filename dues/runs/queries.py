"""Reads of runs."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from dues.runs.models import Run, RunState


def abandoned(session: Session) -> list[int]:
    """Return the runs that should be worked on and show no sign of life, oldest first."""
    return list(session.scalars(select(Run.id).where(_abandoned()).order_by(Run.id)))


def unattended(session: Session, *, run_ids: list[int]) -> list[int]:
    """Return those of the runs that are abandoned and that nobody is working on at this moment.

    A first step may take longer than a lease, and only its lock on the run tells that somebody is at it.
    """
    free = select(Run.id).where(_abandoned(), Run.id.in_(run_ids)).order_by(Run.id)
    return list(session.scalars(free.with_for_update(key_share=True, skip_locked=True)))


def newest(session: Session, *, limit: int) -> list[Run]:
    """Return the runs started last, newest first."""
    return list(session.scalars(select(Run).order_by(Run.id.desc()).limit(limit)))


def started_for_day(session: Session, *, kind: str, actor: str, day: dt.date) -> bool:
    """Tell whether an actor has started a run of a kind over everything, no single group or member, for a day."""
    return kind in kinds_started(session, kinds=[kind], actor=actor, day=day)


def kinds_started(session: Session, *, kinds: Collection[str], actor: str, day: dt.date) -> set[str]:
    """Return those of some kinds of which an actor has started such a run for a day."""
    found = select(Run.kind).where(
        Run.kind.in_(kinds),
        Run.actor == actor,
        Run.business_day == day,
        func.coalesce(Run.params["scope"].astext, "") == "",
        Run.params["memberships"].astext.is_(None),
    )
    return set(session.scalars(found))


def _abandoned() -> ColumnElement[bool]:
    working = Run.state.in_([RunState.PREPARING, RunState.WORKING])
    return working & or_(Run.lease_until.is_(None), Run.lease_until < func.now())
