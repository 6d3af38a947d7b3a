"""Reads of runs."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from dues.runs.models import Run, RunState


def abandoned(session: Session) -> list[int]:
    """Return the runs that should be worked on and show no sign of life, oldest first."""
    return list(
        session.scalars(
            select(Run.id)
            .where(
                Run.state.in_([RunState.PREPARING, RunState.WORKING]),
                or_(Run.lease_until.is_(None), Run.lease_until < func.now()),
            )
            .order_by(Run.id)
        )
    )
