"""What one can join in a group, until when, and for how much: priced just as the run will."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.base import Names
from dues.dates import age_on
from dues.groups.models import Creditor, Group
from dues.loop.errors import NotJoinableError
from dues.members.models import CoveredBy, MembershipType
from dues.money import Money
from dues.pricing.first_terms import FirstTerm, first_terms
from dues.pricing.queries import Holder, PriceBook, price_book

_OLDEST: Final = 120


@dataclass(frozen=True, slots=True)
class Place:
    """A group that one can join, and the creditor who will be owed."""

    group: Group
    creditor: Creditor

    @property
    def above(self) -> tuple[int, ...]:
        """The ids of the group and of everything above it."""
        return tuple(int(step) for step in self.group.path.strip(".").split("."))


@dataclass(frozen=True, slots=True)
class Offer:
    """A membership as it is offered to somebody who starts on a day.

    ``until`` is the last day of the first period, ``judged_on`` the day on which ages are judged, ``age`` theirs on it
    where the birth date is known. ``lowest`` and ``highest`` are the bounds of what it costs at the ages it is for;
    with a known age they are one and the same. Both are None where no price is complete. It is invoiced ``lead_days``
    before it starts.
    """

    type_id: int
    judged_on: dt.date
    age: int | None
    names: Names
    min_age: int | None
    max_age: int | None
    until: dt.date
    covered_by: CoveredBy
    lead_days: int
    lowest: Money | None
    highest: Money | None

    @property
    def price(self) -> Money | None:
        """The one price, None while it still depends on the age."""
        return self.lowest if self.lowest == self.highest else None

    def is_for(self, age: int) -> bool:
        """Tell whether somebody of an age, judged on its day, may have it."""
        return (self.min_age is None or self.min_age <= age) and (self.max_age is None or age <= self.max_age)

    def age_of(self, born: dt.date) -> int:
        """Return the age that counts for it of somebody born on a day."""
        return max(0, age_on(born, self.judged_on))


def place(session: Session, *, group: str, by_hand: bool = False) -> Place:
    """Return a joinable group by its slug; raise NotJoinableError.

    A closed join page keeps visitors out, and nobody whom an officer adds ``by_hand``.
    """
    wanted = select(Group, Creditor).join(Creditor, Creditor.id == Group.creditor_id).where(Group.slug == group)
    found = session.execute(wanted if by_hand else wanted.where(Group.joinable)).first()
    if found is None:
        raise NotJoinableError(group)
    return Place(*found)


def offers(
    session: Session, *, at: Place, on: dt.date, born: dt.date | None = None, holder: Holder | None = None
) -> list[Offer]:
    """Return the memberships that the group and the groups above it offer to one person, in their order.

    ``on`` is the first day of the first period, on which age and rules are judged. With a birth date each offer has
    one price at most, also those that are for other ages: prices are shown before a choice is corrected. ``holder`` is
    what is known of somebody who is registered. Newcomers are of no segment, and nobody knows what they earn.
    """
    return offers_to_each(session, at=at, on=on, births=[born], holder=holder)[0]


def offers_to_each(
    session: Session,
    *,
    at: Place,
    on: dt.date,
    births: Sequence[dt.date | None],
    holder: Holder | None = None,
) -> list[list[Offer]]:
    """Return what `offers` does for each of several people, in as many statements as for one."""
    terms = first_terms(session, on=on, where=MembershipType.group_id.in_(at.above) & MembershipType.joinable)
    book = price_book(session, groups=[at.group.id])
    return [[_offer(book, at, term, on=on, born=born, holder=holder) for term in terms] for born in births]


def _offer(
    book: PriceBook, at: Place, term: FirstTerm, *, on: dt.date, born: dt.date | None, holder: Holder | None
) -> Offer:
    kind, judged_on = term.kind, term.kind.age_judged_on(on)
    ages = _ages(book, kind) if born is None else [max(0, age_on(born, judged_on))]
    amounts = list(_amounts(book, at, term, on=on, ages=ages, holder=holder))
    currency = at.creditor.currency
    return Offer(
        type_id=kind.id,
        judged_on=judged_on,
        age=None if born is None else ages[0],
        names=kind.names,
        min_age=kind.min_age,
        max_age=kind.max_age,
        until=term.until,
        covered_by=kind.covered_by,
        lead_days=kind.lead_days,
        lowest=Money(min(amounts), currency) if amounts else None,
        highest=Money(max(amounts), currency) if amounts else None,
    )


def _ages(book: PriceBook, kind: MembershipType) -> list[int]:
    """One age of each bracket between two bounds of rules, among the ages that a type is for."""
    youngest, oldest = kind.min_age or 0, _OLDEST if kind.max_age is None else kind.max_age
    return [youngest, *(age for age in book.ages if youngest < age <= oldest)]


def _amounts(
    book: PriceBook, at: Place, term: FirstTerm, *, on: dt.date, ages: Iterable[int], holder: Holder | None
) -> Iterable[int]:
    for age in ages:
        found = book.price(
            type_id=term.kind.id,
            group_id=at.group.id,
            age=age,
            on=on,
            currency=at.creditor.currency,
            holder=holder,
            share=term.share,
        )
        if found.reason is None:
            yield found.amount
