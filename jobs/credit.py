"""Uses members' credit for what they owe, now and then, a piece at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from database.connect import Role
from dues.actor import AUTOMATIC
from dues.dates import today
from dues.payments.use_credit import use_credit

if TYPE_CHECKING:
    from jobs.house import House

log = structlog.get_logger(__name__)

EVERY: Final = 60.0
"""Seconds from one look to the next: credit waits a minute at most for an invoice to be paid with."""

_PIECES: Final = 50
"""Pieces done at one look; the clock has other things to do, too."""


def use_credits(house: House) -> None:
    """Use what can be used, each piece in a transaction of its own."""
    for _piece in range(_PIECES):
        with house.database.unit_of_work(Role.JOBS) as session:
            claims = use_credit(session, on=today(session), by=AUTOMATIC)
        if not claims:
            return
        log.info("credit used", claims=claims)
