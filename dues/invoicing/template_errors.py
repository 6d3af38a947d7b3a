"""Refusals of templates, of invoices to many, and of series."""

from dues.invoicing.errors import InvoicingError


class TemplateError(InvoicingError):
    """A template, or what is to be made of it, is refused."""


class NameTakenError(TemplateError):
    """The group has another template of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is another template called {name}.")


class EmptyTemplateError(TemplateError):
    """It has no name, or no line."""

    def __init__(self) -> None:
        super().__init__("A template has a name and at least one line.")


class RetiredError(TemplateError):
    """It is not sent any more."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is retired.")


class NotBelowError(TemplateError):
    """A group invoices members of its own and of the groups below, no others."""

    def __init__(self) -> None:
        super().__init__("The members are of a group that is neither the sender nor below it.")


class NoDayLeftError(TemplateError):
    """A series has no day after today."""

    def __init__(self) -> None:
        super().__init__("There is no day after today on which it would be made.")
