"""What a change of prices would do: which memberships would pay what instead of what, class by class."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.groups.models import Group
from dues.pricing.models import Discount, PriceRule
from dues.pricing.prices import Priced
from dues.pricing.queries import Holder, PriceBook, price_book
from dues.pricing.resolve import Outcome, Reduction, Rule, age_bounds


@dataclass(frozen=True, slots=True)
class Step:
    """So many memberships pay ``after`` instead of ``before`` for the component, in minor units; None is no price."""

    before: int | None
    after: int | None
    memberships: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a component costs from a day on, where that is something else than without the change."""

    on: dt.date
    currency: str
    steps: tuple[Step, ...]
    unchanged: int
    by_income: int = 0
    """How many memberships change to, from or within a share of what each of them earns."""

    @property
    def memberships(self) -> int:
        """How many memberships pay something else."""
        return sum(step.memberships for step in self.steps) + self.by_income


def effect_of(session: Session, *, priced: Priced, replaces: int | None, on: dt.date) -> Effect:
    """Tell what a price would do to living memberships for periods that begin on a day.

    ``replaces`` is the price that is changed, where one is. Six statements, however many members there are.
    """
    groups = session.scalars(select(PriceRule.group_id).union(select(Discount.group_id)))
    bearing = {group for group in groups if group is not None} | ({priced.group_id} if priced.group_id else set())
    before = price_book(session, groups=bearing)
    kept = tuple(rule for rule in before.rules if rule.id != replaces)
    new = _rule(priced, id_=replaces or max((rule.id for rule in before.rules), default=0) + 1)
    after = replace(before, rules=(*kept, new))
    by_income = 0
    changes: Counter[tuple[int | None, int | None]] = Counter()
    for found in _classes(session, priced, before=before, after=after, bearing=bearing, on=on):
        if found.currency != priced.currency:
            continue
        was, becomes = (found.priced(book, priced, on) for book in (before, after))
        if was != becomes and (was.by_income or becomes.by_income):
            by_income += found.memberships
        else:
            changes[_cost(was), _cost(becomes)] += found.memberships
    steps = [Step(*pair, count) for pair, count in changes.items() if pair[0] != pair[1]]
    unchanged = sum(count for pair, count in changes.items() if pair[0] == pair[1])
    return Effect(on, priced.currency, tuple(sorted(steps, key=lambda step: -step.memberships)), unchanged, by_income)


def beside(session: Session, *, component_id: int) -> tuple[Rule, ...]:
    """Return the prices of a component as they are: what a change does is something else when one of them is."""
    return tuple(rule for rule in price_book(session, groups=()).rules if rule.component_id == component_id)


def _rule(priced: Priced, *, id_: int) -> Rule:
    return Rule(id=id_, **{name: getattr(priced, name) for name in Priced.__slots__})


@dataclass(frozen=True, slots=True)
class _Class:
    """Memberships that are priced alike."""

    type_id: int
    currency: str
    rule_group_id: int | None
    age: int | None
    segments: tuple[int, ...]
    memberships: int

    def priced(self, book: PriceBook, priced: Priced, on: dt.date) -> Outcome:
        """What the component costs them, for a whole term."""
        alone = replace(book, components={self.type_id: (priced.component_id,)})
        return alone.price(
            type_id=self.type_id,
            group_id=self.rule_group_id,
            age=self.age,
            on=on,
            currency=priced.currency,
            holder=Holder(self.segments),
        )


def _cost(outcome: Outcome) -> int | None:
    return None if outcome.reason else outcome.amount


def _classes(
    session: Session, priced: Priced, *, before: PriceBook, after: PriceBook, bearing: Collection[int], on: dt.date
) -> list[_Class]:
    mine = (None, priced.component_id)
    everything: tuple[Rule | Reduction, ...] = (*before.rules, *after.rules, *after.reductions)
    rules = [one for one in everything if one.component_id in mine]
    bounds = age_bounds(rules)
    types = [type_id for type_id, parts in before.components.items() if priced.component_id in parts]
    scope = session.scalar(select(Group.path).where(Group.id == priced.group_id)) if priced.group_id else ""
    values = {
        "bearing": sorted(bearing),
        "scope": scope or "",
        "ages": bounds,
        "on": on,
        "segments": sorted({one.segment_id for one in rules if one.segment_id is not None}),
        "types": [type_id for type_id in types if priced.type_id in (None, type_id)],
    }
    rows = session.execute(statement("dues/pricing/sql/memberships.sql"), values)
    return [_Class(row[0], row[1], row[2], _an_age(row[3], bounds), tuple(row[4]), row[5]) for row in rows]


def _an_age(bracket: int, bounds: Sequence[int]) -> int | None:
    """Return an age within a bracket; None where the birth date is not known and some rule asks for ages."""
    if bracket < 0:
        return None
    if bracket == 0:
        return bounds[0] - 1 if bounds else 0
    return bounds[bracket - 1]
