"""What waits for a person, asked once a request: the side of a page and Today tell the same figures."""

from collections.abc import Mapping

from flask import g
from sqlalchemy.exc import SQLAlchemyError

from dues.access.declare import Kind
from dues.dates import ClockNotSetError
from dues.overview.waiting import MOST, Waiting, by_place, waiting
from web.house import door, house, session
from web.speech import reader
from web.today import today


def waits() -> tuple[Waiting, ...]:
    """Return what waits now, the most harmful first."""
    if "waits" not in g:
        g.waits = _asked()
    found: tuple[Waiting, ...] = g.waits
    return found


def waits_in_places() -> Mapping[str, int]:
    """Return how many things wait in each place; none on a page about a failure, which has its shell all the same."""
    if door() is not Kind.PERMISSION:
        return {}
    try:
        return by_place(waits() if "waits" in g else _asked(items=1))
    except (SQLAlchemyError, ClockNotSetError):
        return {}


def _asked(*, items: int = MOST) -> tuple[Waiting, ...]:
    zone = house().settings.time_zone
    return waiting(session(), on=today(), moment=house().now(), zone=zone, items=items)


def counted(things: int) -> str:
    """Return a count in digits, nothing for none; where counting has ended it says that there are more."""
    if things >= MOST:
        return f"{reader().number(MOST - 1)}+"
    return reader().number(things) if things else ""
