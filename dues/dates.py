"""The business clock and arithmetic of days, months and ages; nothing here asks the system for the date but `tick`."""

import calendar
import datetime as dt
from typing import Final

from sqlalchemy import CheckConstraint, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from database.base import Base

FIRST: Final = dt.date(1900, 1, 1)
"""The first day that people may name."""
LAST: Final = dt.date(2199, 12, 31)
"""The last one."""


class BusinessClock(Base):
    """The one row that says what day it is for every face and process.

    ``today`` moves with the real days (``as_of`` is the real day it was last moved on) and by command.
    """

    __tablename__ = "business_clock"

    single: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    today: Mapped[dt.date]
    as_of: Mapped[dt.date]

    __table_args__ = (CheckConstraint("single", name="one_row"),)


class ClockNotSetError(Exception):
    """The database has no business day yet."""

    def __init__(self) -> None:
        super().__init__("The business clock is not set. Run: kontingent db upgrade")


def today(session: Session) -> dt.date:
    """Return the business day; raise ClockNotSetError in a database that was never started."""
    day: dt.date | None = session.scalar(select(BusinessClock.today))
    if day is None:
        raise ClockNotSetError
    return day


def set_clock(session: Session, *, to: dt.date, real: dt.date) -> None:
    """Put the business day at ``to``; from here it moves on with the real days after ``real``."""
    statement = insert(BusinessClock).values(single=True, today=to, as_of=real)
    session.execute(statement.on_conflict_do_update(index_elements=["single"], set_={"today": to, "as_of": real}))


def tick(session: Session, *, real: dt.date) -> dt.date:
    """Move the business day by the real days gone since it was last moved, and return it. Safe to repeat."""
    moved = update(BusinessClock).where(BusinessClock.as_of < real)
    session.execute(moved.values(today=BusinessClock.today + (real - BusinessClock.as_of), as_of=real))
    return today(session)


def read_day(written: str) -> dt.date:
    """Return a day that somebody wrote as year, month and day; raise ValueError for what is none that we count with.

    Days next to the first or the last that a calendar knows have no neighbours, and are only ever slips.
    """
    day = dt.date.fromisoformat(written)
    if not FIRST <= day <= LAST:
        raise ValueError(written)
    return day


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day of month ``months`` later, or that month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def age_on(born: dt.date, on: dt.date) -> int:
    """Return full years of age; who is born on 29 February turns a year older on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
