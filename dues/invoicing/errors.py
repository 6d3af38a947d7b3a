"""Refusals of invoicing."""


class InvoicingError(Exception):
    """An invoice cannot be written, credited or shown as asked."""


class NumberTooLongError(InvoicingError):
    """The next numbers do not fit the references that a bank agreement prints."""

    def __init__(self, creditor: int, number: int) -> None:
        super().__init__(
            f"Invoice number {number} of creditor {creditor} is too long for the references of its bank agreement. "
            "Make a new agreement with longer references, then start a new run."
        )


class UnknownInvoiceError(InvoicingError):
    """There is no such invoice."""

    def __init__(self, invoice: int) -> None:
        super().__init__(f"There is no invoice {invoice}.")


class NotCreditableError(InvoicingError):
    """The invoice cannot be credited."""

    def __init__(self, invoice: int, why: str) -> None:
        super().__init__(f"Invoice {invoice} cannot be credited: {why}.")


class NotUndoableError(InvoicingError):
    """The run cannot be undone."""

    def __init__(self, run: int, why: str) -> None:
        super().__init__(f"Run {run} cannot be undone: {why}.")


class NotSendableError(InvoicingError):
    """The invoice cannot be sent again."""

    def __init__(self, invoice: int, why: str) -> None:
        super().__init__(f"Invoice {invoice} cannot be sent again: {why}.")
        self.why = why


class UnknownGroupError(InvoicingError):
    """There is no group of that name."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is no group called {slug!r}.")
