"""Reads lists that were taken out: somebody's own, newest first, and one by its address."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dues.lists.models import Export
from dues.runs.models import Run


def exports_of(session: Session, *, staff_id: int, limit: int) -> Sequence[tuple[Export, Run]]:
    """Return what somebody has taken out last, with the run of each."""
    found = session.execute(_of(staff_id).order_by(Export.id.desc()).limit(limit))
    return [(export, run) for export, run in found]


def find_export(session: Session, *, staff_id: int, public_id: UUID) -> tuple[Export, Run] | None:
    """Return a list that somebody has taken out themselves; nobody else's is found."""
    found: Any = session.execute(_of(staff_id).where(Export.uuid == public_id)).one_or_none()
    return None if found is None else (found[0], found[1])


def export_of_run(session: Session, *, run_id: int) -> Export | None:
    """Return what a run takes out."""
    return session.scalar(select(Export).where(Export.run_id == run_id))


def _of(staff_id: int) -> Select[Export, Run]:
    return select(Export, Run).join(Run, Run.id == Export.run_id).where(Export.staff_id == staff_id)
