"""Refusals of tables of lines to be charged."""

from uuid import UUID

from dues.invoicing.errors import InvoicingError


class ChargeFileError(InvoicingError):
    """A table of lines cannot be taken in as asked."""


class NoPersonColumnError(ChargeFileError):
    """No column says whom the lines are for."""

    def __init__(self) -> None:
        super().__init__("Say which column names the person: by number, e-mail address or external id.")


class NothingSoldError(ChargeFileError):
    """No column says what the lines are for."""

    def __init__(self) -> None:
        super().__init__("Say which column names the product, or the text and the price.")


class NoSystemError(ChargeFileError):
    """External ids are some system's, and it was not said which."""

    def __init__(self) -> None:
        super().__init__("Say which system the external ids are from.")


class UnknownColumnError(ChargeFileError):
    """The table has no column of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The table has no column called {name!r}.")
        self.name = name


class DueDayError(ChargeFileError):
    """The day until which it is to be paid has passed, or is no day."""

    def __init__(self) -> None:
        super().__init__("Choose a day that has not passed until which it is to be paid.")


class ChargedBeforeError(ChargeFileError):
    """The same table was charged before; ``file`` is the earlier one's address."""

    def __init__(self, file: UUID) -> None:
        super().__init__("The same table was taken in before. Nothing is charged twice.")
        self.file = file
