"""A table as it was read: its header and its rows, each with the place where a person finds it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tablefiles.errors import EmptyTable, TooLarge, WrongHeader

Cell = str | Decimal | dt.date | None
"""What a cell holds: text as it stands, or what a workbook itself knows to be a number or a day; None for nothing."""

MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 100
MAX_LETTERS: Final = 4_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``line`` is where it begins in the file, the first being 1. It has as many cells as the header."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what its columns are called, and its rows without the empty ones. ``sheet`` is empty for CSV."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    sheet: str = ""


def table_of(lines: list[Row], *, sheet: str = "") -> Table:
    """Return the table that lines make, the first of which that is not empty is its header; raise a TableFileError."""
    filled = [line for line in lines if any(cell is not None for cell in line.cells)]
    if len(filled) < 2:  # noqa: PLR2004 -- a header and a row
        raise EmptyTable("", "There is no row below the header.")
    header = _header(filled[0])
    return Table(header, tuple(_fitting(line, len(header)) for line in filled[1:]), sheet)


def kept(lines: list[Row], line: int, cells: list[Cell]) -> None:
    """Add a line to what was read; raise TooLarge where nobody would have made a table like that."""
    while cells and cells[-1] is None:
        cells.pop()
    if len(lines) > MAX_ROWS:
        raise TooLarge("", "The table has more than %(most)s rows.", most=MAX_ROWS)
    if len(cells) > MAX_COLUMNS:
        raise TooLarge(f"line {line}", "The table has more than %(most)s columns.", most=MAX_COLUMNS)
    if any(isinstance(cell, str) and len(cell) > MAX_LETTERS for cell in cells):
        raise TooLarge(f"line {line}", "A cell holds more than %(most)s letters.", most=MAX_LETTERS)
    lines.append(Row(line, tuple(cells)))


def column_letters(place: int) -> str:
    """Return what a workbook calls a column, the first being 0: A, B … Z, AA."""
    letters = ""
    rest = place + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _header(line: Row) -> tuple[str, ...]:
    names = tuple(
        column_letters(place) if cell is None else " ".join(str(cell).split()) for place, cell in enumerate(line.cells)
    )
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise WrongHeader(f"line {line.line}", "Two columns are called “%(name)s”.", name=name)
        seen.add(name.casefold())
    return names


def _fitting(line: Row, columns: int) -> Row:
    if len(line.cells) > columns:
        raise WrongHeader(f"line {line.line}", "The row has more cells than the header.")
    return Row(line.line, (*line.cells, *[None] * (columns - len(line.cells))))
