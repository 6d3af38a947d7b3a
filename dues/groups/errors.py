"""Refusals of the organisation's tree and its creditors."""


class GroupsError(Exception):
    """A group, a creditor or a bank agreement cannot be set up as asked."""


class SlugError(GroupsError):
    """A slug is not plain, or another group has it."""

    def __init__(self, slug: str, why: str) -> None:
        super().__init__(f"{slug!r} cannot be a group's address: {why}.")


class AlreadyCreditorError(GroupsError):
    """The group has books of its own already."""

    def __init__(self, group: str) -> None:
        super().__init__(f"{group} is a creditor already. Change that one instead of making another.")


class AccountNumberError(GroupsError):
    """A bank account's number is wrong: length or check digits."""

    def __init__(self, scheme: str, number: str) -> None:
        super().__init__(f"{number!r} is not a valid {scheme} number. Check it against the bank's own papers.")


class AccountInUseError(GroupsError):
    """Another agreement has this account in this currency."""

    def __init__(self, scheme: str, number: str, currency: str) -> None:
        super().__init__(f"Account {scheme} {number} in {currency} belongs to another bank agreement.")


class ReferenceLengthError(GroupsError):
    """References of that length cannot be made."""

    def __init__(self, length: int) -> None:
        super().__init__(f"References are 6 to 17 characters long, not {length}.")


class NoSuchGroupError(GroupsError):
    """There is no group with this address."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is no group {slug!r}." if slug else "There is no organisation yet.")
