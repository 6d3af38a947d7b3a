"""What tables of lines say at the desk: their columns, how numbers are written, and what is wrong with them."""

from collections.abc import Mapping, Sequence
from typing import Final

from admin.tables.sheets import Value
from dues.invoicing.charge_errors import (
    ChargeFileError,
    DueDayError,
    NoPersonColumnError,
    NoSystemError,
    NothingSoldError,
    UnknownColumnError,
)
from dues.invoicing.charge_models import ChargeFault
from dues.runs.models import Run, RunState
from language import Language
from language import gettext_noop as _
from tablefiles import Notation
from web.speech import gettext

_PERSON: Final = _("Say which column names the person: by number, e-mail address or external id.")
_REFUSALS: Final[Mapping[type[ChargeFileError], tuple[str, str]]] = {
    NoPersonColumnError: ("number", _PERSON),
    NothingSoldError: ("product", _("Say which column names the product, or the text and the price.")),
    NoSystemError: ("system", _("Say which system the external ids are from.")),
    UnknownColumnError: ("number", _("The table has no such column.")),
    DueDayError: ("due_on", _("Choose a day from today on, in five years at the latest.")),
}
FIELDS: Final = {error: field for error, (field, _words) in _REFUSALS.items()}
"""Beside which field of the form a refusal is told."""

TABLES: Final = (
    _("There is no row below the header."),
    _("There is nothing in this table."),
    _("There is nothing in this file."),
    _("The table has more than %(most)s rows."),
    _("The table has more than %(most)s columns."),
    _("A cell holds more than %(most)s letters."),
    _("The file is larger than %(most)s MB."),
    _("Two columns are called “%(name)s”."),
    _("The row has more cells than the header."),
    _("This is neither a CSV file nor an XLSX workbook."),
    _("This is an old Excel file, or one behind a password. Save it as XLSX."),
    _("The letters cannot be read. Save the table as CSV in UTF-8."),
    _("The columns could be divided in two ways. Use semicolons between them."),
    _("The quotation marks do not match, or a cell is too long."),
    _("The workbook is damaged. Open it and save it again as XLSX."),
    _("The workbook is too large when it is unpacked."),
    _("The workbook is protected by a password. Save it without one."),
    _("The workbook declares a document type. No office program writes that."),
    _("The workbook has no sheet that can be seen."),
    _("The cell holds a formula. Copy the column and paste it as values."),
    _("The cell holds an error: %(error)s."),
    _("The cell holds a truth value. Write what is meant."),
    _("The cell holds a time of day. Write a day."),
    _("“%(written)s” is no number."),
    _("“%(written)s” is a day, no number."),
    _("“%(written)s” has more decimals than the currency."),
    _("“%(written)s” is no quantity: above zero, with three decimals at most."),
    _("“%(written)s” could be read in two ways. Say whether a comma or a point parts decimals."),
    _("“%(written)s” is no day that can be read, such as 2026-03-31."),
)
"""What the reader of tables says, which knows no language."""


def refusal(error: ChargeFileError) -> str:
    """Return why a table cannot be read so."""
    found = _REFUSALS.get(type(error))
    return str(error) if found is None else gettext(found[1])


def fault(position: str, reason: str, said: Mapping[str, object]) -> str:
    """Return what is wrong with a table, and where."""
    sentence = gettext(reason, **said)
    return f"{position}: {sentence}" if position else sentence


def columns() -> Sequence[tuple[str, str]]:
    """Return what columns may hold: the field of the form, and what it is called."""
    return (
        ("number", gettext(_("Member number"))),
        ("email", gettext(_("E-mail address"))),
        ("external", gettext(_("External id"))),
        ("product", gettext(_("Product number"))),
        ("text", gettext(_("Text of the line"))),
        ("quantity", gettext(_("Quantity"))),
        ("price", gettext(_("Price for one"))),
        ("account_column", gettext(_("Revenue account"))),
    )


def notations() -> Sequence[tuple[str, str]]:
    """Return how numbers may be written."""
    return (
        (Notation.CLEAR.value, gettext(_("As each is written; what is unclear is a fault"))),
        (Notation.COMMA.value, gettext(_("Comma before decimals: 1.234,50"))),
        (Notation.POINT.value, gettext(_("Point before decimals: 1,234.50"))),
    )


def may_try_again(run: Run) -> bool:
    """Tell whether a table may be charged by another run: nothing came of the one before."""
    return run.state is RunState.DISCARDED or (run.state is RunState.DONE and not run.result.get("issued"))


def _line(one: ChargeFault, _language: Language) -> Value:
    return one.line


def _column(one: ChargeFault, _language: Language) -> Value:
    return one.column


def _value(one: ChargeFault, _language: Language) -> Value:
    return one.value


def _why(one: ChargeFault, _language: Language) -> Value:
    return gettext(one.reason, **one.said)


COLUMNS: Final = (
    (_("Line"), _line),
    (_("Column"), _column),
    (_("Value"), _value),
    (_("What is wrong"), _why),
)
"""The list of faults to take along."""
