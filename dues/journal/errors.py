"""Refusals of the journal."""

import datetime as dt


class JournalError(Exception):
    """The journal does not take what it was given."""


class BegunAlreadyError(JournalError):
    """Books are verified on one snapshot, so their verification begins its transaction."""

    def __init__(self) -> None:
        super().__init__("The books are verified first of all in a transaction, and this one has begun already.")


class NoPostingRuleError(JournalError):
    """A creditor's books do not say where an event is booked."""

    def __init__(self, creditor: int, event: str) -> None:
        super().__init__(f"Creditor {creditor} has no posting rule for {event}. Set one up under Set up, Rules.")


class ClosedDayError(JournalError):
    """The day is closed for posting."""

    def __init__(self, through: dt.date) -> None:
        super().__init__(f"The books are closed through {through}. Choose a later day.")


class CloseBackwardsError(JournalError):
    """Closed books are not opened by closing an earlier day."""

    def __init__(self, through: dt.date) -> None:
        super().__init__(f"The books are already closed through {through}.")


class CloseAheadError(JournalError):
    """A day that has not ended cannot be closed."""

    def __init__(self, today: dt.date) -> None:
        super().__init__(f"Only days before {today} can be closed.")
