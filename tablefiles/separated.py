"""CSV as spreadsheets and registers write it: several encodings and separators, quotes, line breaks within them."""

import codecs
import csv
import io
from typing import Final

from tablefiles.errors import EmptyTable, Unreadable, WrongEncoding, WrongHeader
from tablefiles.model import Cell, Row, Table, kept, table_of

SEPARATORS: Final = (";", ",", "\t")
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAMPLE: Final = 4_096


def read_separated(content: bytes) -> Table:
    """Return the table that CSV holds; raise a TableFileError."""
    text = decoded(content)
    if "\0" in text:
        raise Unreadable("", "This is neither a CSV file nor an XLSX workbook.")
    separator, text = _said(text)
    return table_of(_lines(text, separator or _separator(text)))


def decoded(content: bytes) -> str:
    """Return what bytes say, in UTF-8, UTF-16 or Windows-1252; raise WrongEncoding where they say nothing in any."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None) or _without_mark(content)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise WrongEncoding("", "The letters cannot be read. Save the table as CSV in UTF-8.") from error


def _without_mark(content: bytes) -> str:
    """Text of two bytes a letter has zeros in every other place; no Windows-1252 is UTF-8 by chance."""
    sample = content[:_SAMPLE]
    if len(content) % 2 == 0 and sample:
        evens, odds = sample[0::2].count(0), sample[1::2].count(0)
        if max(evens, odds) * 4 > len(sample) and min(evens, odds) == 0:
            return "utf-16-le" if odds else "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _said(text: str) -> tuple[str, str]:
    """Excel may name the separator in a line of its own before everything."""
    first, line_break, rest = text.partition("\n")
    named = first.rstrip("\r")
    if line_break and named.casefold().startswith("sep=") and named[4:] in SEPARATORS:
        return named[4:], "\n" + rest
    return "", text


def _separator(text: str) -> str:
    """Return what stands between the cells of the header; several at once could be either, and are not guessed."""
    found = {separator: len(_first(text, separator)) for separator in SEPARATORS}
    most = max(found.values())
    if most == 0:
        raise EmptyTable("", "There is nothing in this table.")
    best = [separator for separator, columns in found.items() if columns == most]
    if most > 1 and len(best) > 1:
        raise WrongHeader("", "The columns could be divided in two ways. Use semicolons between them.")
    return best[0]


def _first(text: str, separator: str) -> list[str]:
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        return next((line for line in reader if any(cell.strip() for cell in line)), [])
    except csv.Error:
        return []


def _lines(text: str, separator: str) -> list[Row]:
    lines: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            kept(lines, begins, [_cell(cell) for cell in cells])
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(f"line {begins}", "The quotation marks do not match, or a cell is too long.") from error
    return lines


def _cell(written: str) -> Cell:
    return written.strip() or None
