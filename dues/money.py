"""Money: an integer of minor units with its currency; never a float, never a bare number across a boundary."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self


class CurrencyMismatchError(Exception):
    """Two amounts of different currencies were to be added or compared."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"Amounts in {left} and {right} cannot be put together.")


def times(quantity: Decimal, price: int) -> int:
    """Return what a quantity costs at a price each, in whole minor units, rounded half away from zero."""
    return int((quantity * price).quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """``minor`` units of an ISO 4217 ``currency``."""

    minor: int
    currency: str

    def __add__(self, other: Self) -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Self) -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def _same(self, other: Self) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatchError(self.currency, other.currency)
        return other.minor
