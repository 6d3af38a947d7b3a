"""Incoming payments to bankgiro numbers: BgMax, version 01.

Source: Bankgirot, "Bankgiro Inbetalningar, Teknisk manual", November 2019. Amounts are in öre (or cents).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import BinaryIO

from bankfiles.bgmax_deposit import deposits
from bankfiles.bgmax_payment import Draft, add_name, add_reference, add_text, start
from bankfiles.bgmax_records import Record, records
from bankfiles.bgmax_section import Section, check_counts, close_section, open_section, read_test_flag
from bankfiles.errors import Truncated, UnknownFormat, WrongRecord
from bankfiles.formats import Format
from bankfiles.head import Head
from bankfiles.streams import Window
from bankfiles.types import Event, Notice

_BOM = b"\xef\xbb\xbf"


def sniff(head: Head) -> Format | None:
    """BgMax begins with its name in the first record; a version other than 01 is refused."""
    beginning = head.data.removeprefix(_BOM).lstrip()[:24].decode("iso-8859-1")
    if not beginning.startswith("01BGMAX") or beginning[7:22].strip():
        return None
    if beginning[22:24] != "01":
        raise UnknownFormat("line 1", 'version "{version}" of BgMax is not known', version=beginning[22:24])
    return Format("BgMax", "01", _read)


def _read(stream: BinaryIO) -> Iterator[Event]:
    return _Reader(stream).events()


class _Reader:
    """One file being read, record by record: 01, sections of 05, payments and 15, then 70."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._deposits = deposits(Window(stream))
        self._counts: Counter[str] = Counter()
        self._first: Record | None = None
        self._section: Section | None = None
        self._draft: Draft | None = None
        self._ready: list[Event] = []
        handlers: dict[str, Callable[[Record], None]] = {
            "01": self._begin,
            "05": self._open,
            "15": self._close,
            "20": self._payment,
            "21": self._payment,
            "22": self._reference,
            "23": self._reference,
            "70": self._end,
        }
        self._handlers = handlers | dict.fromkeys(("25", "26", "27", "28", "29"), self._information)

    def events(self) -> Iterator[Event]:
        last = ""
        for item in records(Window(self._stream)):
            if isinstance(item, Notice):
                yield item
                continue
            last = item.position
            self._record(item)
            if self._ready:
                yield from self._ready
                self._ready.clear()
        if not self._counts["70"]:
            raise Truncated(last, "the file ends without its end record (70)")

    def _record(self, record: Record) -> None:
        code = record.text[:2]
        if self._counts["70"]:
            raise WrongRecord(record.position, "there is something after the end record (70)")
        handler = self._handlers.get(code)
        if handler is None:
            sentence = 'records of type "{code}" are not known and were left out'
            self._ready.append(Notice(record.position, sentence, {"code": code}))
            return
        self._counts[code] += 1
        handler(record)

    def _begin(self, record: Record) -> None:
        if self._first is not None:
            raise WrongRecord(record.position, "a second file begins here; bring the two in one by one")
        self._first = record
        read_test_flag(record)

    def _open(self, record: Record) -> None:
        if self._section is not None:
            sentence = "a section begins, but the one from {before} has no deposit record (15)"
            raise WrongRecord(record.position, sentence, before=self._section.position)
        if self._first is None:
            raise WrongRecord(record.position, "the file does not begin with its start record (01)")
        self._section = open_section(record, self._first, next(self._deposits, None))
        self._ready.append(self._section.opened)

    def _inside(self, record: Record) -> Section:
        if self._section is None:
            raise WrongRecord(record.position, "the record belongs in a section, but none has begun (05)")
        return self._section

    def _flush(self, section: Section) -> None:
        """Tells the payment that ends here."""
        draft, self._draft = self._draft, None
        if draft is not None:
            section.payments += 1
            section.amount += draft.amount * draft.sign
            self._ready.append(draft.payment(section.opened, section.deposit, section.payments))

    def _payment(self, record: Record) -> None:
        self._flush(self._inside(record))
        self._draft = start(record)

    def _following(self, record: Record) -> Draft:
        if self._draft is None:
            raise WrongRecord(record.position, "the record belongs to a payment, but none comes before it")
        return self._draft

    def _reference(self, record: Record) -> None:
        draft = self._following(record)
        add_reference(draft, record)
        if record.column(58, 69).strip("0") != draft.serial.strip("0"):
            sentence = "the reference carries another serial number than the payment it follows"
            self._ready.append(Notice(record.position, sentence))

    def _information(self, record: Record) -> None:
        """Addresses and organisation numbers (27, 28, 29) are not read: nothing needs them."""
        draft = self._following(record)
        if record.text.startswith("25"):
            add_text(draft, record)
        elif record.text.startswith("26"):
            add_name(draft, record)

    def _close(self, record: Record) -> None:
        section = self._inside(record)
        self._flush(section)
        self._section = None
        self._ready.append(close_section(section, record))

    def _end(self, record: Record) -> None:
        if self._section is not None:
            sentence = "the file ends, but the section from {before} has no deposit record (15)"
            raise WrongRecord(record.position, sentence, before=self._section.position)
        check_counts(record, self._counts)
