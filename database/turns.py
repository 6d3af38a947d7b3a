"""Turns: whoever changes the same thing waits until the other's transaction has ended."""

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

# A number of our own among advisory locks, mixed into the hash of what is locked.
_TURN: Final = 7707


def take_turn(session: Session, thing: str) -> None:
    """Wait until nobody else has their turn with a thing, and keep it until the transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(thing, _TURN))))
