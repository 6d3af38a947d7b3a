"""The clock: moves the business day on, starts the daily work and sweeps; one process of any number is active."""

from __future__ import annotations

import datetime as dt
import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy import text

from database.connect import Role
from dues import dates
from jobs import credit
from jobs.audit import erase_exports, erase_old, seal_settled
from jobs.daily import Daily
from jobs.logs import where
from jobs.stopping import heed, wish
from jobs.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from jobs.house import House

log = structlog.get_logger(__name__)

BEAT: Final = 1.0
"""Seconds between two looks at the day."""
SWEEP: Final = 5.0
"""Seconds between two sweeps."""

# "CLOCK" read as a number: among advisory locks, that of being the active clock.
_LOCK: Final = 0x434C4F434B
_LONGEST: Final = 10.0  # seconds between two tries while the database is away


def run(house: House) -> None:
    """Be the clock until SIGTERM. A database or a Redis that goes away is waited for; nothing ends this process."""
    heed(signal.SIGTERM, signal.SIGINT)
    pause = BEAT
    while not wish.made():
        try:
            with _leading(house) as connection:
                pause = BEAT
                _beat(house, connection)
        except Exception as error:  # noqa: BLE001  # the clock outlives whatever happens to what it wakes
            log.warning("clock begins again", seconds=pause, **where(error))
            wish.wait(pause)
            pause = min(pause * 2, _LONGEST)


@contextmanager
def _leading(house: House) -> Iterator[Connection]:
    """Wait to be the one active clock, and be it for as long as the connection lives."""
    with house.database.engine(Role.JOBS).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}):
            if wish.wait(BEAT):
                break
        try:
            yield connection
        finally:
            connection.invalidate()  # the lock goes with the connection, also when the pool would keep it


def _beat(house: House, connection: Connection) -> None:
    """Look at the day each second, at its work and for what was left now and then, while the connection answers."""
    swept, spent = -SWEEP, -credit.EVERY
    daily, before = Daily(house), None
    while not wish.made():
        connection.execute(text("SELECT 1"))
        day = _tick(house)
        due = time.monotonic() - swept >= SWEEP
        if due or day != before:
            daily.look(day)
            if day != before:
                erase_old(house)
                erase_exports(house)
            before = day
        if due:
            sweep(house)
            seal_settled(house)
            swept = time.monotonic()
        if time.monotonic() - spent >= credit.EVERY:
            credit.use_credits(house)
            spent = time.monotonic()
        wish.wait(BEAT)


def _tick(house: House) -> dt.date:
    real = dt.datetime.now(house.settings.time_zone).date()
    with house.database.unit_of_work(Role.JOBS) as session:
        return dates.tick(session, real=real)
