"""Where the texts of a transaction belong: found by reading a specimen that has marks in place of them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from bankfiles.accounts import account
from bankfiles.camt_transaction import Transaction
from bankfiles.currencies import EXPONENTS
from bankfiles.types import Reference

_MARK = re.compile(r"Q([0-9]+)Q")
Name = TypeVar("Name")
_FIRST = 1_000_000
_STRINGS = ("debtor", "creditor", "additional", "proprietary")
_ACCOUNTS = ("debtor_account", "creditor_account")


def mark(group: int) -> str:
    """A text that every reading leaves as it is: letters and digits, neither an IBAN nor a number."""
    return f"Q{group}Q"


def marked_amount(group: int) -> str:
    """An amount that tells its group, in any currency."""
    return str(_FIRST + group)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which groups of a pattern's match become what of a transaction; what has no group is as in the specimen."""

    specimen: Transaction
    amount: int | None
    refs: tuple[tuple[str, int], ...]
    strings: tuple[tuple[str, int], ...]
    accounts: tuple[tuple[str, str, int], ...]
    references: tuple[tuple[int, int | None, int], ...]
    lines: tuple[int, ...]
    sent: int | None

    @classmethod
    def of(cls, read: Transaction) -> "Plan":
        """The plan that a specimen tells, as read in the currency and with the sign of an entry."""
        return cls(
            specimen=read,
            amount=_amount_group(read.amount, read.currency),
            refs=tuple(_groups(read.refs.items())),
            strings=tuple(_groups([(name, getattr(read, name)) for name in _STRINGS])),
            accounts=tuple(_account_groups(read)),
            references=tuple(_reference_groups(read)),
            lines=tuple([group for _, group in _groups(enumerate(read.lines))]),
            sent=None if read.sent is None else _amount_group(*read.sent),
        )

    def make(self, texts: tuple[str, ...], line: int) -> Transaction:
        """The transaction of a match's texts that stands in a line."""
        specimen = self.specimen
        made = Transaction(specimen.currency, specimen.sign, line)
        made.subfamily, made.return_reason = specimen.subfamily, specimen.return_reason
        made.rate = specimen.rate
        if self.sent is not None and specimen.sent is not None:
            made.sent = minor(texts[self.sent]), specimen.sent[1]
        if self.amount is not None:
            made.amount = minor(texts[self.amount]) * specimen.sign
        made.refs = {name: texts[group] for name, group in self.refs}
        for name, group in self.strings:
            setattr(made, name, texts[group])
        for name, scheme, group in self.accounts:
            setattr(made, name, account(scheme, texts[group]))
        if self.references:
            made.references = [
                Reference(texts[group], None if part is None else minor(texts[part]) * factor)
                for group, part, factor in self.references
            ]
        if self.lines:
            made.lines = [texts[group] for group in self.lines]
        return made


def _groups(texts: Iterable[tuple[Name, str]]) -> Iterator[tuple[Name, int]]:
    for name, text in texts:
        found = _MARK.fullmatch(text)
        if found:
            yield name, int(found[1])


def _account_groups(read: Transaction) -> Iterator[tuple[str, str, int]]:
    for name in _ACCOUNTS:
        found = getattr(read, name)
        if found is not None:
            for scheme, group in _groups([(found.scheme, found.number)]):
                yield name, scheme, group


def _reference_groups(read: Transaction) -> Iterator[tuple[int, int | None, int]]:
    for reference in read.references:
        for amount, group in _groups([(reference.amount, reference.value)]):
            yield group, _amount_group(amount, read.currency), -1 if amount is not None and amount < 0 else 1


def _amount_group(amount: int | None, currency: str) -> int | None:
    return None if amount is None else abs(amount) // 10 ** EXPONENTS[currency] - _FIRST


def minor(text: str) -> int:
    """An amount with just the decimals of its currency, as a pattern has matched it, in minor units."""
    return int(text.replace(".", ""))
