"""What tables of invoices from other systems say at the desk: their columns, kinds of reference, and refusals."""

from collections.abc import Mapping, Sequence
from typing import Final

from admin.office import charge_words
from dues.invoicing.charge_columns import Field
from dues.invoicing.charge_errors import (
    ChargeFileError,
    NoAmountColumnError,
    NoDaysError,
    NoNumberColumnError,
    NoSourceError,
    QuotedError,
)
from dues.invoicing.elsewhere_models import Quoted
from language import gettext_noop as _
from tablefiles import DateOrder
from web.speech import gettext

_REFUSALS: Final[Mapping[type[ChargeFileError], tuple[str, str]]] = {
    NoNumberColumnError: ("invoice", _("Say which column gives the number of the invoice.")),
    NoAmountColumnError: ("price", _("Say which column gives the amount.")),
    NoSourceError: ("source", _("Name the system that issued the invoices, in 60 letters at most.")),
    QuotedError: ("quoted", _("Say what sort of reference the invoices bear.")),
}
_DAYS: Final = _("Say which columns give the day of issue and the day it is due.")
_USUAL: Final = {"SE": Quoted.OCR, "NO": Quoted.KID}


def refusal(error: ChargeFileError) -> tuple[str, str]:
    """Return beside which field a refusal is told, and why a table cannot be read so."""
    if isinstance(error, NoDaysError):
        return error.field, gettext(_DAYS)
    found = _REFUSALS.get(type(error))
    if found is None:
        return charge_words.FIELDS.get(type(error), "number"), charge_words.refusal(error)
    return found[0], gettext(found[1])


def name(what: Field) -> str:
    """Return what the form calls the column of a field."""
    return "account_column" if what is Field.ACCOUNT else what.value


def needed() -> Sequence[tuple[str, str]]:
    """Return the columns that every such table has: the field of the form, and what it is called."""
    return (
        ("invoice", gettext(_("Number of the invoice"))),
        ("issued", gettext(_("Day of issue"))),
        ("due", gettext(_("Day it is due"))),
        ("price", gettext(_("Amount of the line"))),
    )


def more() -> Sequence[tuple[str, str]]:
    """Return the columns that such a table may have, one of the first three among them."""
    return (
        ("number", gettext(_("Member number"))),
        ("email", gettext(_("E-mail address"))),
        ("external", gettext(_("External id"))),
        ("reference", gettext(_("Payment reference"))),
        ("paid", gettext(_("Already paid"))),
        ("currency", gettext(_("Currency"))),
        ("text", gettext(_("Text of the line"))),
        ("product", gettext(_("Product number"))),
        ("account_column", gettext(_("Revenue account"))),
    )


def kinds() -> Sequence[tuple[str, str]]:
    """Return the sorts of references."""
    return (
        (Quoted.OCR.value, gettext(_("OCR, with its check digit"))),
        (Quoted.KID.value, gettext(_("KID, with its check digit"))),
        (Quoted.RF.value, gettext(_("RF (ISO 11649), with its check digits"))),
        (Quoted.TEXT.value, gettext(_("Any other, as it is printed"))),
    )


def usual(country: str) -> str:
    """Return the sort of reference that invoices of a country usually bear."""
    return _USUAL.get(country, Quoted.TEXT).value


def orders() -> Sequence[tuple[str, str]]:
    """Return how days may be written."""
    return (
        (DateOrder.ISO.value, gettext(_("Year first: 2026-03-31"))),
        (DateOrder.DAY_FIRST.value, gettext(_("Day first: 31.3.2026"))),
        (DateOrder.MONTH_FIRST.value, gettext(_("Month first: 3/31/2026"))),
    )
