"""Reads of rules, components and the groups they hold for."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.groups.models import Group
from dues.members.models import MembershipType
from dues.pricing.models import FeeComponent, PriceRule, TypeComponent
from dues.pricing.resolve import Case, Outcome, Rule, resolve


@dataclass(frozen=True, slots=True)
class PriceBook:
    """All that prices are made of, read once for a run or a page."""

    rules: tuple[Rule, ...]
    components: Mapping[int, tuple[int, ...]]
    ancestors: Mapping[int, tuple[int, ...]]

    def price(self, *, type_id: int, group_id: int | None, age: int | None, on: dt.date, currency: str) -> Outcome:
        """Price a type for someone of an age in a group, for a period that starts on a day."""
        groups = () if group_id is None else self.ancestors[group_id]
        case = Case(type_id=type_id, groups=groups, age=age, on=on, currency=currency)
        return resolve(case, self.components.get(type_id, ()), self.rules)


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
    )
    rules = tuple(Rule(**row._mapping) for row in session.execute(select(*columns).order_by(PriceRule.id)))  # noqa: SLF001 -- SQLAlchemy's own name for it
    components: defaultdict[int, list[int]] = defaultdict(list)
    ordered = select(TypeComponent.type_id, TypeComponent.component_id).order_by(
        TypeComponent.type_id, TypeComponent.position, TypeComponent.component_id
    )
    for type_id, component_id in session.execute(ordered):
        components[type_id].append(component_id)
    return PriceBook(rules, {key: tuple(value) for key, value in components.items()}, _ancestors(session, groups))


def _ancestors(session: Session, groups: Iterable[int]) -> dict[int, tuple[int, ...]]:
    rows = session.execute(select(Group.id, Group.path).where(Group.id.in_(set(groups))))
    return {group_id: tuple(int(step) for step in reversed(path.strip(".").split("."))) for group_id, path in rows}


def line_texts(session: Session, *, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], dict[str, object]]:
    """Return what a line prints for each (type, component), in every language: the names of both."""
    types = dict(
        session.execute(
            select(MembershipType.id, MembershipType.names).where(MembershipType.id.in_({t for t, _ in pairs}))
        ).all()
    )
    components = dict(
        session.execute(
            select(FeeComponent.id, FeeComponent.names).where(FeeComponent.id.in_({c for _, c in pairs}))
        ).all()
    )
    return {(t, c): {"type": types[t], "component": components[c]} for t, c in pairs}
