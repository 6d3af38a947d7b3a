"""Keeps the files of lists that are taken out, in pieces, so that none ever stands in memory whole."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from dues.lists.models import Export, ExportPiece
from dues.runs.models import Run, RunState
from tablefiles import Piece


def keep(session: Session, *, export: Export, pieces: Iterable[Piece]) -> None:
    """Store some pieces of a file: one statement."""
    rows = [{"export_id": export.id, "position": one.position, "content": one.content} for one in pieces]
    if rows:
        session.execute(insert(ExportPiece), rows)


def kept(session: Session, *, export_id: int) -> Iterator[bytes]:
    """Yield a file's bytes, piece by piece."""
    wanted = select(ExportPiece.content).where(ExportPiece.export_id == export_id).order_by(ExportPiece.position)
    yield from session.scalars(wanted.execution_options(yield_per=4))


def size_of(session: Session, *, export: Export) -> int:
    """Return how many bytes a file has."""
    wanted = select(func.sum(func.length(ExportPiece.content))).where(ExportPiece.export_id == export.id)
    return int(session.scalar(wanted) or 0)


def note_taken(session: Session, *, export: Export) -> None:
    """Write down that somebody takes a file out; the audit log then says who, and when."""
    now = session.scalar(func.now().select())
    export.taken, export.taken_at = export.taken + 1, now
    session.flush()


def erase(session: Session, *, export: Export) -> None:
    """Delete a file, and forget what was searched for; that it was taken out stays."""
    session.execute(delete(ExportPiece).where(ExportPiece.export_id == export.id))
    export.erased_at = export.erased_at or session.scalar(func.now().select())
    export.wanted, export.said, export.mark, export.written = {}, [], None, {}
    session.flush()


def erase_old(session: Session, *, days: int) -> int:
    """Delete the files that are older than so many days, and return how many: a fixed number of statements.

    What is still being written has its time; its days begin when it is ready.
    """
    rests = select(Run.id).where(Run.id == Export.run_id, Run.state.in_([RunState.PREPARING, RunState.WORKING]))
    since = func.coalesce(Export.ready_at, Export.recorded_at)
    old = Export.erased_at.is_(None) & (since < func.now() - func.make_interval(0, 0, 0, days)) & ~rests.exists()
    values: dict[str, Any] = {"erased_at": func.now(), "wanted": {}, "said": [], "mark": None, "written": {}}
    erased = session.scalars(update(Export).where(old).values(values).returning(Export.id)).all()
    if erased:
        session.execute(delete(ExportPiece).where(ExportPiece.export_id.in_(erased)))
    return len(erased)
