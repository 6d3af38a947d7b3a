"""Field 61, one entry of a SWIFT statement, and the payment it makes with its field 86."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b

from bankfiles.dates import short_date
from bankfiles.errors import BankFileError, UnreadableDate, WrongRecord
from bankfiles.keys import escaped
from bankfiles.mt_fields import Field
from bankfiles.mt_text import Said, read_text
from bankfiles.mt_values import amount_of, iban_in
from bankfiles.types import Account, Charge, Kind, Payment, Reference

# 6!n[4!n]2a[1!a]15d1!a3!c16x[//16x], then details on a line of their own; some banks break the line before the amount
# or have longer references.
_ENTRY = re.compile(
    r"(\d{6})(\d{4}|    )?(RC|RD|EC|ED|C|D)([A-Z]?)([\d,]+)([A-Z][A-Z0-9 ]{3})?([^/]*(?:/(?!/)[^/]*)*)(?://(.*))?",
    re.ASCII,
)
_SIGNS = {"C": 1, "RD": 1, "D": -1, "RC": -1}
_HALF_YEAR = timedelta(days=182)
_NO_REFERENCE = frozenset({"", "NONREF", "EREF", "PREF", "MARF", "NOTPROVIDED"})
_DIGITS = re.compile(r"\d{6,25}|RF\d\d[A-Z0-9]{1,21}", re.ASCII)
_FEE = re.compile(r"/CHGS/([A-Z]{3})([\d,]+)", re.ASCII)
_RETURN = "RTI"  # the identification of returned items, behind the letter N, S or F


@dataclass(slots=True)
class Entry:
    """A field 61: signed minor units; 0 of what the bank only expects."""

    number: int
    amount: int
    expected: bool
    reversal: bool
    booked_on: date
    value_on: date
    customer: str
    bank: str
    details: str

    def payment(self, start: str, currency: str, lines: list[str], receiver: Account) -> Payment:
        """The payment, with the lines of its field 86; `start` begins its key with the account.

        The key has the day, the amount, the bank's reference and what is said: banks use references again, and the
        same entry is told in the report of the day (MT942) and in the statement (MT940).
        """
        said = read_text(lines) if lines else Said()
        payer = said.account
        if payer is None and (self.customer or self.details):
            payer = iban_in(self.customer) or iban_in(self.details)
        name, text = said.name, said.text
        if payer is not None and said.account is None and self.details and payer.number not in self.details:
            name, text = _asn(payer, self.details, name, text)  # ASN and SNS
        known_as = escaped(self.bank) if self.bank else "~"
        content = blake2b("\n".join([self.customer, self.details, *lines]).encode(), digest_size=10).hexdigest()
        return Payment(
            self.amount,
            currency,
            self.booked_on,
            f"{start}|{self.booked_on.isoformat()}|{known_as}{content}|{self.amount}",
            f"line {self.number}",
            self._kind(said),
            self.value_on,
            self.bank or None,
            self._references(said),
            text or self.details * (not said.name and payer is None),
            name,
            payer,
            receiver,
            said.end_to_end_id,
            said.mandate_id,
            said.return_reason,
            charges=self._charges(said, currency),
        )

    def _charges(self, said: Said, currency: str) -> tuple[Charge, ...]:
        """What the bank took for a return, within its amount; what cannot be read is not guessed.

        It stands in field 61 (OCMT, what went back, and CHGS, the fee) or among the keys of field 86 (COAM).
        """
        found = _FEE.search(self.details) if self.details else None
        written = found[2] if found and found[1] == currency else said.charge
        if not written or not (self.reversal or said.returned):
            return ()
        try:
            taken = amount_of(written.lstrip("-"), currency)
        except BankFileError:
            return ()
        return (Charge(taken, currency, included=True),) if 0 < taken < abs(self.amount) else ()

    def _kind(self, said: Said) -> Kind:
        if self.reversal or said.returned:
            return "return"
        return "payment" if self.amount >= 0 else "other"

    def _references(self, said: Said) -> tuple[Reference, ...]:
        if said.reference is not None:
            return (said.reference,)
        if not self.customer or not _DIGITS.fullmatch(self.customer):
            return ()
        return (Reference(self.customer, structured=False),)


def read_entry(field: Field, currency: str) -> Entry:
    """An entry in the statement's currency; raises WrongRecord, UnreadableAmount and UnreadableDate."""
    first, *rest = field.lines
    found = _ENTRY.fullmatch(first)
    while found is None and rest and len(first) < _BROKEN:
        first += rest.pop(0)
        found = _ENTRY.fullmatch(first)
    if found is None:
        raise WrongRecord(field.position, 'the entry "{text}" cannot be read', text=first[:60])
    value, entry, mark, _, amount, kind, customer, bank = found.groups()
    try:
        value_on, booked_on = _days(value, entry)
        money = amount_of(amount, currency)
    except BankFileError as fault:
        raise fault.at(field.position) from None
    expected = mark[0] == "E"
    plain = customer.strip()
    return Entry(
        field[0],
        0 if expected else money * _SIGNS[mark],
        expected,
        mark[0] == "R" or (kind is not None and kind[1:] == _RETURN),
        booked_on,
        value_on,
        "" if plain in _NO_REFERENCE else plain,
        "" if bank is None else bank.strip(),
        "".join(rest).strip() if rest else "",
    )


_BROKEN = 40  # characters a beginning may have that goes on in the next line


@lru_cache(maxsize=256)
def _days(value: str, entry: str | None) -> tuple[date, date]:
    """Value day and booking day; raises UnreadableDate."""
    value_on = short_date(value, "YMD")
    return value_on, entry_day(entry, value_on) if entry and entry.strip() else value_on


@lru_cache(maxsize=256)
def entry_day(text: str, value_on: date) -> date:
    """The booking day MMDD in the year that lies nearest to the value day; raises UnreadableDate."""
    for year in (value_on.year, value_on.year - 1, value_on.year + 1):
        try:
            day = date(year, int(text[:2]), int(text[2:]))
        except ValueError:
            continue
        if abs(day - value_on) <= _HALF_YEAR:
            return day
    raise UnreadableDate("", '"{text}" is not a day near {day}', text=text, day=value_on)


def _asn(payer: Account, details: str, name: str, text: str) -> tuple[str, str]:
    """Name and text where field 86 begins with the account and name that field 61 has given."""
    start = f"{payer.number} {details}"
    return name or details, text.removeprefix(start).strip() if text.startswith(start) else text
