"""Payments with KID from Nets: OCR giro, with the AvtaleGiro mandates that may travel in the same file left out.

Source: Nets, "OCR giro systemspesifikasjon". A transmission (10 ... 89) holds assignments (20 ... 88), one for each
agreement and day; a payment is two records (30, 31), three where it brings a text (32). What a reversal takes back has
a minus sign in column 32. Every end record counts transactions and records and adds the amounts up with their signs.
"""

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from bankfiles import nets_records as nets
from bankfiles.errors import Truncated, UnknownFormat, WrongRecord
from bankfiles.formats import Format
from bankfiles.head import Head
from bankfiles.nets_assignment import CURRENCY, Assignment, Totals, assignment_ends, open_assignment
from bankfiles.nets_records import Record
from bankfiles.streams import Window
from bankfiles.types import Account, Event, Notice, Payment, Reference

_BOM = b"\xef\xbb\xbf"
_NETS = "00008080"
_OCR, _AVTALEGIRO = "09", "21"
# Columns 9-80 of record 30: transaction, date, centre and serial numbers, sign, amount, KID, card issuer and zeros.
_MONEY = re.compile(r"(\d{7})(\d{6})\d{10}([-0])(\d{17})(.{25})[ \d]{6}", re.ASCII)
# Columns 9-80 of record 31: transaction, form, archive reference, zeros, the payer's day and account.
_DETAILS = re.compile(r"(\d{7}).{10}(.{9}).{7}.{6}(\d{11}| {11}).{22}", re.ASCII)
_WITH_TEXT = frozenset({"20", "21"})  # card payments without KID; 10-19 are giros, standing orders and card with KID
_TYPES = frozenset(str(number) for number in range(10, 22))


def sniff(head: Head) -> Format | None:
    """Files of Nets begin with "NY000010"; one that somebody sends to Nets is refused by name."""
    beginning = head.data.removeprefix(_BOM).lstrip()[:31].decode("iso-8859-1")
    if not beginning.startswith("NY000010"):
        return None
    if beginning[8:16] != _NETS and beginning[23:31] == _NETS:
        raise UnknownFormat("line 1", "this is a file to Nets (AvtaleGiro claims), not one with payments from it")
    return Format("OCR giro", "", _read)


def _read(stream: BinaryIO) -> Iterator[Event]:
    return _Reader(stream).events()


