"""Single values of SWIFT statements: balances, totals, accounts."""

import re
from datetime import date
from typing import NamedTuple

from bankfiles.accounts import account, as_iban, is_iban
from bankfiles.currencies import EXPONENTS, minor_units
from bankfiles.dates import short_date
from bankfiles.errors import BankFileError, UnreadableAmount, WrongRecord
from bankfiles.mt_fields import Field
from bankfiles.types import Account

_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})([\d,]+)\s*", re.ASCII)
_TOTAL = re.compile(r"(\d{1,5})([A-Z]{3})([\d,]+)\s*", re.ASCII)
_DECIMAL = re.compile(r"\d+,\d*", re.ASCII)
_GERMAN = re.compile(r"(\d{8})/0*(\d{1,10})", re.ASCII)
_DUTCH_BANK = re.compile(r"\b(?:\d\d)?([A-Z]{4})NL[A-Z0-9]{2}", re.ASCII)
_DUTCH_DIGITS = 10
_PLAIN = 15  # digits before the comma that need no thought of how large an amount may be
_NORWEGIAN = re.compile(r"\d{11}", re.ASCII)


class Balance(NamedTuple):
    """A balance of fields 60 and 62: signed minor units of a currency, at the end of a day."""

    amount: int
    currency: str
    on: date


class Total(NamedTuple):
    """A number of entries and their sum of fields 90C and 90D, in unsigned minor units."""

    entries: int
    amount: int
    currency: str


def amount_of(text: str, currency: str) -> int:
    """The amount "12,5" in minor units; SWIFT demands the comma. Raises UnreadableAmount and UnsupportedCurrency."""
    whole, comma, decimals = text.partition(",")
    if comma and len(decimals) == EXPONENTS.get(currency) and len(whole) < _PLAIN:
        number = whole + decimals
        if whole and number.isdigit() and number.isascii():
            return int(number)  # as nearly all of them are
    if not _DECIMAL.fullmatch(text):
        raise UnreadableAmount("", '"{text}" is not an amount in {currency}', text=text, currency=currency)
    return minor_units(text.replace(",", "."), currency)


def balance(field: Field) -> Balance:
    """A field 60F, 60M, 62F or 62M."""
    found = _BALANCE.fullmatch(field.lines[0])
    if found is None:
        raise WrongRecord(field.position, '"{text}" is not a balance', text=field.lines[0])
    mark, day, currency, text = found.groups()
    try:
        amount = amount_of(text, currency)
        return Balance(-amount if mark == "D" else amount, currency, short_date(day, "YMD"))
    except BankFileError as fault:
        raise fault.at(field.position) from None


def total(field: Field) -> Total:
    """A field 90C or 90D."""
    found = _TOTAL.fullmatch(field.lines[0])
    if found is None:
        raise WrongRecord(field.position, '"{text}" is not a number and sum of entries', text=field.lines[0])
    try:
        return Total(int(found[1]), amount_of(found[3], found[2]), found[2])
    except BankFileError as fault:
        raise fault.at(field.position) from None


def bank_in(envelope: str) -> str:
    """The four letters of a Dutch bank's BIC in the lines around a message, empty if there is none."""
    found = _DUTCH_BANK.search(envelope)
    return found[1] if found else ""


def accounts(field: Field, bank: str) -> list[Account]:
    """The account of field 25 and the IBANs that may stand for it.

    Banks write an IBAN, some with the currency behind it; German ones the bank's number and the account's, Dutch ones
    the account's alone, of which `bank` makes an IBAN. Raises WrongRecord where there is no account.
    """
    written = field.lines[0].strip()
    if iban := iban_in(written):
        return [iban]
    if written[-3:] in EXPONENTS:
        written = written[:-3].rstrip()
    plain = account("", written.replace("/", "").replace(".", ""))
    if plain is None:
        raise WrongRecord(field.position, "the statement names no account")
    found = [plain]
    if german := _GERMAN.fullmatch(written):
        found.append(as_iban("DE", german[1] + german[2].zfill(10)))
    elif bank and plain.number.isdigit() and len(plain.number.lstrip("0")) <= _DUTCH_DIGITS:
        found.append(as_iban("NL", bank + plain.number.lstrip("0").zfill(_DUTCH_DIGITS)))
    elif _NORWEGIAN.fullmatch(plain.number):
        found.append(as_iban("NO", plain.number))
    return found


def iban_in(written: str) -> Account | None:
    """The IBAN, maybe followed by its currency, that a text is; None if it is none."""
    if len(written) < 15 or not written[:2].isalpha():  # noqa: PLR2004 -- Norway has the shortest
        return None
    if is_iban(written):
        return Account("IBAN", written)
    for part in (written, written[:-3]):
        found = account("", part)
        if found is not None and found.scheme == "IBAN":
            return found
    return None
