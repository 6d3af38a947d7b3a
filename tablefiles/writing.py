"""Tables that are written a stretch of rows at a time, by whoever comes next: what was written so far is a few numbers.

A writer makes pieces of a file, numbered from 0 in the order in which they stand in it. It may be put away between two
stretches as its ``state`` and made again from it, in another process if need be; the pieces made meanwhile are nobody's
but the caller's, and no writer ever holds more than one stretch.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Protocol

Value = str | int | Decimal | dt.date | dt.datetime | None
"""What stands in a cell: text, a whole number, an amount with the decimals of its currency, a day, a local moment."""

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""With these a text begins that spreadsheets would take for a formula when they read it from a CSV file."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that stand at one place of a file."""

    position: int
    content: bytes


class TableWriter(Protocol):
    """Writes one table: rows a stretch at a time, then its end."""

    def rows(self, rows: Sequence[Sequence[Value]]) -> Iterator[Piece]:
        """Yield the pieces that some more rows become."""

    def end(self) -> Iterator[Piece]:
        """Yield the pieces that are missing to a whole file."""

    def state(self) -> Mapping[str, Any]:
        """Return what another writer of the same table needs to go on from here; it can be written as JSON."""
