"""What a status report says about the number and sum of orders, held against the orders it lists.

A report repeats the number and control sum of the original message and its batches, but need not list all of their
orders: many banks list only what they reject. So a listing may fall short of them and never exceed them, and one that
is complete must agree. Numbers per status (NbOfTxsPerSts) are exact for every status of which orders are listed.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bankfiles.currencies import exponent
from bankfiles.errors import WrongTotal


@dataclass(slots=True)
class Listed:
    """What a report lists of a message or batch; `unread` orders repeat no amount."""

    orders: int = 0
    amount: Decimal = Decimal(0)
    unread: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    sums: dict[str, Decimal] = field(default_factory=dict)

    def add(self, code: str, amount: int | None, currency: str | None) -> None:
        """Count an order, of `amount` minor units where one is told."""
        self.orders += 1
        self.statuses[code] += 1
        if amount is None:
            self.unread += 1
            return
        decimal = Decimal(amount).scaleb(-exponent(currency))
        self.amount += decimal
        self.sums[code] = self.sums.get(code, Decimal(0)) + decimal


@dataclass(frozen=True, slots=True)
class Promised:
    """What a report says of a message or batch."""

    position: str
    orders: int | None
    amount: Decimal | None
    statuses: Mapping[str, tuple[int, Decimal | None]]

    def check(self, listed: Listed) -> bool:
        """Raise WrongTotal where the listing contradicts; return whether a sum has proved all its amounts."""
        if self.orders is not None and listed.orders > self.orders:
            raise self._wrong("the report says {said} orders and lists {listed}", self.orders, listed.orders)
        for code, (number, _) in self.statuses.items():
            if listed.statuses[code] not in {0, number}:
                raise self._wrong("the report says {said} orders and lists {listed}", number, listed.statuses[code])
        if listed.unread:
            return False
        return self._check_statuses(listed) | self._check_sum(listed)

    def _check_statuses(self, listed: Listed) -> bool:
        """Hold the sums per status against the listing; True where every listed status has one."""
        for code, total in listed.sums.items():
            said = self.statuses.get(code, (0, None))[1]
            if said is not None and said != total:
                raise self._wrong("the report says that orders add up to {said}, they give {listed}", said, total)
        return bool(listed.sums) and all(self.statuses.get(code, (0, None))[1] is not None for code in listed.sums)

    def _check_sum(self, listed: Listed) -> bool:
        if self.amount is None or not listed.orders:
            return False
        whole = listed.orders == self.orders
        if listed.amount > self.amount or (whole and listed.amount != self.amount):
            raise self._wrong(
                "the report says that orders add up to {said}, they give {listed}", self.amount, listed.amount
            )
        return whole

    def _wrong(self, sentence: str, said: object, listed: object) -> WrongTotal:
        return WrongTotal(self.position, sentence, said=said, listed=listed)
