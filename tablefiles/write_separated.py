"""Writes CSV as the spreadsheets of a country read it: mark, separator and decimal sign, days as ISO 8601."""

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from tablefiles.writing import FORMULA, Piece, Value

_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By this at its beginning spreadsheets know that a file is UTF-8."""


class SeparatedWriter:
    """Writes lines of text. With ``comma``, decimals stand behind a comma and cells are parted by a semicolon."""

    def __init__(self, heads: Sequence[str], *, comma: bool, state: Mapping[str, Any] | None = None) -> None:
        self._heads = heads
        self._decimal, self._separator = (",", ";") if comma else (".", ",")
        self._pieces = int((state or {}).get("pieces", 0))

    def rows(self, rows: Sequence[Sequence[Value]]) -> Iterator[Piece]:
        """Yield one piece with the rows; the first one begins with the heads."""
        written = io.StringIO()
        lines = csv.writer(written, delimiter=self._separator, lineterminator="\r\n")
        if self._pieces == 0:
            written.write(_MARK)
            lines.writerow(self._heads)
        lines.writerows([self._cell(value) for value in row] for row in rows)
        yield Piece(self._pieces, written.getvalue().encode())
        self._pieces += 1

    def end(self) -> Iterator[Piece]:
        """Yield the heads of a table without rows; nothing is missing to any other."""
        if self._pieces == 0:
            yield from self.rows([])

    def state(self) -> Mapping[str, Any]:
        """Return how many pieces there are."""
        return {"pieces": self._pieces}

    def _cell(self, value: Value) -> str:
        """A text that a spreadsheet would take for a formula is marked as text: people write their names themselves."""
        match value:
            case None:
                return ""
            case dt.datetime():
                return value.strftime("%Y-%m-%d %H:%M")
            case dt.date():
                return value.isoformat()
            case Decimal():
                return format(value, "f").replace(".", self._decimal)
            case int():
                return str(value)
            case str():
                return f"'{value}" if value.startswith(FORMULA) else value
