"""Refusals of links to invoices and of their codes."""

from dues.invoicing.errors import InvoicingError


class AccessError(InvoicingError):
    """A link or a code does not open anything."""


class LinkNotValidError(AccessError):
    """The link leads nowhere; whether it never did, was revoked or is too old is not told."""

    def __init__(self) -> None:
        super().__init__("This link is not valid any more. Ask the sender of the mail for a new one.")


class TooSoonError(AccessError):
    """A code was sent a moment ago."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"A code is on its way. You can ask for another one in {seconds} seconds.")
        self.seconds = seconds


class TooManyCodesError(AccessError):
    """The link has used up its codes."""

    def __init__(self) -> None:
        super().__init__("Too many codes were sent for this link. Ask the sender of the mail for a new one.")


class CodeRefusedError(AccessError):
    """A code that does not open its link."""


class WrongCodeError(CodeRefusedError):
    """Not the code that was sent."""

    def __init__(self, left: int) -> None:
        super().__init__(f"This is not the code that was sent. Tries left: {left}.")
        self.left = left


class CodeExpiredError(CodeRefusedError):
    """There is no code to compare with: none was asked for, it is too old, used, or was tried too often."""

    def __init__(self) -> None:
        super().__init__("This code is not valid any more. Ask for a new one.")
