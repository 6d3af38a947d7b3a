"""Tries something out and takes it back: what would be refused later is refused now."""

from collections.abc import Callable

from sqlalchemy.orm import Session


def try_out(session: Session, work: Callable[[], object]) -> None:
    """Do a piece of work within the session's transaction and undo it; raises what the work raises."""
    with session.begin_nested() as trial:
        work()
        trial.rollback()