class _Reader:
    """One transmission being read, record by record."""

    def __init__(self, stream: BinaryIO) -> None:
        self._records = nets.records(Window(stream))
        self._ends = assignment_ends(Window(stream))
        self._sum = Totals()
        self._first: Record | None = None
        self._assignment: Assignment | None = None
        self._ended = False
        self._payment: Payment | None = None
        self._transaction = ""
        self._half = False
        self._money_said = (0, "", "", 0)
        self._paid = 0
        self._ready: list[Event] = []
        self._handlers: dict[str, Callable[[Record, str, str], None]] = {
            nets.START: self._begin,
            nets.ASSIGNMENT: self._open,
            nets.ASSIGNMENT_END: self._close,
            nets.END: self._end,
        }

    def events(self) -> Iterator[Event]:
        last = 0
        for item in self._records:
            if isinstance(item, Notice):
                yield item
                continue
            last, text = item
            self._record(last, text)
            if self._ready:
                yield from self._ready
                self._ready.clear()
        if not self._ended:
            raise Truncated(f"line {last}", "the file ends without its end record (89)")
        if not self._paid:
            yield Notice("", "the file has no assignment of OCR giro: nothing in it is a payment")

    def _record(self, number: int, text: str) -> None:
        """Payments come first: almost every record is part of one."""
        kind = nets.kind_of(text[:8])
        if kind is None or self._ended:
            raise self._strange(number, text)
        service, type_, code = kind
        assignment = self._assignment
        if assignment is not None:
            assignment.totals.records += 1
            if service == _OCR == assignment.service:
                if code == nets.MONEY:
                    self._money(assignment, number, text, type_)
                    return
                if code == nets.DETAILS:
                    self._details(assignment, number, text)
                    return
        self._rarer(Record(number, text), kind)

    def _rarer(self, record: Record, kind: tuple[str, str, str]) -> None:
        service, type_, code = kind
        if self._first is None and code != nets.START:
            raise WrongRecord(record.position, "the file does not begin with its start record (10)")
        if handler := self._handlers.get(code):
            self._refuse_half(record.number)
            handler(record, service, type_)
            return
        assignment = self._inside(record)
        if service != assignment.service:
            sentence = "a record of service {service} stands in an assignment of service {other}"
            raise WrongRecord(record.position, sentence, service=service, other=assignment.service)
        if service == _OCR:
            self._text(record, type_, code)
        else:
            assignment.skip(record, code)

    def _money(self, assignment: Assignment, number: int, text: str, type_: str) -> None:
        """Record 30; the payment waits for its record 31."""
        self._refuse_half(number)
        found = _MONEY.fullmatch(text, 8)
        if found is None or type_ not in _TYPES:
            raise assignment.unreadable(Record(number, text), type_, known=type_ in _TYPES)
        self._tell()
        transaction, day, sign, digits, kid = found.groups()
        amount = -int(digits) if sign == "-" else int(digits)
        totals = assignment.totals
        totals.transactions += 1
        totals.amount += amount
        self._transaction, self._half = transaction, True
        self._money_said = (amount, day, kid.strip(), number)

    def _details(self, assignment: Assignment, number: int, text: str) -> None:
        """Record 31, with which the payment is whole but for a text. Its type is not compared: Nets' own specimen has
        payments whose two records differ in it.
        """
        found = _DETAILS.fullmatch(text, 8)
        if not self._half or found is None or found[1] != self._transaction:
            raise WrongRecord(f"line {number}", "the record (31) does not belong to the payment before it")
        self._half = False
        _, archive, payer = found.groups()
        amount, day, kid, line = self._money_said
        position = f"line {line}"
        self._payment = Payment(
            amount,
            CURRENCY,
            nets.day(day, position),
            f"{assignment.key}|{self._transaction}",
            position,
            "return" if amount < 0 else "payment",
            None,
            archive if archive.strip(" 0") else None,
            (Reference(kid),) if kid.strip("0") else (),
            "",
            "",
            Account("BBAN", payer) if payer.strip(" 0") else None,
            assignment.account,
        )

    def _text(self, record: Record, type_: str, code: str) -> None:
        """Record 32: what the payer wrote, where no KID was given."""
        payment = self._payment
        self._refuse_half(record.number)
        if code != nets.TEXT:
            sentence = 'records of type "{code}" are not known and were left out'
            self._ready.append(Notice(record.position, sentence, {"code": code}))
            return
        if payment is None or record.text[8:15] != self._transaction or type_ not in _WITH_TEXT:
            raise WrongRecord(record.position, "the record (32) does not belong to the payment before it")
        written = "\n".join(filter(None, (payment.text, record.column(16, 55))))
        self._payment = payment._replace(text=written)

    def _refuse_half(self, number: int) -> None:
        if self._half:
            raise WrongRecord(f"line {number}", "the payment before has no second record (31)")

    def _tell(self) -> None:
        if self._payment is not None:
            self._ready.append(self._payment)
            self._payment = None

    def _begin(self, record: Record, service: str, type_: str) -> None:
        if self._first is not None:
            raise WrongRecord(record.position, "a second file begins here; bring the two in one by one")
        if (service, type_) != ("00", "00"):
            raise WrongRecord(record.position, "the start record (10) is of a service of its own")
        self._first = record
        self._sum.records += 1

    def _open(self, record: Record, service: str, _type: str) -> None:
        if self._first is None or self._assignment is not None:
            raise WrongRecord(record.position, "an assignment begins (20), but the one before has no end record (88)")
        if service not in {_OCR, _AVTALEGIRO}:
            raise WrongRecord(record.position, "assignments of service {service} are not known", service=service)
        self._assignment = open_assignment(record, self._first, service, next(self._ends, None))
        if service == _OCR:
            self._paid += 1
            self._ready.append(self._assignment.opened())
        else:
            sentence = "an assignment of AvtaleGiro mandates was left out; it holds no payments"
            self._ready.append(Notice(record.position, sentence))

    def _inside(self, record: Record) -> Assignment:
        if self._assignment is None:
            raise WrongRecord(record.position, "the record belongs in an assignment, but none has begun (20)")
        return self._assignment

    def _close(self, record: Record, service: str, _type: str) -> None:
        assignment = self._inside(record)
        if service != assignment.service:
            raise WrongRecord(record.position, "the end record (88) is of another service than its assignment")
        self._tell()
        assignment.totals.check(record, "assignment")
        self._sum.add(assignment.totals)
        self._assignment = None
        if service == _OCR:
            self._ready.append(assignment.closed())

    def _end(self, record: Record, _service: str, _type: str) -> None:
        if self._assignment is not None:
            raise WrongRecord(record.position, "the file ends, but its last assignment has no end record (88)")
        self._sum.records += 1
        self._sum.check(record, "file")
        self._ended = True

    def _strange(self, number: int, text: str) -> WrongRecord:
        if self._ended:
            return WrongRecord(f"line {number}", "there is something after the end record (89)")
        return WrongRecord(f"line {number}", 'the line begins with "{start}", not as a record', start=text[:8])
