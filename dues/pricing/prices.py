"""Sets up prices: a price that has been used is never changed, another one follows it from a day on."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final, Self

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.dates import FIRST, LAST
from dues.editing import StillUsedError, held, remove
from dues.pricing.errors import (
    AgesError,
    AmountError,
    DaysError,
    FollowsTooEarlyError,
    IncomeShareError,
    PriceTwiceError,
    PriceUsedError,
)
from dues.pricing.models import PriceClassLine, PriceRule
from dues.pricing.resolve import WHOLE

_AGES: Final = range(151)
_MOST: Final = 10**12  # minor units; what no fee is


@dataclass(frozen=True, slots=True)
class Priced:
    """What a price is for, how much, and when; None means any type, everywhere, everybody, all ages, always.

    ``amount`` is in minor units of ``currency`` for a whole term; ages and days are inclusive. With ``income_share``
    (basis points of a yearly income) it is what holds while no income is known; ``least`` and ``most`` are for a term.
    """

    component_id: int
    amount: int
    currency: str
    type_id: int | None = None
    group_id: int | None = None
    min_age: int | None = None
    max_age: int | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    segment_id: int | None = None
    income_share: int | None = None
    least: int | None = None
    most: int | None = None

    @classmethod
    def of(cls, rule: PriceRule) -> Self:
        """Return what a price rule says."""
        return cls(**{name: getattr(rule, name) for name in cls.__slots__})

    @classmethod
    def ending(cls, rule: PriceRule, *, on: dt.date | None) -> Self:
        """Return what a price rule says, with another last day."""
        return replace(cls.of(rule), valid_to=on)

    def refuse(self) -> None:
        """Raise AmountError, AgesError or DaysError for what no price can be."""
        if not 0 <= self.amount <= _MOST:
            raise AmountError
        lowest, highest = self.min_age, self.max_age
        if any(age is not None and age not in _AGES for age in (lowest, highest)):
            raise AgesError
        if lowest is not None and highest is not None and highest < lowest:
            raise AgesError
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise DaysError
        if any(day is not None and not FIRST <= day <= LAST for day in (self.valid_from, self.valid_to)):
            raise DaysError
        self._refuse_share()

    def _refuse_share(self) -> None:
        """Raise IncomeShareError for a share, a floor or a cap that are none."""
        bounds = [bound for bound in (self.least, self.most) if bound is not None]
        if self.income_share is None and bounds:
            raise IncomeShareError
        if self.income_share is not None and not 1 <= self.income_share <= WHOLE:
            raise IncomeShareError
        if any(not 0 <= bound <= _MOST for bound in bounds) or bounds != sorted(bounds):
            raise IncomeShareError


def is_used(session: Session, *, price_id: int) -> bool:
    """Tell whether any invoice or preview was made with a price."""
    return bool(session.scalar(select(func.price_is_used(price_id))))


def set_price(session: Session, *, priced: Priced) -> PriceRule:
    """Add a price. Raises PriceTwiceError, AmountError, AgesError and DaysError."""
    priced.refuse()
    _refuse_twice(session, priced, besides=None)
    rule = PriceRule(**{name: getattr(priced, name) for name in Priced.__slots__})
    session.add(rule)
    session.flush()
    return rule


def _refuse_twice(session: Session, priced: Priced, *, besides: int | None) -> None:
    """Two prices for the same from the same day: the second would silently win."""
    same = ("component_id", "currency", "type_id", "group_id", "segment_id", "min_age", "max_age", "valid_from")
    wanted = select(PriceRule.id).where(
        *(getattr(PriceRule, name).is_not_distinct_from(getattr(priced, name)) for name in same),
        PriceRule.id.is_distinct_from(besides),
    )
    if (found := session.scalar(wanted.limit(1))) is not None:
        raise PriceTwiceError(found)


def change_price(session: Session, *, price_id: int, priced: Priced) -> PriceRule:
    """Change a price that was never used; of one that was, only its last day.

    Raises PriceUsedError, what `set_price` raises, and an EditingError.
    """
    rule = held(session, PriceRule, price_id)
    priced.refuse()
    if replace(priced, valid_to=None) != replace(Priced.of(rule), valid_to=None):
        if is_used(session, price_id=price_id):
            raise PriceUsedError
        _refuse_twice(session, priced, besides=price_id)
    for name in Priced.__slots__:
        setattr(rule, name, getattr(priced, name))
    session.flush()
    return rule


def follow_price(session: Session, *, price_id: int, priced: Priced, today: dt.date) -> PriceRule:
    """Let a price follow another for the same, made by `followed`: periods that begin from its day on cost it.

    The earlier price stays for the periods before. Raises FollowsTooEarlyError, PriceTwiceError, AmountError and
    DaysError.
    """
    rule = held(session, PriceRule, price_id)
    earliest = max(today, rule.valid_from + dt.timedelta(days=1)) if rule.valid_from else today
    if priced.valid_from is None or priced.valid_from < earliest:
        raise FollowsTooEarlyError(earliest)
    return set_price(session, priced=priced)


def followed(rule: PriceRule, *, amount: int, from_on: dt.date, until: dt.date | None = None) -> Priced:
    """Return the price that would follow another."""
    return replace(Priced.of(rule), amount=amount, valid_from=from_on, valid_to=until)


def remove_price(session: Session, *, price_id: int) -> None:
    """Take a price away that was never used; raise an EditingError."""
    rule = held(session, PriceRule, price_id)
    if is_used(session, price_id=price_id):
        raise StillUsedError(PriceClassLine.__tablename__)
    remove(session, rule)
