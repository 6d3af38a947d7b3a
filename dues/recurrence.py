"""A calendar of days that come back: every n weeks, months, quarters or years, from a day and perhaps until one.

Days are taken as they come, also on Saturdays, Sundays and holidays: what lies on such a day is made on it, and its
last day to pay is counted from it.
"""

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import count, islice, takewhile
from typing import Final

LAST: Final = 31
"""As a day of the month: its last one, however many it has."""
LAST_WEEK: Final = 5
"""As which weekday of the month: the last one."""
MOST: Final = 99
"""Weeks, months, quarters or years between two days at most."""
_A_WEEK: Final = 7


class Unit(StrEnum):
    """What is counted between two days."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS: Final = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


class RecurrenceError(ValueError):
    """The numbers say no day that comes back."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Every ``every`` units on a day, from ``from_on`` until ``until_on`` (None: for good), both included.

    The day is ``day`` of the month, 1 to 31 (a month that is shorter takes its last one), or a ``weekday``, 1 (Monday)
    to 7: of the week, or with ``nth`` the first to fourth of the month, 5 for its last. The first day is the first that
    fits, whatever its month or week, and the others are counted from it. Raises RecurrenceError.
    """

    every: int
    unit: Unit
    from_on: dt.date
    until_on: dt.date | None = None
    day: int | None = None
    weekday: int | None = None
    nth: int | None = None

    def __post_init__(self) -> None:
        """Refuse what says no day."""
        of_week = self.unit is Unit.WEEK and self.day is None and self.nth is None
        of_month = self.unit is not Unit.WEEK and (self.day is None) == (self.weekday is not None)
        if of_month and (self.nth is None) != (self.weekday is None):
            of_month = False
        fits = (self.day or 1) in range(1, LAST + 1) and (self.nth or 1) in range(1, LAST_WEEK + 1)
        weekday = 1 if self.weekday is None and not of_week else self.weekday
        if not (of_week or of_month) or not fits or weekday not in range(1, _A_WEEK + 1):
            raise RecurrenceError(f"{self} is no day that comes back.")
        if self.every not in range(1, MOST + 1):
            raise RecurrenceError(f"{self.every} is not from 1 to {MOST}.")

    def days(self) -> Iterator[dt.date]:
        """Return the days, first to last, without end where there is none."""
        found = self._weeks() if self.unit is Unit.WEEK else self._months(_MONTHS[self.unit] * self.every)
        until = self.until_on or dt.date.max
        return takewhile(lambda day: day <= until, found)

    def first_from(self, day: dt.date) -> dt.date | None:
        """Return the first day that is not before another; None where they are over by then."""
        return next((one for one in self.days() if one >= day), None)

    def coming(self, day: dt.date, *, number: int) -> list[dt.date]:
        """Return the next days that are not before another."""
        return list(islice((one for one in self.days() if one >= day), number))

    def _weeks(self) -> Iterator[dt.date]:
        step = dt.timedelta(weeks=self.every)
        try:
            first = self.from_on + dt.timedelta(days=((self.weekday or 1) - self.from_on.isoweekday()) % _A_WEEK)
            while True:
                yield first
                first += step
        except OverflowError:
            return

    def _months(self, step: int) -> Iterator[dt.date]:
        start = self.from_on.year * 12 + self.from_on.month - 1
        if self._in_month(start) < self.from_on:
            start += 1
        for month in count(start, step):
            if month >= (dt.MAXYEAR + 1) * 12:
                return
            yield self._in_month(month)

    def _in_month(self, month: int) -> dt.date:
        """Return the day of a month, counted from the year nought."""
        year, before = divmod(month, 12)
        starts_on, length = calendar.monthrange(year, before + 1)
        if self.weekday is None:
            return dt.date(year, before + 1, min(self.day or 1, length))
        first = 1 + (self.weekday - 1 - starts_on) % _A_WEEK
        day = first + _A_WEEK * ((self.nth or 1) - 1)
        return dt.date(year, before + 1, day if day <= length and self.nth != LAST_WEEK else _last(first, length))


def _last(first: int, length: int) -> int:
    return first + (length - first) // _A_WEEK * _A_WEEK
