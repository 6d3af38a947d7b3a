"""Value added tax within amounts that include it: by rate, and so that net and tax always add up to the gross."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from documents.model import Line
from language import Language

WHOLE: Final = 10_000
"""Basis points of a whole."""


@dataclass(frozen=True, slots=True)
class VatPart:
    """What was charged at one rate, in basis points; amounts in minor units, ``tax`` being within ``gross``."""

    rate: int
    gross: int
    tax: int

    @property
    def net(self) -> int:
        """What is left without the tax."""
        return self.gross - self.tax


def rate_words(rate: int, language: Language) -> str:
    """Return a rate, in basis points, as its reader writes it."""
    return language.percent(Decimal(rate) / WHOLE)


def tax_within(gross: int, rate: int) -> int:
    """Return the tax within an amount that includes it, rounded half away from zero to a minor unit."""
    whole = WHOLE + rate
    tax = (2 * abs(gross) * rate + whole) // (2 * whole)
    return tax if gross >= 0 else -tax


def vat_parts(lines: Iterable[Line]) -> tuple[VatPart, ...]:
    """Return what lines charge at each rate, the highest first; nothing where all are outside VAT.

    The tax is that of all lines of a rate together, so that many small lines lose nothing by rounding. Where any line
    bears VAT, those without are a part of their own, and the parts add up to the total.
    """
    sums: defaultdict[int, int] = defaultdict(int)
    for line in lines:
        sums[line.vat_rate] += line.amount
    if not any(sums):
        return ()
    return tuple(VatPart(rate, sums[rate], tax_within(sums[rate], rate)) for rate in sorted(sums, reverse=True))
