"""Refusals of paying in parts."""

from dues.invoicing.errors import InvoicingError


class PartsError(InvoicingError):
    """An amount cannot be paid in such parts."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Nothing can be paid in {what}.")


class ShortReferencesError(InvoicingError):
    """The references of a bank agreement have no room for the parts of an invoice."""

    def __init__(self, creditor: int) -> None:
        super().__init__(
            f"The references of the bank agreement of creditor {creditor} are too short for invoices in parts."
        )


class RuleTakenError(InvoicingError):
    """There is a rule for the same amount already."""

    def __init__(self) -> None:
        super().__init__("A rule holds from this amount on already. Change that one.")
