"""Takes a list out of the house: a run that reads it slice by slice, with the eyes of whoever asked, into a file.

Each slice reads the rows behind the key of the last one, makes pieces of a file of them, and is committed with them:
whoever goes on after a kill begins behind the last row that is written. A slice is a fixed number of statements.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.acting import Acting, reading_as
from database.timeout import TooLongError, at_most
from dues.access.scope import rights
from dues.actor import Actor
from dues.lists.columns import Column, Eyes
from dues.lists.errors import NotAColumnError
from dues.lists.ledgers import Ledger, Stretch, ledger
from dues.lists.models import Export, Format
from dues.lists.narrowed import stored, wanted_of
from dues.lists.pieces import erase, keep, size_of
from dues.runs.drive import Kind
from dues.runs.models import Run, RunState
from dues.runs.start import finish, start
from language import Language
from tablefiles import SeparatedWriter, TableWriter, WorkbookWriter

KIND: Final = "export"
WRITING: Final = "write"
"""The phase in which rows are written."""
SLICE: Final = 2_000
"""Rows of a slice, unless a run says otherwise."""
_PATIENCE: Final = "20s"
"""How long rows are counted for a bar; what takes longer goes without."""
_WITH_COMMA: Final = frozenset({"sv", "nb", "nl", "de"})
"""Languages whose spreadsheets write decimals behind a comma, and part cells by a semicolon."""


def start_export(
    session: Session,
    *,
    name: str,
    wanted: Any,
    columns: Sequence[str],
    written_as: Format,
    eyes: Eyes,
    on: dt.date,
    by: Actor,
    staff_id: int | None = None,
    path: str = "",
    said: Sequence[str] = (),
    slice_size: int = SLICE,
) -> Export:
    """Begin to take a list out: rows as they are narrowed, as ``staff_id`` sees them (None: an operator, all of them).

    ``path`` is the group in whose house it is asked for, ``said`` what narrows it, in words. Raises NotAListError and
    NotAColumnError.
    """
    found = ledger(name)
    chosen = [column.key for column in found.columns if column.key in set(columns)]
    unknown = set(columns) - set(chosen)
    if unknown or not chosen:
        raise NotAColumnError(", ".join(sorted(unknown)))
    run = start(session, kind=KIND, params={"slice": slice_size}, on=on, by=by, confirmed=True)
    export = Export(
        staff_id=staff_id,
        ledger=name,
        path=path,
        wanted=stored(wanted),
        said=list(said),
        columns=chosen,
        format=written_as,
        language=eyes.language.code,
        zone=eyes.zone.key,
        run_id=run.id,
    )
    session.add(export)
    session.flush()
    return export


def _step(session: Session, run: Run) -> bool:
    """Count what there is, then write a slice of it."""
    export = session.scalars(select(Export).where(Export.run_id == run.id).with_for_update()).one()
    found = ledger(export.ledger)
    asks = None if export.staff_id is None else _asks(session, export, found)
    if export.erased_at is not None or (export.staff_id is not None and asks is None):
        return _put_aside(session, run, export)
    if run.phase != WRITING:
        run.total = _counted(session, run, export, asks)
        run.state, run.phase = RunState.WORKING, WRITING
        run.started_at = session.scalar(func.now().select())
        return True
    return _written(session, run, export, asks)


def _asks(session: Session, export: Export, found: Ledger) -> Acting | None:
    """Return who asks, as the wall knows them; None where they may not see the list any more."""
    holds = rights(session, staff_id=export.staff_id or 0)
    if not holds.may(found.permission, export.path):
        return None
    return Acting(str(Actor("staff", str(export.staff_id))), user=export.staff_id, everything=holds.sees_all)


def _put_aside(session: Session, run: Run, export: Export) -> bool:
    """Stop a run whose file nobody may have any more."""
    if export.erased_at is None:
        run.result = {"refused": True}
    run.state = RunState.DISCARDED
    erase(session, export=export)
    return False


def _counted(session: Session, run: Run, export: Export, asks: Acting | None) -> int:
    """Return how many rows there are, 0 where that takes too long to find out."""
    found = ledger(export.ledger)
    try:
        with at_most(session, _PATIENCE), nullcontext() if asks is None else reading_as(session, asks):
            return found.count(session, wanted_of(found.wanted, export.wanted), run.business_day)
    except TooLongError:
        return 0


def _written(session: Session, run: Run, export: Export, asks: Acting | None) -> bool:
    """Write the rows behind the last one; return whether there are more."""
    found = ledger(export.ledger)
    part = Stretch(on=run.business_day, behind=_key(export.mark), rows=int(run.params["slice"]))
    eyes = Eyes(Language(export.language), ZoneInfo(export.zone))
    columns = [column for column in found.columns if column.key in set(export.columns)]
    with nullcontext() if asks is None else reading_as(session, asks):
        page = found.read(session, wanted_of(found.wanted, export.wanted), part)
        rows = [[column.cell(row, eyes) for column in columns] for row in page.rows]
    writer = _writer(export, columns, eyes)
    if rows:
        keep(session, export=export, pieces=writer.rows(rows))
    run.done += len(rows)
    if page.onward is not None:
        export.mark, export.written = _kept(page.onward), dict(writer.state())
        return True
    keep(session, export=export, pieces=writer.end())
    size, ready_at = size_of(session, export=export), session.scalar(func.now().select())
    export.rows, export.size, export.ready_at = run.done, size, ready_at
    export.mark, export.written = None, {}
    run.total = run.done
    finish(session, run, rows=run.done)
    return False


def _writer(export: Export, columns: Sequence[Column], eyes: Eyes) -> TableWriter:
    heads = [eyes.said(column.words) for column in columns]
    if export.format is Format.CSV:
        return SeparatedWriter(heads, comma=export.language in _WITH_COMMA, state=export.written)
    return WorkbookWriter(heads, name=eyes.said(ledger(export.ledger).words), state=export.written)


def _kept(key: Sequence[Any]) -> list[Any]:
    """Return a key as JSON."""
    return [{"day": value.isoformat()} if isinstance(value, dt.date) else value for value in key]


def _key(kept: Sequence[Any] | None) -> tuple[Any, ...] | None:
    return None if kept is None else tuple(_part(value) for value in kept)


def _part(value: Any) -> Any:
    return dt.date.fromisoformat(value["day"]) if isinstance(value, Mapping) else value


WORK: Final = Kind(step=_step)
"""What does the work of a list that is taken out."""
