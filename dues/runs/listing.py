"""Reads runs for people: one by its address, and lists of them, newest first."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from dues.actor import AUTOMATIC
from dues.runs.models import Run, RunState


class View(StrEnum):
    """Which runs a list shows. Runs for one member, which each joining starts, are shown where something is wrong."""

    ALL = "all"
    READY = "ready"
    WORKING = "working"
    PAUSED = "paused"
    FAILED = "failed"
    MEND = "to mend"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run is, as whoever looks on is told; ``taken`` says that a worker is at it."""

    kind: str
    state: RunState
    phase: str
    done: int
    total: int
    taken: bool

    @property
    def rests(self) -> bool:
        """Whether nothing moves until a person does something."""
        return self.state not in (RunState.PREPARING, RunState.WORKING)


_EXPORT: Final = "export"
"""What changes nothing, and is of interest to whoever asked for it alone, is not listed among what was done."""
_OVER_MANY: Final = Run.params["memberships"].astext.is_(None)


def find_run(session: Session, *, public_id: UUID) -> Run | None:
    """Return the run that an address names."""
    return session.scalar(select(Run).where(Run.uuid == public_id))


def standing(session: Session, *, run_id: int) -> Standing | None:
    """Return how far a run is."""
    taken = Run.lease_until.is_not(None)
    wanted = select(Run.kind, Run.state, Run.phase, Run.done, Run.total, taken).where(Run.id == run_id)
    row = session.execute(wanted).one_or_none()
    return None if row is None else Standing(*row)


def alike(session: Session, *, kind: str, on: dt.date, scope: str) -> Run | None:
    """Return a run of the same kind, day and groups that is being prepared or waits to be confirmed."""
    unconfirmed = Run.state.in_([RunState.PREPARING, RunState.READY]) & ~Run.confirmed
    same = (Run.business_day == on, func.coalesce(Run.params["scope"].astext, "") == scope)
    return session.scalars(select(Run).where(Run.kind == kind, unconfirmed, _OVER_MANY, *same)).first()


def listed(session: Session, *, view: View, before: UUID | None, limit: int, below: str = "") -> list[Run]:
    """Return runs, newest first, at most ``limit`` of those started before another one.

    ``below`` is the path of a group: only runs that charge there and nowhere else.
    """
    wanted = _of(view).order_by(Run.id.desc()).limit(limit)
    if below:
        wanted = wanted.where(Run.params["scope"].astext.op("^@")(below), _OVER_MANY)
    if before is not None:
        last = select(Run.id).where(Run.uuid == before).scalar_subquery()
        wanted = wanted.where(Run.id < last)
    return list(session.scalars(wanted))


def _of(view: View) -> Select[Run]:
    conditions: Mapping[View, ColumnElement[bool]] = {
        View.ALL: _OVER_MANY & (Run.kind != _EXPORT),
        View.READY: Run.state == RunState.READY,
        View.WORKING: Run.state.in_([RunState.PREPARING, RunState.WORKING]),
        View.PAUSED: Run.state == RunState.PAUSED,
        View.FAILED: Run.state == RunState.FAILED,
        View.MEND: _to_mend(),
        View.AUTOMATIC: _OVER_MANY & (Run.actor == str(AUTOMATIC)),
    }
    return select(Run).where(conditions[view])


def _to_mend() -> ColumnElement[bool]:
    """Rows to mend move on with the work: a later run over the same groups or more has looked at the same rows."""
    later = aliased(Run)
    scope = func.coalesce(Run.params["scope"].astext, "")
    over = func.coalesce(later.params["scope"].astext, "")
    taken_over = exists().where(
        later.id > Run.id,
        later.kind == Run.kind,
        later.undoes_id.is_not_distinct_from(Run.undoes_id),
        later.state == RunState.DONE,
        later.params["memberships"].astext.is_(None),
        func.starts_with(scope, over),
    )
    return (Run.to_mend > 0) & ~taken_over
