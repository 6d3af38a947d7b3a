"""A look ahead over the large entries of a camt file: do their transactions add up?"""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element as Element

from bankfiles import camt_entry
from bankfiles import camt_values as values
from bankfiles.camt_transaction import read_amount
from bankfiles.camt_values import local, parent_of
from bankfiles.elements import elements, forget
from bankfiles.streams import Window

_SHELLS = 50  # emptied elements that may stand until they are removed together


@dataclass(slots=True)
class _Total:
    """The sum of an entry's transactions so far; `amount` is None once one of them gave none."""

    expected: int
    currency: str
    sign: int
    booked: bool
    count: int = 0
    amount: int | None = 0

    def add(self, amount: int | None) -> None:
        self.count += 1
        self.amount = None if amount is None or self.amount is None else self.amount + amount


def large_entries(window: Window, namespace: str, limit: int) -> Iterator[tuple[int, bool]]:
    """For each booked entry of `limit` or more transactions, its number in the file (from 1) and whether they add up.

    An entry whose transactions do not add up must become a single payment, and it may hold a million of them: adding up
    before telling the first is what keeps memory flat. It costs a second parse of files with such entries, of others
    nothing.
    """
    number = 1
    total: _Total | None = None
    for element in elements(window, [f"{{{namespace}}}TxDtls", f"{{{namespace}}}Ntry"]):
        if local(element) == "TxDtls":
            total = total or _open(parent_of(parent_of(element)))
            total.add(read_amount(element, total.currency, total.sign))
        else:
            if total is not None and total.booked and total.count >= limit:
                yield number, total.amount == total.expected
            total = None
            number += 1
        if total is None or total.count % _SHELLS == 0:
            forget(element)
        else:
            element.clear()


def _open(element: Element) -> _Total:
    parts = values.children(element)
    amount, currency, sign = camt_entry.money(element, parts)
    return _Total(amount * sign, currency, sign, camt_entry.status(element, parts) == "BOOK")
