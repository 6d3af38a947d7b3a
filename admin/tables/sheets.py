"""Lists to take along, as CSV for programs and as XLSX for people: columns in their language, no cell a formula."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Generic, TypeVar

from flask import Response
from xlsxwriter import Workbook

from language import Language

Row = TypeVar("Row")
Value = str | int | Decimal | dt.date | None
Columns = Sequence[tuple[str, Callable[[Row, Language], Value]]]

_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By this at its beginning spreadsheets know that a file is UTF-8."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PLAIN = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_WIDE = 18


class Sheet(Generic[Row]):
    """A list with its columns, each by its head and what stands in it."""

    def __init__(self, columns: Columns[Row], rows: Iterable[Row], language: Language) -> None:
        self._heads = [language.gettext(head) for head, _cell in columns]
        self._rows: Iterator[list[Value]] = ([cell(row, language) for _head, cell in columns] for row in rows)

    def lines(self) -> Iterator[str]:
        """Yield the lines of a CSV file, heads first; days as ISO 8601, so that every program reads them."""
        yield _MARK + csv_lines([self._heads])
        for row in self._rows:
            yield csv_lines([row])

    def book(self, name: str) -> Response:
        """Answer with an XLSX file, in which days are days and amounts are numbers; rows wait on the disk."""
        packed = io.BytesIO()
        with Workbook(packed, _PLAIN) as book:
            self._fill(book)
        answer = Response(packed.getvalue(), mimetype=_XLSX)
        answer.headers.set("Content-Disposition", "attachment", filename=name)
        return answer

    def _fill(self, book: Workbook) -> None:
        sheet = book.add_worksheet()
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        amount = book.add_format({"num_format": "0.00"})
        sheet.set_column(0, len(self._heads) - 1, _WIDE)
        sheet.freeze_panes(1, 0)
        for column, head in enumerate(self._heads):
            sheet.write_string(0, column, head, bold)
        for number, row in enumerate(self._rows, start=1):
            for column, value in enumerate(row):
                match value:
                    case dt.date():
                        sheet.write_datetime(number, column, dt.datetime.combine(value, dt.time()), day)
                    case Decimal():
                        sheet.write_number(number, column, float(value), amount)
                    case int():
                        sheet.write_number(number, column, value)
                    case str():
                        sheet.write_string(number, column, value)


def csv_answer(lines: Iterator[str], name: str) -> Response:
    """Answer with a CSV file, a piece at a time."""
    answer = Response(lines, content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def csv_lines(rows: Iterable[Sequence[Value]]) -> str:
    """Return lines of a CSV file: days as ISO 8601, and nothing that a spreadsheet would take for a formula."""
    written = io.StringIO()
    csv.writer(written).writerows([_plain(value) for value in row] for row in rows)
    return written.getvalue()


def _plain(value: Value) -> str:
    """A cell that a spreadsheet would take for a formula is text: people write their names themselves."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else str(value)
