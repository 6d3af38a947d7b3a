"""Refusals of the organisation's tree and its creditors."""


class GroupsError(Exception):
    """A group, a creditor or a bank agreement cannot be set up as asked."""


class SlugError(GroupsError):
    """A slug is not plain, or another group has it."""

    def __init__(self, slug: str, why: str) -> None:
        super().__init__(f"{slug!r} cannot be a group's address: {why}.")


class SlugTakenError(SlugError):
    """Another group has the slug."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug, "another group has it")


class ColourError(GroupsError):
    """A colour is not written as one."""

    def __init__(self, written: str) -> None:
        super().__init__(f"{written!r} is no colour. Write # and six digits, for example #0b5c62.")


class LogoError(GroupsError):
    """A picture cannot be a logo."""


class LogoKindError(LogoError):
    """It is neither PNG nor SVG, whatever its name says, or it is damaged."""

    def __init__(self) -> None:
        super().__init__("This is no PNG or SVG picture that can be shown and printed.")


class LogoSizeError(LogoError):
    """It is too large; ``most`` is in bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(f"A logo has at most {most // 1000} kB.")
        self.most = most


class LogoUnsafeError(LogoError):
    """An SVG that does more than show a picture; ``part`` is what does it."""

    def __init__(self, part: str) -> None:
        super().__init__(f"The picture has {part} in it, which a logo may not have. Export it as plain SVG, or as PNG.")
        self.part = part


class CollectorError(GroupsError):
    """A creditor cannot be collected together with the one that was chosen."""

    def __init__(self, why: str) -> None:
        super().__init__(f"This creditor cannot stand on its slips: {why}.")


class OrgNumberError(GroupsError):
    """A country gives no organisation number like that."""

    def __init__(self, country: str, written: str) -> None:
        super().__init__(f"{written!r} is not an organisation number of {country}.")
        self.country = country


class LanguageError(GroupsError):
    """A language that nobody here writes in."""

    def __init__(self, language: str) -> None:
        super().__init__(f"There are no texts in {language!r}.")


class AlreadyCreditorError(GroupsError):
    """The group has books of its own already."""

    def __init__(self, group: str) -> None:
        super().__init__(f"{group} is a creditor already. Change that one instead of making another.")


class AccountNumberError(GroupsError):
    """A bank account's number is wrong: length or check digits."""

    def __init__(self, scheme: str, number: str) -> None:
        super().__init__(f"{number!r} is not a valid {scheme} number. Check it against the bank's own papers.")


class AccountInUseError(GroupsError):
    """Another agreement has this account in this currency: one of the same creditor (``own``), or somebody else's.

    Whose it is, is never said: whoever asks may not know them.
    """

    def __init__(self, scheme: str, number: str, currency: str, *, own: bool = False) -> None:
        self.own = own
        super().__init__(f"Account {scheme} {number} in {currency} belongs to another bank agreement.")


class ReferenceKindError(GroupsError):
    """References of that kind do not go with an account of that scheme."""

    def __init__(self, kind: str, scheme: str) -> None:
        super().__init__(f"Payments to {scheme} accounts do not carry {kind} references.")


class ReferenceLengthError(GroupsError):
    """References of that length cannot be made."""

    def __init__(self, length: int) -> None:
        super().__init__(f"References are 6 to 17 characters long, not {length}.")


class NoSuchGroupError(GroupsError):
    """There is no group with this address."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is no group {slug!r}.")
