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
    """The day until which it is to be paid has passed, is too far away, or is no day."""

    def __init__(self) -> None:
        super().__init__("Choose a day that has not passed until which it is to be paid.")


class NoNumberColumnError(ChargeFileError):
    """No column gives the invoices' own numbers."""

    def __init__(self) -> None:
        super().__init__("Say which column gives the number of the invoice.")


class NoDaysError(ChargeFileError):
    """A column is missing that says when an invoice was issued, or by when it is to be paid; ``field`` is which."""

    def __init__(self, field: str) -> None:
        super().__init__("Say which columns give the day of issue and the day it is due.")
        self.field = field


class NoAmountColumnError(ChargeFileError):
    """No column says what is owed."""

    def __init__(self) -> None:
        super().__init__("Say which column gives the amount.")


class NoSourceError(ChargeFileError):
    """It was not said which system issued the invoices, or its name is too long."""

    def __init__(self) -> None:
        super().__init__("Name the system that issued the invoices, in 60 letters at most.")


class QuotedError(ChargeFileError):
    """It was not said what sort of reference the invoices bear."""

    def __init__(self) -> None:
        super().__init__("Say what sort of reference the invoices bear.")


class ChargedBeforeError(ChargeFileError):
    """The same table was charged before; ``file`` is the earlier one's address, ``run`` that of its run."""

    def __init__(self, file: UUID, run: UUID) -> None:
        super().__init__("The same table was taken in before. Nothing is charged twice.")
        self.file = file
        self.run = run
