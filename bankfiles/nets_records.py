"""The records of files from Nets: 80 columns that begin with "NY", a service, a type and the kind of record.

Sources: Nets, "OCR giro systemspesifikasjon" and "AvtaleGiro systemspesifikasjon", whose columns are counted from 1 as
there. Amounts are in øre, dates DDMMYY.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from bankfiles.columns import Columns
from bankfiles.dates import short_date
from bankfiles.errors import BankFileError, WrongRecord
from bankfiles.lines import decode, lines
from bankfiles.streams import Window
from bankfiles.types import Notice

_WIDTH = 80
_HEAD = re.compile(r"NY\d\d[0-9]{2}\d\d", re.ASCII)

START, ASSIGNMENT, MONEY, DETAILS, TEXT, SPECIFICATION, AGREEMENT, ASSIGNMENT_END, END = (
    "10",
    "20",
    "30",
    "31",
    "32",
    "49",
    "70",
    "88",
    "89",
)
_TEXTS = frozenset({TEXT, SPECIFICATION})  # no money in them: blanks at the end may be lost


class Record(Columns):
    """A record of the format: its columns, and the days it writes."""

    __slots__ = ()

    def day(self, first: int) -> date:
        """The date DDMMYY from column `first` on; raises UnreadableDate."""
        return day(self.text[first - 1 : first + 5], self.position)


def day(text: str, position: str) -> date:
    """The date DDMMYY; raises UnreadableDate."""
    try:
        return short_date(text, "DMY")
    except BankFileError as fault:
        raise fault.at(position) from None


def records(window: Window) -> Iterator[tuple[int, str] | Notice]:
    """The lines in order, each with its number and 80 columns; blank lines are left out, with a notice at the end."""
    blank = 0
    for number, raw in lines(window):
        if len(raw) == _WIDTH and raw.isascii() and b"\t" not in raw:
            yield number, raw.decode("ascii")
        elif raw.strip(b" \t\x1a"):
            yield from _odd_line(number, decode(raw, _WIDTH).rstrip("\x1a"))
        else:
            blank += 1
    if blank:
        yield Notice("", "blank lines left out: {count}", {"count": blank})


def _odd_line(number: int, text: str) -> Iterator[tuple[int, str] | Notice]:
    """A line of another length or with other letters: only where no money stands may columns have been lost."""
    position, length = f"line {number}", len(text.rstrip())
    if "\t" in text:
        raise WrongRecord(position, "TAB characters have shifted the columns of the record")
    if length > _WIDTH or (length < _WIDTH and text[6:8] not in _TEXTS):
        raise WrongRecord(position, "the line has {length} characters instead of 80", length=length)
    if length < _WIDTH:
        yield Notice(position, "the line is shorter than 80 characters and was padded with blanks")
    yield number, text[:_WIDTH].ljust(_WIDTH)


@lru_cache(maxsize=1024)
def kind_of(head: str) -> tuple[str, str, str] | None:
    """Service, type and kind of record from columns 1-8; None where they are no record of Nets."""
    return (head[2:4], head[4:6], head[6:8]) if _HEAD.fullmatch(head) else None
