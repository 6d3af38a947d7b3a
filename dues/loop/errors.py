"""Refusals of the loop's verbs."""

import datetime as dt


class JoinError(Exception):
    """Somebody cannot join as asked."""


class NotJoinableError(JoinError):
    """The group takes no members by itself, or has no creditor to charge for it."""

    def __init__(self, group: str) -> None:
        super().__init__(f"One cannot join {group} here.")


class NotOfferedError(JoinError):
    """The group has no such membership to join."""

    def __init__(self, group: str) -> None:
        super().__init__(f"{group} does not offer that membership.")


class ChargedAlreadyError(JoinError):
    """An earlier membership of the same kind is charged beyond the day from which the new one would run."""

    def __init__(self, through: dt.date) -> None:
        super().__init__(f"An earlier membership of this kind is charged through {through}.")
        self.through = through


class WrongAgeError(JoinError):
    """The membership is for people of other ages."""

    def __init__(self, age: int) -> None:
        super().__init__(f"The membership is not for somebody of {age} years.")


class NoPriceError(JoinError):
    """The organisation has set no complete price for this membership, age and day."""

    def __init__(self) -> None:
        super().__init__("There is no complete price for this membership. Set one before people join.")


class PayerNeededError(JoinError):
    """A child joins, and nobody of age is named who pays."""

    def __init__(self) -> None:
        super().__init__("A member under 18 needs an adult who pays.")


class DeceasedError(JoinError):
    """Who has died joins nothing."""

    def __init__(self) -> None:
        super().__init__("Whoever has died cannot join.")


class EndError(Exception):
    """A membership cannot be ended as asked."""


class NoMembershipError(EndError):
    """There is no such membership, or it has ended already."""

    def __init__(self, membership: int) -> None:
        super().__init__(f"There is no membership {membership} that could be ended.")


class EndDayError(EndError):
    """A membership ends between the day it began and today."""

    def __init__(self, on: dt.date, first: dt.date, last: dt.date) -> None:
        super().__init__(f"The membership cannot end on {on}: choose a day from {first} to {last}.")


class EndMovedError(EndError):
    """What would be credited is something else by now than what was seen."""

    def __init__(self) -> None:
        super().__init__("Invoices of this membership have changed meanwhile. Look at it again, then end it.")


class DeathError(Exception):
    """A death cannot be recorded, or taken back, as asked."""


class DeathRecordedError(DeathError):
    """It is recorded already."""

    def __init__(self, person: int) -> None:
        super().__init__(f"The death of person {person} is recorded already.")


class DeathDayError(DeathError):
    """Nobody dies before they are born, or tomorrow."""

    def __init__(self, on: dt.date) -> None:
        super().__init__(f"Nobody can have died on {on}.")


class DeathMovedError(DeathError):
    """Something else would be credited than was seen."""

    def __init__(self) -> None:
        super().__init__("Something has changed meanwhile: other invoices would be credited than were shown.")


class NoDeathError(DeathError):
    """There is no death that could be taken back, or it is too long ago."""

    def __init__(self, person: int) -> None:
        super().__init__(f"No death of person {person} can be taken back.")
