"""How long the database works on one statement where an answer is of use only if it comes soon."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

_WAIT: Final = text("SELECT set_config('statement_timeout', :at_most, true)")


class TooLongError(Exception):
    """A statement took longer than it might; what its block had done is undone."""


@contextmanager
def at_most(session: Session, wait: str) -> Iterator[None]:
    """Let no statement of a block take longer ("20s"); raise TooLongError, after which the transaction can go on."""
    before = session.scalar(select(func.current_setting("statement_timeout")))
    try:
        with session.begin_nested():
            session.execute(_WAIT, {"at_most": wait})
            yield
            session.execute(_WAIT, {"at_most": before})
    except OperationalError as error:
        if isinstance(error.orig, psycopg.errors.QueryCanceled):
            raise TooLongError from error
        raise
