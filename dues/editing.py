"""Changes what people set up: two of them at once are told, and what something refers to stays."""

import hashlib
from collections.abc import Collection
from typing import TypeVar

import psycopg
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from database.base import Base

Row = TypeVar("Row", bound=Base)


class EditingError(Exception):
    """A change of what is set up was refused."""


class GoneError(EditingError):
    """What was to be changed is not there any more."""

    def __init__(self, table: str) -> None:
        super().__init__(f"This {table} is not there any more.")


class ChangedMeanwhileError(EditingError):
    """Somebody else has changed the row since it was read."""

    def __init__(self) -> None:
        super().__init__("Somebody else has changed this in the meantime. Look at what is there now.")


class StillUsedError(EditingError):
    """Rows of another table refer to what was to be deleted; ``table`` names it."""

    def __init__(self, table: str) -> None:
        super().__init__(f"This is still used by {table}.")
        self.table = table


class FixedError(EditingError):
    """A value cannot be changed any more: what was issued with it would be contradicted. ``field`` names it."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"The {field} is fixed: {why}.")
        self.field = field


class MissingError(EditingError):
    """Something that must be given was left empty; ``field`` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(f"The {field} is missing.")
        self.field = field


def edition(*rows: Base, without: Collection[str] = ()) -> str:
    """Return a mark of what rows hold: another one as soon as any column, but those named, holds something else."""
    kept = [[(column.key, repr(getattr(row, column.key))) for column in inspect(type(row)).columns] for row in rows]
    kept = [[(key, value) for key, value in row if key not in without] for row in kept]
    return hashlib.sha256(repr(kept).encode()).hexdigest()[:24]


def held(session: Session, kind: type[Row], key: object) -> Row:
    """Return a row by its key, locked until the transaction ends; raise GoneError."""
    row = session.get(kind, key, with_for_update=True, populate_existing=True)
    if row is None:
        raise GoneError(kind.__tablename__)
    return row


def refuse_changed(seen: str | None, now: str) -> None:
    """Raise ChangedMeanwhileError where somebody saw another edition than there is now; None saw none."""
    if seen is not None and seen != now:
        raise ChangedMeanwhileError


def remove(session: Session, *rows: Base) -> None:
    """Delete rows, the first ones first; raise StillUsedError where others refer to any of them."""
    try:
        with session.begin_nested():
            for row in rows:
                session.delete(row)
                session.flush()
    except IntegrityError as error:
        if not isinstance(error.orig, psycopg.errors.ForeignKeyViolation):
            raise
        raise StillUsedError(error.orig.diag.table_name or "") from error
