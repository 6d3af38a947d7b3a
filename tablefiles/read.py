"""Reads a table from bytes, whatever of the known kinds it is."""

from typing import Final

from tablefiles.errors import EmptyTable, TooLarge, Unreadable
from tablefiles.model import Table
from tablefiles.separated import read_separated
from tablefiles.workbook import read_workbook

MAX_BYTES: Final = 32 << 20
_ZIP: Final = b"PK\x03\x04"
_OLD: Final = b"\xd0\xcf\x11\xe0"
"""How old Excel files begin, and new ones behind a password."""


def read(content: bytes) -> Table:
    """Return the table that a CSV file or an XLSX workbook holds; raise a TableFileError.

    Text of CSV stays as it was written; of a workbook, numbers and days are what it knows them to be.
    """
    if len(content) > MAX_BYTES:
        raise TooLarge("", "The file is larger than %(most)s MB.", most=MAX_BYTES >> 20)
    if not content.strip():
        raise EmptyTable("", "There is nothing in this file.")
    if content.startswith(_OLD):
        raise Unreadable("", "This is an old Excel file, or one behind a password. Save it as XLSX.")
    return read_workbook(content) if content.startswith(_ZIP) else read_separated(content)
