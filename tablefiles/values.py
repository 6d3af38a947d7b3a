"""Reads cells as amounts, quantities, days and words; what could be read in two ways is refused, never guessed."""

import datetime as dt
import re
from decimal import Decimal
from enum import StrEnum
from typing import Final

from tablefiles.errors import UnreadableValue
from tablefiles.model import Cell


class Notation(StrEnum):
    """What parts whole numbers from decimals: each number's own writing where that is clear, or a mark for all."""

    CLEAR = "clear"
    COMMA = "comma"
    POINT = "point"


class DateOrder(StrEnum):
    """In which order days are written where they are not ISO days."""

    ISO = "iso"
    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


_MARKS: Final = {Notation.COMMA: ",", Notation.POINT: "."}
_BLANKS: Final = re.compile(r"(?<=\d)[ \u00a0\u202f'’](?=\d{3}(?!\d))")
_WHOLE: Final = re.compile(r"\d{1,15}")
_DAY: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})\.?")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_GROUP: Final = 3
_LONGEST: Final = 15
_YEARS: Final = range(1900, 2200)


def read_amount(cell: Cell, *, decimals: int, notation: Notation = Notation.CLEAR) -> int | None:
    """Return an amount in minor units of a currency with so many decimals, None for an empty cell.

    Raises UnreadableValue, also for more decimals than the currency has.
    """
    number = read_number(cell, notation=notation)
    if number is None:
        return None
    minor = number.scaleb(decimals)
    if minor != minor.to_integral_value():
        raise UnreadableValue("", "“%(written)s” has more decimals than the currency.", written=cell)
    return int(minor)


def read_quantity(cell: Cell, *, notation: Notation = Notation.CLEAR) -> Decimal | None:
    """Return how many, with at most three decimals, None for an empty cell; raise UnreadableValue."""
    number = read_number(cell, notation=notation)
    if number is None:
        return None
    if number <= 0 or number >= 10**9 or number != round(number, 3):
        raise UnreadableValue(
            "", "“%(written)s” is no quantity: above zero, with three decimals at most.", written=cell
        )
    return number


def read_number(cell: Cell, *, notation: Notation) -> Decimal | None:
    """Return the number in a cell, None for an empty one; raise UnreadableValue."""
    if cell is None or isinstance(cell, Decimal):
        return cell
    if isinstance(cell, dt.date):
        raise UnreadableValue("", "“%(written)s” is a day, no number.", written=cell)
    text = _BLANKS.sub("", cell.strip())
    sign = -1 if text[:1] in {"-", "−"} else 1
    digits = text.lstrip("+-−") if text[1:2].isdigit() else text
    whole, part = _parted(digits, cell, notation)
    if not _WHOLE.fullmatch(whole) or (part and not part.isdigit()) or len(whole) + len(part) > _LONGEST:
        raise UnreadableValue("", "“%(written)s” is no number.", written=cell)
    if not (whole + part).isascii():
        raise UnreadableValue("", "“%(written)s” is no number.", written=cell)
    return sign * Decimal(f"{whole}.{part or 0}")


def _parted(text: str, written: str, notation: Notation) -> tuple[str, str]:
    """Return the digits before and behind the decimal mark, without what groups them."""
    mark = _MARKS.get(notation) or _clear_mark(text, written)
    other = "." if mark == "," else ","
    whole, found, part = text.rpartition(mark) if mark else ("", "", "")
    if not found:
        whole, part = text, ""
    if mark and (mark in whole or other in part):
        raise UnreadableValue("", "“%(written)s” is no number.", written=written)
    return _ungrouped(whole, other if mark else ".,", written), part


def _clear_mark(text: str, written: str) -> str:
    """Return the decimal mark of a number, nothing where it has none; raise UnreadableValue where two could be it."""
    commas, points = text.count(","), text.count(".")
    if commas and points:
        return "," if text.rfind(",") > text.rfind(".") else "."
    if commas + points != 1:
        return ""
    mark = "," if commas else "."
    whole, _, part = text.partition(mark)
    if len(part) == _GROUP and 0 < len(whole.lstrip("+-−")) <= _GROUP and not whole.startswith("0"):
        raise UnreadableValue(
            "",
            "“%(written)s” could be read in two ways. Say whether a comma or a point parts decimals.",
            written=written,
        )
    return mark


def _ungrouped(whole: str, marks: str, written: str) -> str:
    used = {mark for mark in marks if mark in whole}
    if not used:
        return whole
    groups = re.split("[.,]", whole)
    if len(used) > 1 or not 0 < len(groups[0]) <= _GROUP or any(len(group) != _GROUP for group in groups[1:]):
        raise UnreadableValue("", "“%(written)s” is no number.", written=written)
    return "".join(groups)


def read_date(cell: Cell, *, order: DateOrder = DateOrder.ISO) -> dt.date | None:
    """Return the day in a cell, None for an empty one; raise UnreadableValue. ISO days are read in any order."""
    if cell is None or isinstance(cell, dt.date):
        return cell
    found = _parts(str(cell).strip(), order)
    try:
        day = dt.date(*found) if found else None
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        raise UnreadableValue("", "“%(written)s” is no day that can be read, such as 2026-03-31.", written=cell)
    return day


def _parts(text: str, order: DateOrder) -> tuple[int, int, int] | None:
    iso = _ISO.fullmatch(text)
    if iso is not None:
        return int(iso[1]), int(iso[2]), int(iso[3])
    found = _DAY.fullmatch(text)
    if found is None or order is DateOrder.ISO:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    return (year, second, first) if order is DateOrder.DAY_FIRST else (year, first, second)


def read_text(cell: Cell) -> str:
    """Return what a cell says as one line of text; a whole number as its digits, a day as an ISO day."""
    if isinstance(cell, Decimal):
        return f"{cell:f}" if cell != cell.to_integral_value() else str(int(cell))
    return "" if cell is None else " ".join(str(cell).split())
