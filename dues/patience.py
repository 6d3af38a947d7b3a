"""Does a piece of work again when it met another's locks crosswise: a person at a desk never reads of a deadlock."""

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Result = TypeVar("Result")

ATTEMPTS: Final = 5
"""How often a piece of work is begun: a slice of bulk work takes about 300 ms, and one of two is let through."""

_PAUSE: Final = 0.05  # seconds before the second attempt; each further one waits twice as long
_CROSSWISE: Final = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)


class BusyError(Exception):
    """Others worked on the same rows at every attempt; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else is working on the same invoices at this moment. Nothing was changed; try again."
        )


def patiently(session: Session, work: Callable[[], Result]) -> Result:
    """Do a piece of work in a savepoint, and again after a deadlock: the savepoint lets go of the locks it took.

    The work must read what it needs itself, under locks. Raises BusyError when that did not help; every other error
    passes. The caller's own locks, taken before, stay.
    """
    for attempt in range(ATTEMPTS):
        try:
            with session.begin_nested():
                return work()
        except DBAPIError as error:
            if not isinstance(error.orig, _CROSSWISE):
                raise
        # Two who begin again at the same moment would meet again.
        time.sleep(_PAUSE * 2**attempt * (0.5 + random.random()))  # noqa: S311 -- nothing secret
    raise BusyError
