"""Which days can be the last ones to pay."""

import datetime as dt
from typing import Final

from dues.dates import add_months
from dues.invoicing.one_off_errors import DueTooEarlyError, DueTooLateError

_FARTHEST: Final = 60
"""Months from the day on which something is invoiced to the last day to pay."""


def latest_due(on: dt.date) -> dt.date:
    """Return the last day until which something can be left to be paid that is invoiced on a day."""
    return add_months(on, _FARTHEST)


def refuse_due(due_on: dt.date, *, on: dt.date) -> None:
    """Raise DueTooEarlyError or DueTooLateError for what cannot be the last day to pay."""
    if due_on < on:
        raise DueTooEarlyError(on)
    if due_on > latest_due(on):
        raise DueTooLateError(latest_due(on))
