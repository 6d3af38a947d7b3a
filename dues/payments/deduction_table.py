"""Reads an employer's list from a table: numbers that mean members, amounts, and perhaps names."""

from collections.abc import Sequence
from typing import Final

from dues.folding import folded
from dues.payments.deductions import MOST, Line
from language import gettext_noop as _
from tablefiles import Table, TableFileError, read, read_amount, read_text

_NUMBER: Final = (
    "member number",
    "medlemsnummer",
    "medlemsnr",
    "lidnummer",
    "mitgliedsnummer",
    "number",
    "nummer",
    "nr",
)
_AMOUNT: Final = ("amount", "belopp", "beløp", "bedrag", "betrag", "avdrag", "trekk", "sum", "summa")
_NAME: Final = ("name", "namn", "navn", "naam")


class NoColumnError(TableFileError):
    """The table has no column that could be the one."""


def read_list(content: bytes, *, decimals: int) -> list[Line]:
    """Return the lines of a list in a currency with so many decimals; raise a TableFileError.

    Columns are known by what they are called in five languages. A line without an amount is none; one below zero is
    refused: what an employer takes back is another payment.
    """
    table = read(content)
    number = _column(table, _NUMBER, _("No column is called “Number”. Name the one with the member numbers so."))
    amount = _column(table, _AMOUNT, _("No column is called “Amount”. Name the one with the amounts so."))
    name = _found(table, _NAME)
    lines = []
    for row in table.rows:
        place = f"line {row.line}"
        minor = _amount(row.cells[amount], decimals, place)
        called = read_text(row.cells[name]) if name is not None else ""
        if minor:
            lines.append(Line("".join(read_text(row.cells[number]).split()), called[:200], minor))
    if not lines:
        raise TableFileError("", _("No line has an amount."))
    if len(lines) > MOST:
        raise TableFileError("", _("The table has more than %(most)s rows."), most=MOST)
    return lines


def _amount(cell: object, decimals: int, place: str) -> int:
    try:
        minor = read_amount(cell, decimals=decimals) or 0  # type: ignore[arg-type]  # a cell of the table
    except TableFileError as error:
        raise TableFileError(place, error.reason, **error.values) from error
    if minor < 0:
        raise TableFileError(place, _("The amount is below zero."))
    return minor


def _column(table: Table, names: Sequence[str], missing: str) -> int:
    found = _found(table, names)
    if found is None:
        raise NoColumnError("", missing)
    return found


def _found(table: Table, names: Sequence[str]) -> int | None:
    """Return the column called by one of some names, or whose name begins with one; the names in their order."""
    called = [folded(one) for one in table.header]
    exact = (called.index(name) for name in names if name in called)
    begun = (place for name in names for place, one in enumerate(called) if one.startswith(name))
    return next(exact, None) if any(name in called for name in names) else next(begun, None)
