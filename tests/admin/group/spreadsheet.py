"""Reads a spreadsheet as it was sent: the cells of its one sheet as text, days and amounts as bare numbers."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Final

from lxml import etree

_NAMES: Final = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@dataclass(frozen=True)
class Spreadsheet:
    """The rows of a sheet, and the formulas in it."""

    rows: list[list[str]]
    formulas: list[str]


def spreadsheet(content: bytes) -> Spreadsheet:
    """Read the first sheet of an XLSX file."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = etree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
    rows = [[_text(cell) for cell in row.iterfind("s:c", _NAMES)] for row in sheet.iterfind(".//s:row", _NAMES)]
    return Spreadsheet(rows, [_text(one) for one in sheet.iterfind(".//s:f", _NAMES)])


def _text(cell: etree._Element) -> str:
    return "".join(str(piece) for piece in cell.itertext())
