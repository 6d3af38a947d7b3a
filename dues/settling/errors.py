"""Refusals of settlements between groups."""

import datetime as dt


class SettlingError(Exception):
    """A settlement was refused; nothing is changed."""


class SettleAheadError(SettlingError):
    """A day that is still to come cannot be settled through."""

    def __init__(self, today: dt.date) -> None:
        super().__init__(f"Settle through {today} or an earlier day.")


class OwedMovedError(SettlingError):
    """What is owed is not what was seen any more, to whom, for what, or how much."""

    def __init__(self) -> None:
        super().__init__("What is owed has changed since. Look at it again.")
