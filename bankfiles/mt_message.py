"""One statement or report of SWIFT, and how it proves itself."""

from datetime import date

from bankfiles.currencies import decimal_text
from bankfiles.dates import short_date
from bankfiles.errors import UnreadableDate, UnsupportedCurrency, WrongRecord, WrongTotal
from bankfiles.keys import key
from bankfiles.mt_entry import Entry
from bankfiles.mt_fields import Field
from bankfiles.mt_values import Balance, Total
from bankfiles.types import Account, SectionClosed, SectionOpened


class Message:
    """One statement or report being read; `amount` is the signed sum so far, `sums` it by side, in minor units."""

    def __init__(self, field: Field) -> None:
        self.begun = field
        self.position = field.position
        self.reference = field.lines[0].strip()
        self.accounts: list[Account] = []
        self.number = ""
        self.moment = ""
        self.opening: Balance | None = None
        self.currency: str | None = None
        self.opened: SectionOpened | None = None
        self.key_start = ""
        self.payments = 0
        self.amount = 0
        self.sums = {"C": 0, "D": 0}
        self.counts = {"C": 0, "D": 0}
        self.totals: dict[str, Total] = {}

    def open(self, field: Field) -> SectionOpened:
        """The section, now that all fields before the entries are read."""
        if not self.accounts:
            raise WrongRecord(field.position, "the statement has no account (25)")
        if self.currency is None:
            raise WrongRecord(field.position, "the statement has no opening balance (60F) and no floor limit (34F)")
        own, *others = self.accounts
        opening = self.opening
        if opening is not None:
            known_as = key("MT940", own.number, self.number, opening.on, opening.amount)
        else:
            known_as = key("MT942", own.number, self.number, self.moment, self.reference)
        self.key_start = key("MT940", own.number)
        self.opened = SectionOpened(
            key=known_as,
            account=own,
            currency=self.currency,
            created=self._made_on(),
            statement_number=self.number or None,
            opening_balance=opening.amount if opening else None,
            accounts=tuple(others),
        )
        return self.opened

    def _made_on(self) -> date | None:
        """The day of a report (13, 13D: YYMMDDhhmm and the zone); a statement has only days of balances."""
        try:
            return short_date(self.moment[:6], "YMD") if self.moment else None
        except UnreadableDate:
            return None

    def add(self, entry: Entry) -> None:
        """Count an entry."""
        self.payments += 1
        self.amount += entry.amount
        if self.opening is None:  # a report, which proves its sides
            side = "C" if entry.amount > 0 else "D"
            self.counts[side] += 1
            self.sums[side] += abs(entry.amount)

    def text(self, amount: int) -> str:
        """An amount with its sign, for a person."""
        return f"{'-' if amount < 0 else ''}{decimal_text(abs(amount), self.currency)}"

    def close(self, closing: Balance, field: Field) -> SectionClosed:
        """Compares opening balance and entries with the closing balance; raises WrongTotal."""
        if self.opening is None:
            raise WrongRecord(field.position, "the statement has a closing balance, but no opening balance (60F)")
        if closing.currency != self.currency:
            sentence = "the closing balance is in {said}, the opening balance in {found}"
            raise UnsupportedCurrency(field.position, sentence, said=closing.currency, found=self.currency)
        found = self.opening.amount + self.amount
        if found != closing.amount:
            sentence = "the closing balance is {said} {currency}, the opening balance and the entries give {found}"
            said = self.text(closing.amount)
            raise WrongTotal(field.position, sentence, said=said, currency=self.currency, found=self.text(found))
        return self._closed(closing)

    def close_report(self) -> SectionClosed:
        """Compares the entries with the totals; a side without one must have no entries. Raises WrongTotal."""
        if not self.totals:
            raise WrongTotal(self.position, "the report has neither totals (90C, 90D) nor balances, and proves nothing")
        for side, what in (("C", "credits"), ("D", "debits")):
            said = self.totals.get(side, Total(0, 0, self.currency or ""))
            if said.currency != self.currency:
                sentence = "the sum of the {what} is in {said}, the report in {found}"
                where = self.position
                raise UnsupportedCurrency(where, sentence, what=what, said=said.currency, found=self.currency)
            if (said.entries, said.amount) != (self.counts[side], self.sums[side]):
                sentence = "the report says {said} {what} of {sum} {currency}, its entries are {found} of {found_sum}"
                raise WrongTotal(
                    self.position,
                    sentence,
                    what=what,
                    said=said.entries,
                    sum=self.text(said.amount),
                    currency=self.currency,
                    found=self.counts[side],
                    found_sum=self.text(self.sums[side]),
                )
        return self._closed(None)

    def _closed(self, closing: Balance | None) -> SectionClosed:
        assert self.opened is not None  # noqa: S101 -- whoever closes has opened
        balance, on = (closing.amount, closing.on) if closing else (None, None)
        return SectionClosed(self.opened.key, self.payments, self.amount, balance, on)
