"""SWIFT statements: MT940, the day's statement, and MT942, the report within a day.

Source: SWIFT, "Standards MT, category 9", with the dialects of mt_text. A statement (20, 25, 28C, 60, entries of 61 and
86, 62) proves itself: opening balance and entries must give the closing balance. A report (20, 25, 28C, 34F, entries,
90D, 90C) has no balances, but numbers and sums of its debits and credits, without which it is refused.
"""

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from bankfiles import mt_values
from bankfiles.currencies import exponent
from bankfiles.errors import BankFileError, Truncated, WrongRecord
from bankfiles.formats import Format
from bankfiles.head import Head
from bankfiles.mt_entry import Entry, read_entry
from bankfiles.mt_fields import FRAME, Field, fields
from bankfiles.mt_message import Message
from bankfiles.streams import Window
from bankfiles.types import Event, Notice, Payment

_BOM = b"\xef\xbb\xbf"
# A few lines of envelope at most, then the transaction reference and, before long, the account.
_SNIFF = re.compile(rb"(?:[^\r\n]{0,200}[\r\n]+){0,12}?(?:\{.*\{4:)?:20:[^\r\n]*[\r\n]+(?::21:[^\r\n]*[\r\n]+)?:25:")
_REPORT = re.compile(rb"[\r\n]:(?:34F|13D|90[CD]):")
_OPENING = re.compile(rb"[\r\n]:60[FM]:")
_IGNORED = frozenset({"", "13", "13D", "21", "64", "65"})
_FLOOR = re.compile(r"([A-Z]{3})[CD]?[\d,]+\s*", re.ASCII)


def sniff(head: Head) -> Format | None:
    """A message with fields 20 and 25; an opening balance makes it a statement."""
    data = head.data.removeprefix(_BOM).lstrip(FRAME + b" \t\r\n")
    if not _SNIFF.match(data):
        return None
    report = _REPORT.search(data) is not None and _OPENING.search(data) is None
    return Format("MT942" if report else "MT940", "", _read)


def _read(stream: BinaryIO) -> Iterator[Event]:
    return _Reader(stream).events()


class _Reader:
    """One file being read, field by field."""

    def __init__(self, stream: BinaryIO) -> None:
        self._fields = fields(Window(stream))
        self._message: Message | None = None
        self._entry: Entry | None = None
        self._bank = ""
        self._expected = 0
        self._ready: list[Event] = []
        self._handlers: dict[str, Callable[[Field], None]] = {
            "20": self._begin,
            "25": self._account,
            "28": self._number,
            "28C": self._number,
            "34F": self._floor,
            "60F": self._opening,
            "60M": self._opening,
            "62F": self._closing,
            "62M": self._closing,
            "90C": self._total,
            "90D": self._total,
        }

    def events(self) -> Iterator[Event]:
        for field in self._fields:
            tag = field[1]
            if tag == "61":
                self._add(field)
            elif tag != "86":
                self._other(field)
            elif self._entry is not None and self._message is not None:  # else it is about the account
                yield self._payment(self._message, self._entry, field[2])
            if self._ready:
                yield from self._ready
                self._ready.clear()
        self._finish()
        yield from self._ready
        if self._expected:
            yield Notice("", "entries that are not booked yet were left out: {count}", {"count": self._expected})

    def _add(self, field: Field) -> None:
        """An entry, which waits for its field 86."""
        message = self._message
        if message is None:
            raise WrongRecord(field.position, "the entry belongs in a statement, but none has begun (20)")
        self._tell(message)
        if message.opened is None:
            self._ready.append(message.open(field))
        entry = read_entry(field, message.currency or "")
        if entry.expected:
            self._expected += 1
            return
        message.add(entry)
        self._entry = entry

    def _tell(self, message: Message) -> None:
        """An entry of which nothing more is said."""
        if self._entry is not None:
            self._ready.append(self._payment(message, self._entry, []))

    def _payment(self, message: Message, entry: Entry, lines: list[str]) -> Payment:
        self._entry = None
        return entry.payment(message.key_start, message.currency or "", lines, message.accounts[0])

    def _other(self, field: Field) -> None:
        if self._message is not None:
            self._tell(self._message)
        handler = self._handlers.get(field.tag)
        if handler is not None:
            handler(field)
        elif field.tag not in _IGNORED:
            sentence = "fields :{tag}: are not known and were left out"
            self._ready.append(Notice(field.position, sentence, {"tag": field.tag}))
        elif not field.tag:
            self._bank = mt_values.bank_in("\n".join(field.lines))
        elif field.tag.startswith("13") and self._message is not None:
            self._message.moment = field.lines[0].strip()

    def _begin(self, field: Field) -> None:
        self._finish()
        self._message = Message(field)

    def _inside(self, field: Field) -> Message:
        if self._message is None:
            raise WrongRecord(field.position, "the field belongs in a statement, but none has begun (20)")
        return self._message

    def _before_entries(self, field: Field) -> Message:
        message = self._inside(field)
        if message.opened is not None:
            raise WrongRecord(field.position, "the field stands behind entries, where it does not belong")
        return message

    def _account(self, field: Field) -> None:
        message = self._before_entries(field)
        if message.accounts:
            raise WrongRecord(field.position, "the statement names a second account")
        message.accounts = mt_values.accounts(field, self._bank)

    def _number(self, field: Field) -> None:
        message = self._before_entries(field)
        message.number = field.lines[0].strip()

    def _opening(self, field: Field) -> None:
        message = self._before_entries(field)
        if message.opening is not None:
            raise WrongRecord(field.position, "the statement has a second opening balance")
        message.opening = mt_values.balance(field)
        message.currency = message.opening.currency

    def _floor(self, field: Field) -> None:
        """The floor limit of a report says its currency."""
        message = self._before_entries(field)
        found = _FLOOR.fullmatch(field.lines[0])
        try:
            exponent(found[1] if found else None)
        except BankFileError as fault:
            raise fault.at(field.position) from None
        message.currency = message.currency or (found[1] if found else None)

    def _closing(self, field: Field) -> None:
        message = self._inside(field)
        if message.opened is None:
            self._ready.append(message.open(field))
        self._ready.append(message.close(mt_values.balance(field), field))
        self._message = None

    def _total(self, field: Field) -> None:
        message = self._inside(field)
        side = field.tag[2]
        if message.opening is not None or side in message.totals:
            raise WrongRecord(field.position, "a sum of entries (90C, 90D) stands where none belongs")
        if message.opened is None:
            self._ready.append(message.open(field))
        message.totals[side] = mt_values.total(field)

    def _finish(self) -> None:
        """Ends a report, which has no field that must come last; a statement has to be closed by then."""
        message, self._message = self._message, None
        if message is None:
            return
        self._tell(message)
        if message.opening is not None or message.currency is None:
            raise Truncated(message.position, "the statement that begins here has no closing balance (62F)")
        if message.opened is None:
            self._ready.append(message.open(message.begun))
        sentence = "a report within a day (MT942): what the bank tells here, the day's statement tells again"
        self._ready += (message.close_report(), Notice(message.position, sentence))
