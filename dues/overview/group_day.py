"""A group at a glance: what needs whoever looks after it, and how it is doing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from database.sql import statement
from dues.dates import add_months

MONTHS: Final = 12
_NEW_FOR: Final = 3
"""Months for which a member can be new to somebody."""


class Matter(StrEnum):
    """What is told of a group."""

    MEMBERS = "members"
    NEW = "new"
    OPEN = "open"
    AHEAD = "ahead"
    OVERDUE = "overdue"
    CHARGED = "charged"
    PAID = "paid"
    UNDELIVERED = "undelivered"
    QUEUE = "queue"
    PREVIEW = "preview"
    FAILED = "failed"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Told:
    """How many there are of something, their minor units by currency, and from which day the oldest is."""

    things: int = 0
    amounts: Mapping[str, int] | None = None
    since: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """How many memberships began and ended in a month, which is named by its first day."""

    first: dt.date
    came: int
    went: int


def group_day(session: Session, *, path: str, on: dt.date, seen: dt.datetime) -> dict[Matter, Told]:
    """Return what is to be told of a group and those below it on a day; what is not there at all is left out.

    ``seen`` is the system's time since which members are new.
    """
    values = {
        "scope": path,
        "on": on,
        "from_day": on.replace(month=1, day=1),
        "moment": seen,
        "joined_from": newest(on),
    }
    found: dict[Matter, Told] = {}
    rows = session.execute(statement("dues/overview/sql/group_needs.sql"), values)
    for need, currency, things, amount, since in rows:
        if things or amount:
            found[Matter(need)] = _with(found.get(Matter(need), Told()), currency, things, amount, since)
    return found


def _with(told: Told, currency: str, things: int, amount: int, since: dt.date | None) -> Told:
    amounts = {**(told.amounts or {}), **({currency: int(amount)} if currency else {})}
    days = [day for day in (told.since, since) if day is not None]
    return Told(told.things + things, amounts, min(days, default=None))


def newest(on: dt.date) -> dt.date:
    """Return the day from which who joined can be new: a register that was taken over yesterday is no news."""
    return add_months(on, -_NEW_FOR)


def months(session: Session, *, path: str, on: dt.date) -> list[Month]:
    """Return the twelve months that end with a day's, oldest first."""
    first = add_months(on.replace(day=1), 1 - MONTHS)
    values = {"scope": path, "on": on, "from_day": first}
    rows = session.execute(statement("dues/overview/sql/group_months.sql"), values)
    moved = {month: (int(came), int(went)) for month, came, went in rows}
    firsts = [add_months(first, number) for number in range(MONTHS)]
    return [Month(day, *moved.get(day, (0, 0))) for day in firsts]
