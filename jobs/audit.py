"""The audit log's keeper: the active clock chains what has settled after each sweep, and erases what is old each day.

Neither can rest by the schedule: whoever could stop the chain could stop the proof. What is not done now is done by the
next look; killed in between, nothing is half done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from database.connect import Role
from dues.actor import AUTOMATIC
from dues.audit.seal import SLICE, erase_values, seal
from dues.lists import pieces

if TYPE_CHECKING:
    from jobs.house import House

log = structlog.get_logger(__name__)

SLICES: Final = 5
"""Slices chained after one sweep, about a second of work at most; the rest follows after the next."""


def seal_settled(house: House, *, slices: int = SLICES, size: int = SLICE) -> int:
    """Chain what has settled, at most so many slices of it, and return how many lines that were."""
    done = 0
    for _ in range(slices):
        with house.database.unit_of_work(Role.JOBS) as session:
            chained = seal(session, most=size)
        done += chained
        if chained < size:
            break
    return done


def erase_exports(house: House) -> int:
    """Delete the files of lists that were taken out long enough ago, and return how many."""
    with house.database.unit_of_work(Role.JOBS) as session:
        erased = pieces.erase_old(session, days=house.settings.export_days)
    if erased:
        log.info("files of exports deleted", files=erased, days=house.settings.export_days)
    return erased


def erase_old(house: House) -> int:
    """Erase the values whose time is over, and return of how many lines."""
    with house.database.unit_of_work(Role.JOBS) as session:
        erased = erase_values(session, days=house.settings.audit_days, by=AUTOMATIC)
    if erased:
        log.info("values of the audit log erased", lines=erased, days=house.settings.audit_days)
    return erased
