"""Reads of rules, components and the groups they hold for."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Required, TypedDict, Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.groups.models import Group
from dues.members.models import MembershipType, PersonIncome, PersonSegment
from dues.members.segments import lasts
from dues.pricing.models import Discount, FeeComponent, PriceRule, TypeComponent
from dues.pricing.resolve import Case, Outcome, Reduction, Rule, age_bounds, day_bounds, resolve


@dataclass(frozen=True, slots=True)
class Holder:
    """What a price may ask of a person beside the age: segments, and a yearly income in minor units."""

    segments: Collection[int] = ()
    income: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a term's price is charged: ``part`` of ``whole``."""

    part: int = 1
    whole: int = 1


class Asked(TypedDict, total=False):
    """What `PriceBook.price` is asked."""

    type_id: Required[int]
    group_id: Required[int | None]
    age: Required[int | None]
    on: Required[dt.date]
    currency: Required[str]
    holder: Holder | None
    share: Share | None


@dataclass(frozen=True, slots=True)
class PriceBook:
    """All that prices are made of, read once for a run or a page; ``months`` are those of each type's term."""

    rules: tuple[Rule, ...]
    components: Mapping[int, tuple[int, ...]]
    ancestors: Mapping[int, tuple[int, ...]]
    reductions: tuple[Reduction, ...] = ()
    months: Mapping[int, int] = field(default_factory=dict)

    def case(
        self,
        *,
        type_id: int,
        group_id: int | None,
        age: int | None,
        on: dt.date,
        currency: str,
        holder: Holder | None = None,
        share: Share | None = None,
    ) -> Case:
        """Return what a price depends on, as `resolve` takes it."""
        return Case(
            type_id=type_id,
            groups=() if group_id is None else self.ancestors[group_id],
            age=age,
            on=on,
            currency=currency,
            segments=holder.segments if holder else (),
            income=holder.income if holder else None,
            part=share.part if share else 1,
            whole=share.whole if share else 1,
            months=self.months.get(type_id, 12),
        )

    def price(self, **what: Unpack[Asked]) -> Outcome:
        """Price a type for someone of an age in a group, for a period that starts on a day."""
        case = self.case(**what)
        return resolve(case, self.components.get(case.type_id, ()), self.rules, self.reductions)

    @property
    def ages(self) -> list[int]:
        """The bounds of age brackets."""
        return age_bounds((*self.rules, *self.reductions))

    @property
    def days(self) -> list[dt.date]:
        """The bounds of day brackets."""
        return day_bounds((*self.rules, *self.reductions))

    @property
    def asks(self) -> dict[str, Any]:
        """What statements that gather cases must look up: the segments that matter, and whether incomes do."""
        asking: tuple[Rule | Reduction, ...] = (*self.rules, *self.reductions)
        named = (one.segment_id for one in asking)
        return {
            "segments": sorted({segment for segment in named if segment is not None}),
            "by_income": any(rule.income_share is not None for rule in self.rules),
        }


def price_book(session: Session, *, groups: Iterable[int]) -> PriceBook:
    """Read all rules, the types' components in order, and the ancestors (nearest first) of some groups."""
    columns = (
        PriceRule.id,
        PriceRule.component_id,
        PriceRule.type_id,
        PriceRule.group_id,
        PriceRule.min_age,
        PriceRule.max_age,
        PriceRule.valid_from,
        PriceRule.valid_to,
        PriceRule.amount,
        PriceRule.currency,
        PriceRule.segment_id,
        PriceRule.income_share,
        PriceRule.least,
        PriceRule.most,
    )
    rules = tuple(Rule(**row._mapping) for row in session.execute(select(*columns).order_by(PriceRule.id)))  # noqa: SLF001 -- SQLAlchemy's own name for it
    components: defaultdict[int, list[int]] = defaultdict(list)
    months: dict[int, int] = {}
    ordered = (
        select(TypeComponent.type_id, TypeComponent.component_id, MembershipType.term_months)
        .join(MembershipType, MembershipType.id == TypeComponent.type_id)
        .order_by(TypeComponent.type_id, TypeComponent.position, TypeComponent.component_id)
    )
    for type_id, component_id, term in session.execute(ordered):
        components[type_id].append(component_id)
        months[type_id] = term
    return PriceBook(
        rules,
        {key: tuple(value) for key, value in components.items()},
        _ancestors(session, groups),
        _reductions(session),
        months,
    )


def _reductions(session: Session) -> tuple[Reduction, ...]:
    columns = [getattr(Discount, name) for name in Reduction.__slots__]
    rows = session.execute(select(*columns).order_by(Discount.position, Discount.id))
    return tuple(Reduction(**row._mapping) for row in rows)  # noqa: SLF001 -- SQLAlchemy's own name for it


def holder_of(session: Session, *, person_id: int, on: dt.date, currency: str) -> Holder:
    """Return a person's segments and yearly income on a day."""
    segments = select(PersonSegment.segment_id).where(PersonSegment.person_id == person_id, lasts(PersonSegment, on))
    income = select(PersonIncome.amount).where(
        PersonIncome.person_id == person_id, PersonIncome.currency == currency, lasts(PersonIncome, on)
    )
    return Holder(
        tuple(sorted(set(session.scalars(segments)))),
        session.scalar(income.order_by(PersonIncome.from_on.desc()).limit(1)),
    )


def _ancestors(session: Session, groups: Iterable[int]) -> dict[int, tuple[int, ...]]:
    rows = session.execute(select(Group.id, Group.path).where(Group.id.in_(set(groups))))
    return {group_id: tuple(int(step) for step in reversed(path.strip(".").split("."))) for group_id, path in rows}


@dataclass(frozen=True, slots=True)
class PrintedFee:
    """What a line names: a type, a component, and the discounts that were taken off, in their order."""

    type_id: int
    component_id: int
    discounts: tuple[int, ...] = ()


def line_texts(session: Session, *, lines: Collection[PrintedFee]) -> dict[PrintedFee, dict[str, object]]:
    """Return what lines print, in every language: the names of type and component, and of what was taken off."""
    types = dict(
        session.execute(
            select(MembershipType.id, MembershipType.names).where(
                MembershipType.id.in_({line.type_id for line in lines})
            )
        ).all()
    )
    components = dict(
        session.execute(
            select(FeeComponent.id, FeeComponent.names).where(
                FeeComponent.id.in_({line.component_id for line in lines})
            )
        ).all()
    )
    reductions = {
        one.id: {"names": one.names, "share": one.share}
        for one in session.scalars(
            select(Discount).where(Discount.id.in_({number for line in lines for number in line.discounts}))
        )
    }
    return {
        line: {
            "type": types[line.type_id],
            "component": components[line.component_id],
            **({"discounts": [reductions[number] for number in line.discounts]} if line.discounts else {}),
        }
        for line in lines
    }
