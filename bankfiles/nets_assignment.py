"""An assignment of a file from Nets (20 to 88), and the totals of assignment and file."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bankfiles.accounts import as_iban
from bankfiles.currencies import decimal_text
from bankfiles.errors import BankFileError, Truncated, WrongRecord, WrongTotal
from bankfiles.keys import key
from bankfiles.lines import decode, lines
from bankfiles.nets_records import AGREEMENT, MONEY, SPECIFICATION, Record
from bankfiles.streams import Window
from bankfiles.types import Account, SectionClosed, SectionOpened

CURRENCY = "NOK"


@dataclass(slots=True)
class Totals:
    """What end records say: transactions, records with those of begin and end, and the signed sum in øre."""

    transactions: int = 0
    records: int = 0
    amount: int = 0

    def add(self, other: "Totals") -> None:
        """Count an assignment towards its file."""
        self.transactions += other.transactions
        self.records += other.records
        self.amount += other.amount

    def check(self, record: Record, what: str) -> None:
        """Compare with an end record (88, 89); raises WrongTotal.

        The record has no sign. A sum below zero, where reversals exceed what came, can therefore not be told from its
        opposite, and is refused.
        """
        for said, found, sentence in (
            (record.number_in(9, 16, "number of transactions"), self.transactions, _TRANSACTIONS),
            (record.number_in(17, 24, "number of records"), self.records, _RECORDS),
        ):
            if said != found:
                raise WrongTotal(record.position, sentence, what=what, said=said, found=found)
        amount = record.number_in(25, 41, "amount")
        if amount != self.amount:
            sign = "-" if self.amount < 0 else ""
            found_text = sign + decimal_text(abs(self.amount), CURRENCY)
            said_text = decimal_text(amount, CURRENCY)
            raise WrongTotal(record.position, _AMOUNT, what=what, said=said_text, found=found_text, currency=CURRENCY)


_TRANSACTIONS = "the end of the {what} says {said} transactions, there are {found}"
_RECORDS = "the end of the {what} says {said} records, there are {found}"
_AMOUNT = "the end of the {what} says {said} {currency}, its payments add up to {found}"


@dataclass(slots=True)
class Assignment:
    """An assignment being read; `opened` it is for OCR giro only, the mandates of AvtaleGiro are but counted."""

    service: str
    key: str
    account: Account
    statement_number: str
    totals: Totals = field(default_factory=lambda: Totals(records=1))

    def opened(self) -> SectionOpened:
        """The section as it begins; a Norwegian account is known by its IBAN, too."""
        return SectionOpened(
            key=self.key,
            account=self.account,
            currency=CURRENCY,
            statement_number=self.statement_number,
            accounts=(as_iban("NO", self.account.number),),
        )

    def closed(self) -> SectionClosed:
        """The section as it ends, compared before."""
        return SectionClosed(self.key, self.totals.transactions, self.totals.amount)

    def skip(self, record: Record, code: str) -> None:
        """Count a record of AvtaleGiro: a mandate is a transaction of its own, and no money moves."""
        if code == AGREEMENT:
            self.totals.transactions += 1
        elif code != SPECIFICATION:
            raise WrongRecord(record.position, "claims of AvtaleGiro are sent to Nets and do not come from it")

    def unreadable(self, record: Record, type_: str, *, known: bool) -> BankFileError:
        """Why a record 30 is refused; the first column that is wrong is named."""
        if not known:
            return WrongRecord(record.position, 'transactions of type "{type}" are not known', type=type_)
        try:
            record.number_in(9, 15, "transaction's number")
            record.number_in(33, 49, "amount")
        except BankFileError as fault:
            return fault
        if record.text[31] not in "-0":
            sentence = 'column 32 should be "-" or "0", but is "{sign}"'
            return WrongRecord(record.position, sentence, sign=record.text[31])
        return WrongRecord(record.position, "the record (30) has letters where only digits belong", code=MONEY)


def assignment_ends(window: Window) -> Iterator[Record]:
    """All end records of assignments (88) in order.

    An assignment's day is part of its payments' keys, but stands in its last record: reading those ahead costs a second
    pass over the lines, and no memory.
    """
    for number, raw in lines(window):
        if raw[6:8] == b"88" and raw[:2] == b"NY":
            yield Record(number, decode(raw, 80).ljust(80))


def open_assignment(record: Record, first: Record, service: str, end: Record | None) -> Assignment:
    """An assignment from its record 20, the file's first record and the next end record (88) in the file.

    Nets numbers transmissions and assignments for each customer, and begins anew: with the day they are unique.
    """
    if end is None:
        raise Truncated(record.position, "no end record (88) follows for the assignment that begins here")
    number = record.number_in(18, 24, "assignment's number")
    transmission = first.number_in(17, 23, "transmission's number")
    digits = record.text[24:35]
    if service != "09":
        return Assignment(service, "", Account("BBAN", digits), "")
    payee = Account("BBAN", digits)
    if not record.number_in(25, 35, "account"):
        raise WrongRecord(record.position, "the assignment has no account")
    known_as = key("Nets", payee.number, transmission, number, end.day(42))
    return Assignment(service, known_as, payee, f"{transmission}/{number}")
