"""The lines of a BgMax file as records of 80 columns, whatever happened to their blanks on the way."""

import re
from collections.abc import Iterator
from datetime import date

from bankfiles.accounts import account
from bankfiles.columns import Columns
from bankfiles.dates import compact_date
from bankfiles.errors import BankFileError, WrongRecord
from bankfiles.lines import decode, lines
from bankfiles.streams import Window
from bankfiles.types import Account, Notice

_WIDTH = 80
_MONEY = frozenset({"01", "05", "20", "21", "22", "23", "15", "70"})
_TAB_STOPS = 8
_TABBED = re.compile(r"2[0-3]\d{10}.{25}\d{18}[ \d]{2}\d{12}[ \d].{10}", re.ASCII)


class Record(Columns):
    """A record of the format: its columns, and the days it writes."""

    __slots__ = ()

    def day(self, first: int) -> date:
        """The date YYYYMMDD from column `first` on; raises UnreadableDate."""
        try:
            return compact_date(self.text[first - 1 : first + 7])
        except BankFileError as fault:
            raise fault.at(self.position) from None

    def bankgiro(self) -> Account | None:
        """The bankgiro number in columns 3-12; None for zeros, which stand for "not known"."""
        return account("BGNR", self.column(3, 12))


def records(window: Window) -> Iterator[Record | Notice]:
    """The records in order, each with the notices about it before it; blank lines are left out."""
    blank = 0
    for number, raw in lines(window):
        if len(raw) == _WIDTH and raw.isascii() and b"\t" not in raw:
            yield Record(number, raw.decode("ascii"))
        elif raw.strip(b" \t\x1a"):
            yield from _odd_line(number, decode(raw, _WIDTH).rstrip("\x1a"))
        else:
            blank += 1
    if blank:
        yield Notice("", "blank lines left out: {count}", {"count": blank})


def records_of_type(window: Window, code: str) -> Iterator[Record]:
    """Only the records with a transaction code, without notices, for looking ahead."""
    start = code.encode("ascii")
    for number, raw in lines(window):
        if raw.startswith(start):
            for item in _odd_line(number, decode(raw, _WIDTH)):
                if isinstance(item, Record):
                    yield item


def _odd_line(number: int, text: str) -> Iterator[Record | Notice]:
    position = f"line {number}"
    if "\t" in text:
        yield Notice(position, "the line has TAB characters: {line}", {"line": text.replace("\t", "<TAB>").rstrip()})
        text = _without_tabs(position, text)
    if len(text) < _WIDTH:
        yield Notice(position, "the line is shorter than 80 characters and was padded with blanks")
    elif len(text.rstrip()) > _WIDTH:
        if text[:2] in _MONEY:
            raise WrongRecord(position, "the line has {length} characters instead of 80", length=len(text.rstrip()))
        yield Notice(position, "the line is longer than 80 characters; the end was left out")
    yield Record(number, text[:_WIDTH].ljust(_WIDTH))


def _without_tabs(position: str, text: str) -> str:
    """In a text record a TAB is a blank. In a record with an amount it stands for the blanks up to the next stop at a
    multiple of 8, which is believed only if every column then holds what it should.
    """
    if text[:2] not in _MONEY:
        return text.replace("\t", " ")
    expanded = text.expandtabs(_TAB_STOPS).ljust(_WIDTH)
    if not _TABBED.fullmatch(expanded):
        raise WrongRecord(position, "TAB characters have shifted the columns of a record with an amount")
    return expanded
