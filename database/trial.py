"""Trials: work that is done to see whether it would be refused, and undone at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session


@contextmanager
def trial(session: Session) -> Iterator[None]:
    """Do the block's work and undo it; what refuses it is raised."""
    with session.begin_nested() as tried:
        yield
        tried.rollback()
