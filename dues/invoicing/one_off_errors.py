"""Refusals of invoices that somebody writes line by line."""

import datetime as dt

from dues.invoicing.errors import InvoicingError


class OneOffError(InvoicingError):
    """The invoice cannot be written as it is."""


class NoLinesError(OneOffError):
    """There is nothing on it."""

    def __init__(self) -> None:
        super().__init__("An invoice has at least one line.")


class NothingToPayError(OneOffError):
    """Its lines add up to nothing, or to less; ``total`` is what they add up to, in minor units."""

    def __init__(self, total: int) -> None:
        super().__init__(f"The lines add up to {total}: there is nothing to pay.")
        self.total = total


class TooMuchError(OneOffError):
    """Its lines are beyond what anybody charges."""

    def __init__(self) -> None:
        super().__init__("The lines add up to more than an invoice can ask for.")


class NoBooksHereError(OneOffError):
    """Nobody at or above the group has books, or the books have no account to be paid on."""

    def __init__(self, group: str) -> None:
        super().__init__(f"{group} has no creditor with books and a preferred account in its own currency.")


class NoPayerError(OneOffError):
    """Whoever would pay has died."""

    def __init__(self) -> None:
        super().__init__("Whoever would pay has died.")


class NoWayError(OneOffError):
    """There is neither an e-mail address nor a postal one."""

    def __init__(self) -> None:
        super().__init__("There is neither an e-mail address nor a postal one to send it to.")


class NotSoldHereError(OneOffError):
    """The group may not sell a product, or does not any more; ``place`` is the line's, from zero."""

    def __init__(self, place: int) -> None:
        super().__init__(f"The product of line {place + 1} is not sold here.")
        self.place = place


class NoEarningsError(OneOffError):
    """A line has no revenue account in the creditor's books; ``place`` is the line's, from zero."""

    def __init__(self, place: int) -> None:
        super().__init__(f"Line {place + 1} has no revenue account in the creditor's books.")
        self.place = place


class NotChargeableError(OneOffError):
    """A membership's next period cannot be charged; ``place`` is the line's, from zero, ``reason`` as runs say it."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(f"The membership of line {place + 1} cannot be charged: {reason}.")
        self.place = place
        self.reason = reason


class DueTooEarlyError(OneOffError):
    """The last day to pay is over already."""

    def __init__(self, earliest: dt.date) -> None:
        super().__init__(f"The last day to pay is {earliest} at the earliest.")
        self.earliest = earliest


class DueTooLateError(OneOffError):
    """The last day to pay is further away than anybody waits."""

    def __init__(self, latest: dt.date) -> None:
        super().__init__(f"The last day to pay is {latest} at the latest.")
        self.latest = latest


class SomethingElseError(OneOffError):
    """It would not say any more what was shown."""

    def __init__(self) -> None:
        super().__init__("The invoice would say something else now than what was shown.")
