"""Sets up discounts: what is taken off, for whom, and in which order."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.base import Names
from dues.dates import FIRST, LAST
from dues.editing import GoneError, held, remove
from dues.groups.lists import Named, names_of
from dues.groups.models import Group
from dues.members.models import MembershipType, Segment
from dues.paging import Page, Place, Walk, read_page
from dues.pricing.components import named
from dues.pricing.errors import AgesError, DaysError, ShareOrAmountError
from dues.pricing.models import Discount, FeeComponent
from dues.pricing.resolve import WHOLE

_AGES: Final = range(151)
_MOST: Final = 10**12


@dataclass(frozen=True, slots=True)
class Discounted:
    """What is taken off in a group and below, and for whom; None means any.

    ``share`` is in basis points; ``amount`` in minor units of ``currency``, for a whole term. Those of a smaller
    ``position`` are taken off first.
    """

    group_id: int
    names: Mapping[str, str]
    share: int | None = None
    amount: int | None = None
    currency: str | None = None
    position: int = 0
    component_id: int | None = None
    type_id: int | None = None
    segment_id: int | None = None
    min_age: int | None = None
    max_age: int | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    @classmethod
    def of(cls, row: Discount) -> Self:
        """Return what a discount says."""
        return cls(**{name: getattr(row, name) for name in cls.__slots__})

    def refuse(self) -> None:
        """Raise ShareOrAmountError, AgesError or DaysError for what no discount can be."""
        if (self.share is None) == (self.amount is None):
            raise ShareOrAmountError
        if self.share is not None and not 1 <= self.share <= WHOLE:
            raise ShareOrAmountError
        if self.amount is not None and (self.currency is None or not 1 <= self.amount <= _MOST):
            raise ShareOrAmountError
        lowest, highest = self.min_age, self.max_age
        if any(age is not None and age not in _AGES for age in (lowest, highest)):
            raise AgesError
        if lowest is not None and highest is not None and highest < lowest:
            raise AgesError
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise DaysError
        if any(day is not None and not FIRST <= day <= LAST for day in (self.valid_from, self.valid_to)):
            raise DaysError


@dataclass(frozen=True, slots=True)
class ListedDiscount:
    """A discount in a list, with the names of what it is for; None where it is for all."""

    discount: Discount
    group: Named
    component: Names | None
    kind: Names | None
    segment: Names | None


def discounts_page(session: Session, *, at: Place | None = None) -> Page[ListedDiscount]:
    """Return discounts in the order in which they are taken off."""
    page = read_page(session, Walk(Discount, ("position", "id"), "id"), at=at)
    groups = names_of(session, {row.group_id for row in page.rows})
    parts, kinds, segments = (
        _names(session, table, {getattr(row, name) for row in page.rows})
        for table, name in ((FeeComponent, "component_id"), (MembershipType, "type_id"), (Segment, "segment_id"))
    )
    return page.turned(
        lambda row: ListedDiscount(
            row,
            groups[row.group_id],
            parts.get(row.component_id),
            kinds.get(row.type_id),
            segments.get(row.segment_id),
        )
    )


def _names(
    session: Session, table: type[FeeComponent] | type[MembershipType] | type[Segment], ids: set[int | None]
) -> dict[int | None, Names]:
    wanted = [id_ for id_ in ids if id_ is not None]
    return dict(session.execute(select(table.id, table.names).where(table.id.in_(wanted))).all()) if wanted else {}


def set_discount(session: Session, *, discounted: Discounted) -> Discount:
    """Add a discount; raise ShareOrAmountError, AgesError, DaysError and an EditingError."""
    wanted = _checked(discounted)
    if session.get(Group, wanted.group_id, with_for_update={"key_share": True}) is None:
        raise GoneError("groups")
    row = Discount(**{name: getattr(wanted, name) for name in Discounted.__slots__})
    session.add(row)
    session.flush()
    return row


def change_discount(session: Session, *, discount_id: int, discounted: Discounted) -> Discount:
    """Change a discount for invoices to come; issued ones keep what was taken off. Raises what `set_discount` does."""
    row = held(session, Discount, discount_id)
    wanted = _checked(replace(discounted, group_id=row.group_id))
    for name in Discounted.__slots__:
        setattr(row, name, getattr(wanted, name))
    session.flush()
    return row


def remove_discount(session: Session, *, discount_id: int) -> None:
    """Take a discount away; invoices that were issued keep what was taken off."""
    remove(session, held(session, Discount, discount_id))


def _checked(discounted: Discounted) -> Discounted:
    kept = replace(discounted, names=named(discounted.names))
    kept.refuse()
    return kept


def discount_names(session: Session, *, ids: Sequence[int]) -> dict[int, Names]:
    """Return what some discounts are called."""
    return dict(session.execute(select(Discount.id, Discount.names).where(Discount.id.in_(ids))).all())
