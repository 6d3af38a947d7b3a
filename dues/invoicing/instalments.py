"""An invoice paid in parts: how many, by when each, how much, and which lines fall on which."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from dues.dates import add_months
from dues.invoicing.instalment_errors import PartsError
from dues.invoicing.instalment_models import PartUnit

FEWEST: Final = 2
MOST: Final = 12
"""Parts of an invoice."""
FARTHEST: Final = 12
"""Weeks or months between two parts at most."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the parts, counted from 1; minor units of the invoice's currency."""

    position: int
    due_on: dt.date
    amount: int


@dataclass(frozen=True, slots=True)
class Plan:
    """``parts`` parts, the first by ``first_on`` and another every so many weeks or months.

    Raises PartsError where these are none of 2 to 12 parts, every 1 to 12 weeks or months.
    """

    parts: int
    first_on: dt.date
    every: int = 1
    unit: PartUnit = PartUnit.MONTH

    def __post_init__(self) -> None:
        """Refuse what is no plan."""
        if self.parts not in range(FEWEST, MOST + 1) or self.every not in range(1, FARTHEST + 1):
            raise PartsError(f"{self.parts} parts every {self.every} {self.unit}s")

    def days(self) -> list[dt.date]:
        """Return by when each is to be paid: on the first one's day of the month or, in a shorter one, the last."""
        steps = [place * self.every for place in range(self.parts)]
        if self.unit is PartUnit.WEEK:
            return [self.first_on + dt.timedelta(weeks=step) for step in steps]
        return [add_months(self.first_on, step) for step in steps]

    def divide(self, amount: int) -> list[Part]:
        """Return the parts of an amount. Raises PartsError where there is nothing in some of them."""
        shares = divided(amount, self.parts)
        return [Part(place + 1, day, share) for place, (day, share) in enumerate(zip(self.days(), shares, strict=True))]


def divided(amount: int, parts: int) -> list[int]:
    """Divide minor units evenly; what is left over goes one each to the first parts. Raises PartsError.

    The database does the same (`part_amount`) where a run writes many.
    """
    if amount < parts:
        raise PartsError(f"{amount} minor units in {parts} parts")
    each, over = divmod(amount, parts)
    return [each + (place < over) for place in range(parts)]


def laid(amounts: Sequence[int], room: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Lay lines onto the parts that ask for them, both in their order: line, part (both from 0), minor units.

    What takes something off falls on the first part whole. So the first money that comes is for the first lines, which
    is how all money falls on lines; and every line and every part adds up. ``amounts`` and ``room`` have one sum.
    """
    left = list(room)
    for line, amount in enumerate(amounts):
        if amount < 0:
            left[0] -= amount
            yield line, 0, amount
    place = 0
    for line, amount in enumerate(amounts):
        rest = amount
        while rest > 0:
            share = min(rest, left[place])
            if share:
                yield line, place, share
            rest -= share
            left[place] -= share
            place += left[place] == 0 and place + 1 < len(left)
