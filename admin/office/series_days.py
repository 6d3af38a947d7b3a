"""The days on which something is sent again and again, as somebody writes them."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from dues.dates import read_day
from dues.recurrence import Recurrence, RecurrenceError, Unit
from language import gettext_noop as _
from web.number_of import number_of
from web.speech import gettext

BOXES: Final = ("every", "unit", "day", "nth", "weekday", "from", "until", "how")
"""The boxes, by their names."""


def usual_days(on: dt.date) -> dict[str, str]:
    """Return the boxes as they stand before anything is written."""
    boxes = dict.fromkeys(BOXES, "")
    boxes |= {"every": "1", "unit": Unit.MONTH, "day": "1", "nth": "1", "how": "open"}
    return boxes | {"from": (on + dt.timedelta(days=1)).isoformat()}


def read_calendar(boxes: Mapping[str, str]) -> Recurrence | dict[str, str]:
    """Return the days that are written, or what is wrong at which box."""
    errors: dict[str, str] = {}
    first, last = _day(boxes["from"]), _day(boxes["until"])
    if first is None:
        errors["from"] = gettext(_("Choose the first day."))
    if (boxes["until"] and last is None) or (first and last and last < first):
        errors["until"] = gettext(_("Choose a day after the first one, or leave it empty."))
    weekday = _number(boxes["weekday"])
    unit = Unit(boxes["unit"]) if boxes["unit"] in set(Unit) else Unit.MONTH
    if unit is Unit.WEEK and weekday is None:
        errors["weekday"] = gettext(_("Choose the weekday."))
    if errors or first is None:
        return errors
    of_month = unit is not Unit.WEEK
    try:
        return Recurrence(
            _number(boxes["every"]) or 0,
            unit,
            first,
            last,
            day=_number(boxes["day"]) if of_month and weekday is None else None,
            weekday=weekday,
            nth=_number(boxes["nth"]) if of_month and weekday is not None else None,
        )
    except RecurrenceError:
        return {"every": gettext(_("Write a number from 1 to 99."))}


def _day(written: str) -> dt.date | None:
    try:
        return read_day(written)
    except ValueError:
        return None


def _number(written: str) -> int | None:
    return number_of(written, digits=2)
