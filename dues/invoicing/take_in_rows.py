"""Reads a table of invoices that another system issued: rows of one number are one invoice, facts of its first row."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from dues.dates import FIRST, LAST
from dues.invoicing.charge_cells import Cells, Places
from dues.invoicing.charge_columns import Field
from dues.invoicing.charge_ground import MOST_LINES
from dues.invoicing.due_days import latest_due
from dues.invoicing.elsewhere_models import Quoted
from dues.invoicing.freeze import digest
from dues.invoicing.one_off import MOST
from dues.invoicing.quoted import is_number, key_of, may_be
from dues.members.keys import email_key
from language import gettext_noop as _
from tablefiles import Row, TableFileError, read_date, read_text

_ONCE: Final = (Field.NUMBER, Field.EMAIL, Field.EXTERNAL, Field.ISSUED, Field.DUE, Field.REFERENCE, Field.PAID)
"""What is said of an invoice once; its other rows leave it empty or say the same."""


@dataclass(slots=True)
class Bill:
    """An invoice as its first row tells it, and what its rows add up to; minor units of the creditor's currency."""

    row: Row
    printed: str
    said: dict[Field, str]
    issued_on: dt.date | None
    due_on: dt.date | None
    reference: str
    kind: Quoted
    paid: int
    amount: int = 0
    lines: int = 0


@dataclass(slots=True)
class Bills(Cells):
    """Reads rows one after the other; collects the invoices they make up, and their faults."""

    bills: dict[str, Bill] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)

    def read(self, rows: Iterable[Row]) -> Iterator[tuple[object, ...]]:
        """Yield each row's line, as ``charge_row`` takes it; of one with a fault, nothing."""
        at = self.reading.places(self.header)
        for row in rows:
            if self.too_many:
                return
            before = len(self.faults)
            line = self._line(row, at)
            if len(self.faults) == before:
                yield line
        for bill in self.bills.values():
            self._sum(bill, at)

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Yield the invoices, as ``take_in_bill`` takes them; one without a reference is paid by its number."""
        for one in self.bills.values():
            reference, kind = (one.reference, one.kind) if one.reference else (one.printed, Quoted.TEXT)
            yield one.printed, one.issued_on, one.due_on, one.paid, reference, kind.value

    def _line(self, row: Row, at: Places) -> tuple[object, ...]:
        said = {what: read_text(row.cells[place]) for what, place in at.items()}
        bill = self._bill(row, at, said)
        if bill is None:
            return ()
        self._currency(row, at, said)
        product = self.ground.products.get(said.get(Field.PRODUCT, ""))
        if product is None and said.get(Field.PRODUCT):
            self.wrong(row, at, Field.PRODUCT, _("The group sells no product with this number."))
        amount = self._amount(row, at)
        account = None if product else self.account(row, at, said)
        words = self.words(row, at, said) or ("" if product else bill.printed)
        bill.amount, bill.lines = bill.amount + (amount or 0), bill.lines + 1
        content = self.content(product, words)
        return (
            row.line,
            self.number(row, at, bill.said) or None,
            email_key(bill.said.get(Field.EMAIL, "")),
            bill.said.get(Field.EXTERNAL, ""),
            product.id if product else None,
            json.dumps(content),
            digest(content),
            1,
            amount,
            account,
            bill.printed,
        )

    def _bill(self, row: Row, at: Places, said: dict[Field, str]) -> Bill | None:
        """Return the invoice that a row belongs to; None where it has no number."""
        printed = said.get(Field.INVOICE, "")
        if not is_number(printed):
            self.wrong(row, at, Field.INVOICE, _("Write the number of the invoice, in 35 letters at most."))
            return None
        key = key_of(printed)
        there = self.bills.get(key)
        if there is None:
            there = self.bills[key] = self._first(row, at, said, printed)
            return there
        line = there.row.line
        for what in _ONCE:
            if said.get(what) and said[what] != there.said[what]:
                self.wrong(row, at, what, _("This is not what line %(line)s says of the same invoice."), line=line)
        return there

    def _first(self, row: Row, at: Places, said: dict[Field, str], printed: str) -> Bill:
        issued, due = self._day(row, at, Field.ISSUED), self._day(row, at, Field.DUE)
        if issued and due and due < issued:
            self.wrong(row, at, Field.DUE, _("It is due before it was issued."))
        if issued and due and due > latest_due(issued):
            self.wrong(row, at, Field.DUE, _("It is due more than five years after it was issued."))
        reference, kind = said.get(Field.REFERENCE, ""), Quoted(self.reading.quoted or Quoted.TEXT)
        if reference and not may_be(reference, kind):
            self.wrong(row, at, Field.REFERENCE, _WRONG[kind])
        other = self.references.setdefault(key_of(reference or printed), printed)
        if other != printed:
            words = _("Invoice %(number)s in this table has the same reference.")
            self.wrong(row, at, Field.REFERENCE, words, number=other)
        once = {what: said.get(what, "") for what in _ONCE}
        return Bill(row, printed, once, issued, due, reference, kind, self.amount(row, at, Field.PAID) or 0)

    def _day(self, row: Row, at: Places, what: Field) -> dt.date | None:
        try:
            day = read_date(row.cells[at[what]], order=self.reading.dates)
        except TableFileError as error:
            self.wrong(row, at, what, error.reason, **error.values)
            return None
        if day is None:
            self.wrong(row, at, what, _("Write the day."))
        elif not FIRST <= day <= LAST:
            self.wrong(row, at, what, _("Write a day of our time."))
            return None
        return day

    def _currency(self, row: Row, at: Places, said: dict[Field, str]) -> None:
        written = said.get(Field.CURRENCY, "").upper()
        if written and written != self.ground.currency:
            words = _("The creditor keeps its books in %(currency)s.")
            self.wrong(row, at, Field.CURRENCY, words, currency=self.ground.currency)

    def _amount(self, row: Row, at: Places) -> int | None:
        before = len(self.faults)
        amount = self.amount(row, at, Field.PRICE)
        if amount is None and len(self.faults) == before:
            self.wrong(row, at, Field.PRICE, _("Write the amount."))
        return amount

    def _sum(self, bill: Bill, at: Places) -> None:
        """See that an invoice asks for something, and that no more was paid of it than it asks for."""
        if bill.lines and bill.amount <= 0:
            self.wrong(bill.row, at, Field.PRICE, _("The lines of this invoice do not add up to more than nothing."))
        elif bill.amount > MOST:
            self.wrong(bill.row, at, Field.PRICE, _("This is more than an invoice may ask for."))
        elif not 0 <= bill.paid <= bill.amount:
            self.wrong(bill.row, at, Field.PAID, _("No more can have been paid than the invoice asks for."))
        if bill.lines > MOST_LINES:
            self.wrong(bill.row, at, Field.INVOICE, _("This invoice has more than %(most)s lines."), most=MOST_LINES)


_WRONG: Final = {
    Quoted.OCR: _("This is no OCR number: its check digit does not fit."),
    Quoted.KID: _("This is no KID: its check digit does not fit."),
    Quoted.RF: _("This is no RF reference: its check digits do not fit."),
    Quoted.TEXT: _("A reference has 35 letters at most."),
}
