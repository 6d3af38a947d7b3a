"""Takes tables in: kept as they came, read as somebody says, and done by a run that accepts all or nothing.

What is done with a table is said by its kind: its lines are charged, or it lists invoices of another system, which are
taken in (`take_in_file`).
"""

import datetime as dt
import hashlib
import zlib
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.turns import take_turn
from dues.actor import Actor
from dues.dates import read_day
from dues.groups.models import Group
from dues.invoicing.charge_columns import CHARGED, PERSONS, TAKEN_IN, Field, Reading, guessed, header_digest
from dues.invoicing.charge_errors import (
    ChargedBeforeError,
    DueDayError,
    NoPersonColumnError,
    NoSystemError,
    NothingSoldError,
    UnknownColumnError,
)
from dues.invoicing.charge_models import ChargeFault, ChargeFile
from dues.invoicing.charge_run import start_charging
from dues.invoicing.due_days import latest_due
from dues.invoicing.undo_queries import undoings
from dues.runs.models import Run, RunState
from tablefiles import Table, read

KIND: Final = "charges"
TAKE_IN: Final = "take-in"
_FIELDS: Final = {KIND: CHARGED, TAKE_IN: TAKEN_IN}
_LEVEL: Final = 6


def keep_table(session: Session, *, content: bytes, name: str, group: Group, by: Actor, kind: str = KIND) -> ChargeFile:
    """Keep a table for a group, with how its columns were read the last time, or are guessed from their names.

    Raises TableFileError for what is no table, and ChargedBeforeError for one that is being done, or was.
    """
    table = read(content)
    digest = hashlib.sha256(content).hexdigest()
    before = _charged_before(session, kind=kind, group_id=group.id, digest=digest)
    if before is not None:
        raise ChargedBeforeError(*before)
    kept = ChargeFile(
        kind=kind,
        group_id=group.id,
        name=name,
        digest=digest,
        content=zlib.compress(content, level=_LEVEL),
        header_digest=header_digest(table.header),
        rows=len(table.rows),
        actor=str(by),
    )
    session.add(kept)
    session.flush()  # its address is where one goes on
    return kept


def table_of(file: ChargeFile) -> Table:
    """Return the table of a file that is kept."""
    return read(zlib.decompress(file.content))


def file_named(session: Session, *, name: UUID, kind: str = KIND) -> ChargeFile | None:
    """Return the file of a kind that an address names."""
    return session.scalar(select(ChargeFile).where(ChargeFile.uuid == name, ChargeFile.kind == kind))


def file_of(session: Session, *, run_id: int) -> ChargeFile | None:
    """Return the file that a run does."""
    return session.scalar(select(ChargeFile).where(ChargeFile.run_id == run_id))


def newest_files(session: Session, *, limit: int, kind: str = KIND) -> list[tuple[ChargeFile, Run | None]]:
    """Return the tables of a kind that came last, each with the run that does it."""
    wanted = select(ChargeFile, Run).outerjoin(Run, Run.id == ChargeFile.run_id)
    rows = session.execute(wanted.where(ChargeFile.kind == kind).order_by(ChargeFile.id.desc()).limit(limit))
    return [(file, run) for file, run in rows]


def reading_of(session: Session, *, file: ChargeFile, table: Table) -> Reading:
    """Return how a file is read: as was said, as such a table was read the last time, or as its columns are called."""
    if file.reading:
        return Reading.of(file.reading)
    wanted = select(ChargeFile.reading).where(
        ChargeFile.kind == file.kind,
        ChargeFile.group_id == file.group_id,
        ChargeFile.header_digest == file.header_digest,
        ChargeFile.run_id.is_not(None),
    )
    before = session.scalar(wanted.order_by(ChargeFile.id.desc()).limit(1))
    if before:
        return Reading.of({**before, "due_on": ""})
    return Reading(columns=guessed(table.header, _FIELDS[file.kind]))


def charge_table(session: Session, *, file: ChargeFile, reading: Reading, on: dt.date, by: Actor) -> Run:
    """Start the run that checks all of a table and previews its invoices; a table that waits is not started twice.

    Raises a ChargeFileError for a reading that cannot be.
    """
    refuse_reading(table_of(file), reading, on=on)
    return begin(session, file=file, reading=reading, on=on, by=by)


def begin(session: Session, *, file: ChargeFile, reading: Reading, on: dt.date, by: Actor) -> Run:
    """Start the run of a table that can be read so.

    Raises ChargedBeforeError where a run of the same table is under way, or was and stands: of this file, or of another
    one that somebody sent with the same content. Who comes at the same moment waits, and finds the first one's run.
    """
    take_turn(session, f"table {file.kind} {file.group_id} {file.digest}")
    session.refresh(file, with_for_update=True)
    before = _charged_before(session, kind=file.kind, group_id=file.group_id, digest=file.digest)
    if before is not None:
        raise ChargedBeforeError(*before)
    file.reading = reading.stored()
    group = session.get_one(Group, file.group_id)
    run = start_charging(session, kind=file.kind, params={"file": file.id, "group": group.slug}, on=on, by=by)
    file.run_id = run.id
    session.flush()
    return run


def refuse_reading(table: Table, reading: Reading, *, on: dt.date) -> None:
    """Raise a ChargeFileError where the lines of a table cannot be read so."""
    said = refuse_columns(table, reading)
    if Field.PRODUCT not in said and not {Field.TEXT, Field.PRICE} <= said.keys():
        raise NothingSoldError
    if reading.due_on:
        try:
            due = read_day(reading.due_on)
        except ValueError as error:
            raise DueDayError from error
        if not on <= due <= latest_due(on):
            raise DueDayError


def refuse_columns(table: Table, reading: Reading) -> dict[Field, int]:
    """Return what stands at which place; raise a ChargeFileError where columns are missing that all tables need."""
    unknown = next((name for name in reading.columns.values() if name not in table.header), None)
    if unknown is not None:
        raise UnknownColumnError(unknown)
    said = reading.places(table.header)
    if not any(what in said for what in PERSONS):
        raise NoPersonColumnError
    if Field.EXTERNAL in said and not reading.system:
        raise NoSystemError
    return said


def faults(session: Session, *, run_id: int, limit: int | None = None) -> list[ChargeFault]:
    """Return why the table of a run was not accepted, in the order of its lines."""
    wanted = select(ChargeFault).where(ChargeFault.run_id == run_id).order_by(ChargeFault.number)
    return list(session.scalars(wanted if limit is None else wanted.limit(limit)))


def _charged_before(session: Session, *, kind: str, group_id: int, digest: str) -> tuple[UUID, UUID] | None:
    """Return the addresses of the same table that is being done, or was, and of its run.

    One whose run was undone may come again.
    """
    same = (ChargeFile.kind == kind, ChargeFile.group_id == group_id, ChargeFile.digest == digest)
    found = select(ChargeFile.uuid, Run).join(Run, Run.id == ChargeFile.run_id).where(*same)
    rows = session.execute(found).all()
    undone = undoings(session, runs=[run.id for _, run in rows])
    done = (run for _, run in rows if run.result.get("issued") and not _undone(undone.get(run.id)))
    there = {run.id for run in done} | {run.id for _, run in rows if _unfinished(run)}
    return next(((uuid, run.uuid) for uuid, run in rows if run.id in there), None)


def _undone(undoing: Run | None) -> bool:
    return undoing is not None and undoing.state is RunState.DONE and bool(undoing.result.get("credited"))


def _unfinished(run: Run) -> bool:
    return run.state not in (RunState.DISCARDED, RunState.DONE)
