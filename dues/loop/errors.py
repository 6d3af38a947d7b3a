"""Refusals of the loop's verbs."""


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
