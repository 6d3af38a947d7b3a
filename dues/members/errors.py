"""Refusals of the register."""


class MembersError(Exception):
    """A person or a membership cannot be changed as asked."""


class UnknownPersonError(MembersError):
    """There is no such person."""

    def __init__(self, person: int) -> None:
        super().__init__(f"There is no person {person}.")


class ChangedMeanwhileError(MembersError):
    """Somebody else has changed the person since the details were looked at."""

    def __init__(self, person: int) -> None:
        super().__init__(f"Person {person} was changed meanwhile. Look at the details again, then change them.")
