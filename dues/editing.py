"""What changing things that are set up has in common: rows are held, and what something refers to stays."""

from typing import TypeVar

import psycopg
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


def held(session: Session, kind: type[Row], key: object) -> Row:
    """Return a row by its key, locked until the transaction ends; raise GoneError."""
    row = session.get(kind, key, with_for_update=True, populate_existing=True)
    if row is None:
        raise GoneError(kind.__tablename__)
    return row


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
