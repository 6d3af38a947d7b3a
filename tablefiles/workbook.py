"""XLSX workbooks: the values of the first sheet. Nothing is computed, and a formula is no value.

A workbook is a zip of XML. Before anything reads it, it is seen that it stays small when unpacked and that no part
declares a document type.
"""

import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import openpyxl

from tablefiles.errors import CellRefused, DoctypeRefused, TableFileError, TooLarge, Unreadable, UnreadableValue
from tablefiles.model import Cell, Row, Table, column_letters, kept, table_of

MAX_UNPACKED: Final = 400 << 20
MAX_PARTS: Final = 2_000
_PIECE: Final = 1 << 20
_DOCTYPES: Final = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_LONGEST_MARK: Final = max(len(mark) for mark in _DOCTYPES)
_DIGITS: Final = 15
"""Digits of a number that a workbook keeps exactly; what stands behind them is how it stores, not what was typed."""


def read_workbook(content: bytes) -> Table:
    """Return the table on the first sheet of a workbook; raise a TableFileError."""
    try:
        _inspect(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that are not read here
            return _first_sheet(content)
    except TableFileError:
        raise
    except Exception as error:  # what a damaged part of a workbook makes its readers raise has no common type
        raise Unreadable("", "The workbook is damaged. Open it and save it again as XLSX.") from error


def _inspect(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise TooLarge("", "The workbook is too large when it is unpacked.")
        if any(part.flag_bits & 1 for part in parts):
            raise Unreadable("", "The workbook is protected by a password. Save it without one.")
        for part in parts:
            _refuse_doctype(packed, part)


def _refuse_doctype(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    tail = b""
    with packed.open(part) as stream:
        while piece := stream.read(_PIECE):
            looked = (tail + piece).upper() if piece[:1] == b"<" or tail else piece.upper()
            if part.filename.endswith((".xml", ".rels")) and any(mark in looked for mark in _DOCTYPES):
                raise DoctypeRefused("", "The workbook declares a document type. No office program writes that.")
            tail = piece[-_LONGEST_MARK:]


def _first_sheet(content: bytes) -> Table:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        if sheet is None:
            raise Unreadable("", "The workbook has no sheet that can be seen.")
        sheet.reset_dimensions()  # what a sheet says of its size is often wrong
        lines: list[Row] = []
        for line, cells in enumerate(_rows(sheet), start=1):
            kept(lines, line, [_cell(one, line, place) for place, one in enumerate(cells)])
        return table_of(lines, sheet=sheet.title)
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    yield from sheet.iter_rows()


def _cell(cell: Any, line: int, place: int) -> Cell:
    value, kind, where = cell.value, getattr(cell, "data_type", "n"), f"cell {column_letters(place)}{line}"
    if value is None:
        return None
    if kind == "f":
        raise CellRefused(where, "The cell holds a formula. Copy the column and paste it as values.")
    if kind == "e":
        raise CellRefused(where, "The cell holds an error: %(error)s.", error=value)
    if isinstance(value, bool):
        raise CellRefused(where, "The cell holds a truth value. Write what is meant.")
    if isinstance(value, int | float | Decimal):
        return _number(value, where)
    return (str(value).strip() or None) if isinstance(value, str) else _day(value, where)


def _number(value: float | Decimal, where: str) -> Decimal:
    found = Decimal(f"{value:.{_DIGITS}g}") if isinstance(value, float) else Decimal(value)
    if not found.is_finite():
        raise UnreadableValue(where, "“%(written)s” is no number.", written=value)
    return found


def _day(value: dt.date | dt.time | dt.timedelta, where: str) -> dt.date:
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    raise UnreadableValue(where, "The cell holds a time of day. Write a day.")
