"""What a person is shown of a run before they confirm it: kept with a fingerprint, and summed up."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dues.runs.models import Axis, Run, RunPreview, RunSlice, RunSum


def keep_preview(
    session: Session,
    *,
    run: Run,
    ground: str,
    content: Mapping[str, Any] | None = None,
    compared_id: int | None = None,
    moved: Mapping[str, Any] | None = None,
) -> RunPreview:
    """Keep what a person is shown of a run, as its next edition; the sums are written already.

    ``ground`` is a digest of the set-up it was made from; ``moved`` says what had changed where it was made anew.
    """
    preview = session.get(RunPreview, run.id) or RunPreview(run_id=run.id, edition=0)
    preview.edition += 1
    preview.ground = ground
    preview.heeded = False
    preview.compared_id = compared_id
    preview.content = dict(content or {})
    preview.moved = None if moved is None else dict(moved)
    preview.fingerprint = _fingerprint(session, run, preview.edition)
    session.add(preview)
    session.flush()
    return preview


def _fingerprint(session: Session, run: Run, edition: int) -> str:
    """The rows of an edition never change while it waits, so that its number and its sums name it."""
    shown = select(RunSum.axis, RunSum.key, RunSum.currency, RunSum.items, RunSum.amount).where(
        RunSum.run_id == run.id, RunSum.axis.in_([Axis.TOTAL, Axis.CHANNEL, Axis.REASON])
    )
    rows = sorted([str(part) for part in row] for row in session.execute(shown))
    named = [str(run.uuid), edition, run.business_day.isoformat(), rows]
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()[:32]


def heeded(session: Session, *, run_id: int) -> RunPreview | None:
    """Return the preview of a run that was confirmed as it was seen; None where nobody's eyes are to be heeded."""
    preview = session.get(RunPreview, run_id)
    return preview if preview is not None and preview.heeded else None


def forget_sums(session: Session, *, run_id: int) -> None:
    """Delete the sums and slices of a preview, so that it can be made anew."""
    session.execute(delete(RunSum).where(RunSum.run_id == run_id))
    session.execute(delete(RunSlice).where(RunSlice.run_id == run_id))


def preview_of(session: Session, *, run_id: int) -> RunPreview | None:
    """Return what is kept of a run's preview."""
    return session.get(RunPreview, run_id)


def sums(session: Session, *, run_id: int, axes: Sequence[Axis]) -> list[RunSum]:
    """Return the sums of some axes, largest first."""
    wanted = select(RunSum).where(RunSum.run_id == run_id, RunSum.axis.in_(axes))
    return list(session.scalars(wanted.order_by(RunSum.axis, RunSum.items.desc(), RunSum.key, RunSum.currency)))


def largest(session: Session, *, run_id: int, axis: Axis, limit: int, offset: int = 0) -> list[RunSum]:
    """Return the largest sums of an axis; a tree has thousands of groups, never millions."""
    wanted = select(RunSum).where(RunSum.run_id == run_id, RunSum.axis == axis)
    ordered = wanted.order_by(RunSum.items.desc(), RunSum.amount.desc(), RunSum.key, RunSum.currency)
    return list(session.scalars(ordered.limit(limit).offset(offset)))
