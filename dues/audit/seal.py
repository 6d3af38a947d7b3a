"""Chains what is settled, and erases values whose time is over: both by functions that belong to the owner."""

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.acting import Acting, act
from dues.actor import Actor
from dues.audit.models import WaitingChange

SLICE: Final = 2_000
"""Lines that are chained in one transaction: a tenth of a second or two."""

KEPT_AT_LEAST: Final = 30
"""Days that values are kept whatever is set; the database refuses fewer, too."""


def any_waiting(session: Session) -> bool:
    """Tell whether a line waits to be chained."""
    return session.scalar(select(WaitingChange.change_id).limit(1)) is not None


def seal(session: Session, *, most: int = SLICE) -> int:
    """Chain the lines whose transactions have ended, at most so many, and return how many those were.

    One sealer works at a time: another one finds nothing to do. Nobody who writes waits for it.
    """
    return session.scalar(select(func.audit_seal(most))) or 0


def erase_values(session: Session, *, days: int, by: Actor) -> int:
    """Erase the values of lines that are older than so many days, and return of how many; the lines stay."""
    act(session, Acting(actor=str(by)))
    return session.scalar(select(func.audit_erase(days))) or 0


def forget(session: Session, *, about: str, subject_id: int, by: Actor) -> int:
    """Erase the values of all that is about one thing ("person", 7) and return of how many lines; the lines stay."""
    act(session, Acting(actor=str(by)))
    return session.scalar(select(func.audit_forget(about, subject_id))) or 0
