"""Refusals of collection."""

import datetime as dt


class CollectionError(Exception):
    """What is owed cannot be left alone or pursued as asked."""


class NothingToHoldError(CollectionError):
    """None of the claims has anything open."""

    def __init__(self) -> None:
        super().__init__("Nothing is open, so there is nothing to hold.")


class NothingHeldError(CollectionError):
    """None of the claims is held."""

    def __init__(self) -> None:
        super().__init__("Nothing is held, so there is nothing to let go.")


class HoldDayError(CollectionError):
    """A hold ends on a day that lies ahead, and not years away."""

    def __init__(self, until: dt.date) -> None:
        super().__init__(f"A hold cannot end on {until.isoformat()}: choose a day from today on, within two years.")
