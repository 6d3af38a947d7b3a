"""The price of a membership explained: of its next period, or on another day, in another group, of another type."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.base import Names
from database.sql import statement
from dues.groups.models import Creditor, Group
from dues.members.models import Membership, MembershipType, Person, Segment
from dues.pricing.explain import Explanation, explain
from dues.pricing.first_terms import first_terms
from dues.pricing.models import Discount, FeeComponent
from dues.pricing.queries import Holder, Share, holder_of, price_book
from dues.pricing.resolve import Reduction, Rule


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks: what it would cost from another day on, in another group, as another type."""

    on: dt.date | None = None
    group_id: int | None = None
    type_id: int | None = None

    @property
    def anything(self) -> bool:
        """Whether anything else than the next period is meant."""
        return any(one is not None for one in (self.on, self.group_id, self.type_id))


@dataclass(frozen=True, slots=True)
class PriceFile:
    """An explanation and the period it is about; names of what it mentions, by id."""

    explanation: Explanation
    period: tuple[dt.date, dt.date]
    judged_on: dt.date
    group: str
    type_names: Names
    components: Mapping[int, Names]
    discounts: Mapping[int, Names]
    types: Mapping[int, Names]
    segments: Mapping[int, Names]
    groups: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a price depends on, found for a membership."""

    group: Group
    kind: MembershipType
    currency: str
    period: tuple[dt.date, dt.date]
    holder: Holder
    share: Share


def price_file(session: Session, *, person: Person, membership_id: int, asked: Asked, on: dt.date) -> PriceFile | None:
    """Explain a membership's price; None where nobody is owed in the group, so that there is no currency."""
    facts = _facts(session, person, membership_id, asked, on=on)
    if facts is None:
        return None
    judged_on = facts.kind.age_judged_on(facts.period[0])
    age = None if person.birth_date is None else _age(person.birth_date, judged_on)
    book = price_book(session, groups=[facts.group.id])
    case = book.case(
        type_id=facts.kind.id,
        group_id=facts.group.id,
        age=age,
        on=facts.period[0],
        currency=facts.currency,
        holder=facts.holder,
        share=facts.share,
    )
    found = explain(book, case)
    return PriceFile(found, facts.period, judged_on, facts.group.name, facts.kind.names, **_called(session, found))


def _age(born: dt.date, on: dt.date) -> int:
    return max(0, on.year - born.year - ((on.month, on.day) < (born.month, born.day)))


def _facts(session: Session, person: Person, membership_id: int, asked: Asked, *, on: dt.date) -> _Facts | None:
    """The next period as the run will charge it, or the period that was asked for."""
    values = {"ids": [membership_id], "on": on, "credited": None}
    row = session.execute(statement("dues/overview/sql/charging.sql"), values).mappings().one()
    group = session.get_one(Group, asked.group_id or row["group_id"])
    kind = session.get_one(MembershipType, asked.type_id or row["type_id"])
    currency = session.scalar(select(Creditor.currency).where(Creditor.id == group.creditor_id))
    if currency is None:
        return None
    if not asked.anything:
        holder, share = Holder(sorted(row["segments"]), row["income"]), Share(row["part"], row["whole"])
        return _Facts(group, kind, currency, (row["starts_on"], row["ends_on"]), holder, share)
    first = asked.on or row["starts_on"]
    term = first_terms(session, on=first, where=MembershipType.id == kind.id)[0]
    holder = holder_of(session, person_id=person.id, on=first, currency=currency)
    joined = session.get_one(Membership, membership_id).charged_through is None or asked.type_id not in (
        None,
        row["type_id"],
    )
    if not joined:
        term = first_terms(session, on=first, where=MembershipType.id == kind.id, first=False)[0]
    return _Facts(group, kind, currency, (first, term.until), holder, term.share)


class _Called(TypedDict):
    components: Mapping[int, Names]
    discounts: Mapping[int, Names]
    types: Mapping[int, Names]
    segments: Mapping[int, Names]
    groups: Mapping[int, str]


def _called(session: Session, found: Explanation) -> _Called:
    """The names of everything that stands in an explanation."""
    rules = [rule for part in found.parts for rule in (*part.holding, *(one for one, _why in part.others))]
    cuts = [cut for part in found.parts for cut in (*part.reductions, *(one for one, _why in part.unmet_reductions))]
    conditions: list[Rule | Reduction] = [*rules, *cuts]
    types = {one.type_id for one in conditions}
    segments = {one.segment_id for one in conditions} | set(found.case.segments)
    groups = {one.group_id for one in conditions}
    return {
        "components": _names(session, FeeComponent, {part.component_id for part in found.parts}),
        "discounts": _names(session, Discount, {one.id for one in cuts}),
        "types": _names(session, MembershipType, types),
        "segments": _names(session, Segment, segments),
        "groups": dict(session.execute(select(Group.id, Group.name).where(Group.id.in_(groups))).all()),
    }


def _names(
    session: Session,
    table: type[FeeComponent] | type[Discount] | type[MembershipType] | type[Segment],
    ids: "set[int] | set[int | None]",
) -> dict[int, Names]:
    return dict(session.execute(select(table.id, table.names).where(table.id.in_(ids))).all())
