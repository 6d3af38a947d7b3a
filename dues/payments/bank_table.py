"""Reads tables of payments (CSV, XLSX) that banks let people export: no totals, any columns, one line a payment."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

from bankfiles.accounts import account
from bankfiles.currencies import decimal_text, exponent
from bankfiles.errors import UnreadableAmount, WrongRecord, WrongTotal
from bankfiles.keys import digest, key
from bankfiles.types import Account, Event, Notice, Payment, Reference, SectionClosed, SectionOpened
from dues.folding import folded
from tablefiles import Cell, DateOrder, Notation, Row, Table, TableFileError, read_amount, read_date, read_text


class Field(StrEnum):
    """What a column may hold. Money is one column with signs, or one for what came and one for what left."""

    BOOKED = "booked"
    VALUE = "value"
    AMOUNT = "amount"
    CREDIT = "credit"
    DEBIT = "debit"
    REFERENCE = "reference"
    TEXT = "text"
    NAME = "name"
    ACCOUNT = "account"
    BALANCE = "balance"


_CALLED: Final[Mapping[Field, str]] = {
    Field.BOOKED: "booking date|booked|date|transaction date|bokföringsdag|bokföringsdatum|bokfört|datum|bokført|dato"
    "|bokføringsdato|boekdatum|boekingsdatum|buchungstag|buchungsdatum|buchung",
    Field.VALUE: "value date|valutadag|valutadatum|rentedato|rentedatum|wertstellung|valuta|transaktionsdag",
    Field.AMOUNT: "amount|belopp|beløp|bedrag|betrag|umsatz|transaction amount",
    Field.CREDIT: "credit|in|insättning|insättningar|inn|inn på konto|bij|bijschrijving|haben|gutschrift|money in",
    Field.DEBIT: "debit|out|uttag|ut|ut fra konto|af|afschrijving|soll|lastschrift|belastung|money out",
    Field.REFERENCE: "reference|payment reference|ocr|kid|referens|referanse|betalingskenmerk|referenz",
    Field.TEXT: "text|description|message|details|meddelande|beskrivning|melding|beskrivelse|forklaring|omschrijving"
    "|mededelingen|verwendungszweck|buchungstext",
    Field.NAME: "name|payer|counterparty|namn|avsändare|betalare|navn|avsender|naam tegenpartij|naam|auftraggeber"
    "|begünstigter/zahlungspflichtiger|name zahlungsbeteiligter|zahler",
    Field.ACCOUNT: "account|iban|counterparty account|avsändarkonto|från konto|fra konto|tegenrekening"
    "|tegenrekening iban/bban|kontonummer/iban|iban zahlungsbeteiligter",
    Field.BALANCE: "balance|saldo|bokført saldo|saldo na trn|saldo nach buchung|kontostand",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column (by its name) holds what, and how numbers and days are written in a bank's tables."""

    columns: Mapping[str, str] = field(default_factory=dict)
    notation: Notation = Notation.CLEAR
    dates: DateOrder = DateOrder.ISO

    def stored(self) -> dict[str, Any]:
        """Return it as an account keeps it."""
        return {"columns": dict(self.columns), "notation": self.notation.value, "dates": self.dates.value}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Return what an account keeps."""
        columns = {str(Field(what)): str(name) for what, name in stored["columns"].items()}
        return cls(columns, Notation(stored["notation"]), DateOrder(stored["dates"]))

    def fits(self, header: Sequence[str]) -> bool:
        """Tell whether a table has all columns that are named."""
        return bool(self.columns) and set(self.columns.values()) <= set(header)


def guessed(header: Sequence[str]) -> Layout:
    """Return which column holds what, as far as their names tell."""
    called = {folded(name): name for name in reversed(header)}
    found: dict[str, str] = {}
    for what, names in _CALLED.items():
        hit = next((called[name] for name in map(folded, names.split("|")) if name in called), None)
        if hit is not None and hit not in found.values():
            found[what.value] = hit
    return Layout(found)


def orders_of(table: Table, layout: Layout) -> list[DateOrder]:
    """Return in which orders all booking days of a table can be read; nobody writes the month first with points."""
    at = next((place for place, name in enumerate(table.header) if name == layout.columns.get(Field.BOOKED)), None)
    if at is None:
        return list(DateOrder)
    days = [row.cells[at] for row in table.rows]
    pointed = any(isinstance(day, str) and "." in day for day in days)
    orders = [order for order in DateOrder if not (pointed and order is DateOrder.MONTH_FIRST)]
    return [order for order in orders if all(_is_day(day, order) for day in days)]


def _is_day(cell: Cell, order: DateOrder) -> bool:
    try:
        read_date(cell, order=order)
    except TableFileError:
        return False
    return True


def read_bank_table(table: Table, layout: Layout, *, own: Account, currency: str, content: str) -> Iterator[Event]:
    """Yield what a table says of an account of ours, as the readers of bank files do.

    ``content`` is the digest of the file, which names it. Where a column holds the balance, each line must lead to the
    next one's, oldest or newest first; a table without it proves nothing, and a notice says so. Raises BankFileError
    with line and column.
    """
    reader = _Reader(table, layout, own, currency)
    payments = [reader.payment(row) for row in table.rows]
    opening, closing = reader.balances(payments)
    known_as = key("table", own.number, content)
    yield SectionOpened(known_as, own, currency, opening_balance=opening)
    yield from payments
    total = sum(payment.amount for payment in payments)
    if closing is None:
        sentence = "the table carries no totals: {count} lines with the sum {sum} were read as they stand"
        sign = "-" if total < 0 else ""
        said = f"{sign}{decimal_text(abs(total), currency)} {currency}"
        yield Notice("table", sentence, {"count": len(payments), "sum": said})
    yield SectionClosed(known_as, len(payments), total, closing)


class _Reader:
    """One table being read."""

    def __init__(self, table: Table, layout: Layout, own: Account, currency: str) -> None:
        places = {name: place for place, name in enumerate(table.header)}
        self._at = {Field(what): places[name] for what, name in layout.columns.items() if name in places}
        if Field.BOOKED not in self._at or not {Field.AMOUNT, Field.CREDIT} & set(self._at):
            raise WrongRecord("", "name the columns of the booking day and of the amount")
        if Field.AMOUNT in self._at and {Field.CREDIT, Field.DEBIT} & set(self._at):
            raise WrongRecord("", "money is either one column with signs, or two for what came and what left")
        self._table, self._layout, self._own, self._currency = table, layout, own, currency
        self._decimals = exponent(currency)
        self._sorted = sorted(self._at.items())
        self._days: dict[Cell, dt.date | None] = {}  # a bank's table has many lines of a day

    def payment(self, row: Row) -> Payment:
        """The payment of a line."""
        booked = self._date(row, Field.BOOKED)
        if booked is None:
            raise WrongRecord(self._place(row, Field.BOOKED), "the line has no booking day")
        amount = self._amount(row)
        texts = {what: read_text(row.cells[place]) for what, place in self._sorted}
        reference, payer = texts.get(Field.REFERENCE, ""), texts.get(Field.ACCOUNT, "")
        said = digest(*texts.values())
        return Payment(
            amount=amount,
            currency=self._currency,
            booked_on=booked,
            key=f"{key('table', self._own.number, booked)}|~{said}|{amount}",
            position=f"line {row.line}",
            kind="payment" if amount >= 0 else "other",
            value_on=self._date(row, Field.VALUE),
            references=(Reference(reference, structured=False),) if reference else (),
            text=texts.get(Field.TEXT, ""),
            payer_name=texts.get(Field.NAME, ""),
            payer_account=account("", payer) if payer else None,
            receiver_account=self._own,
        )

    def balances(self, payments: Sequence[Payment]) -> tuple[int | None, int | None]:
        """The balances before and after all lines, None where no column holds them; raises WrongTotal."""
        if Field.BALANCE not in self._at:
            return None, None
        rows = self._table.rows
        after = [self._money(row, Field.BALANCE) for row in rows]
        found: list[int] = []
        for row, balance in zip(rows, after, strict=True):
            if balance is None:
                raise WrongRecord(self._place(row, Field.BALANCE), "the line has no balance")
            found.append(balance)
        amounts = [payment.amount for payment in payments]
        oldest_first = _break(found, amounts)
        if oldest_first is None:
            return found[0] - amounts[0], found[-1]
        newest_first = _break(found[::-1], amounts[::-1])
        if newest_first is None:
            return found[-1] - amounts[-1], found[0]
        wrong = max(oldest_first, len(rows) - 1 - newest_first)
        sentence = "the balance does not follow from the lines beside it, neither oldest nor newest first"
        raise WrongTotal(self._place(rows[wrong], Field.BALANCE), sentence)

    def _amount(self, row: Row) -> int:
        """Signed minor units; an empty cell is never zero."""
        if Field.AMOUNT in self._at:
            amount = self._money(row, Field.AMOUNT)
        else:
            came = self._money(row, Field.CREDIT)
            left = self._money(row, Field.DEBIT) if Field.DEBIT in self._at else None
            if came and left:
                raise UnreadableAmount(self._place(row, Field.DEBIT), "money both came and left in this line")
            amount = -abs(left) if left else (came if came is not None else left)
        if amount is None:
            what = Field.AMOUNT if Field.AMOUNT in self._at else Field.CREDIT
            raise UnreadableAmount(self._place(row, what), "the line has no amount")
        return amount

    def _money(self, row: Row, what: Field) -> int | None:
        cell = row.cells[self._at[what]]
        try:
            return read_amount(cell, decimals=self._decimals, notation=self._layout.notation)
        except TableFileError as fault:
            raise UnreadableAmount(self._place(row, what), "{fault}", fault=fault.reason % fault.values) from None

    def _date(self, row: Row, what: Field) -> dt.date | None:
        if what not in self._at:
            return None
        cell = row.cells[self._at[what]]
        if cell in self._days:
            return self._days[cell]
        try:
            day = read_date(cell, order=self._layout.dates)
        except TableFileError as fault:
            raise WrongRecord(self._place(row, what), "{fault}", fault=fault.reason % fault.values) from None
        self._days[cell] = day
        return day

    def _place(self, row: Row, what: Field) -> str:
        return f"line {row.line}, “{self._table.header[self._at[what]]}”"


def _break(balances: Sequence[int], amounts: Sequence[int]) -> int | None:
    """The first line whose balance does not follow from the line before it, None where all do."""
    for place in range(1, len(balances)):
        if balances[place - 1] + amounts[place] != balances[place]:
            return place
    return None
