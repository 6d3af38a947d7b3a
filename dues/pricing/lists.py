"""Lists of what is charged: fee components, membership types and prices, page by page."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from database.base import Names
from dues.folding import folded
from dues.groups.lists import Named, names_of
from dues.groups.models import Creditor, Group
from dues.members.models import MembershipType, Segment
from dues.paging import Page, Place, Walk, read_page
from dues.pricing.models import FeeComponent, PriceRule, TypeComponent


@dataclass(frozen=True, slots=True)
class ListedComponent:
    """A fee component in a list: where it belongs, and who benefits (None: the member's own group)."""

    component: FeeComponent
    group: Named
    beneficiary: Named | None


def components_page(session: Session, *, at: Place | None = None) -> Page[ListedComponent]:
    """Return fee components in the order they were made."""
    page = read_page(session, Walk(FeeComponent, ("id",), "id"), at=at)
    groups = [group for one in page.rows for group in (one.group_id, one.beneficiary_id)]
    named = names_of(session, groups)
    return page.turned(
        lambda one: ListedComponent(
            one, named[one.group_id], named.get(one.beneficiary_id) if one.beneficiary_id else None
        )
    )


@dataclass(frozen=True, slots=True)
class ListedType:
    """A membership type in a list: where it belongs, and the names of the parts of its fee in order."""

    kind: MembershipType
    group: Named
    components: Sequence[Names]


def types_page(session: Session, *, at: Place | None = None) -> Page[ListedType]:
    """Return membership types in the order they were made."""
    page = read_page(session, Walk(MembershipType, ("id",), "id"), at=at)
    named = names_of(session, [kind.group_id for kind in page.rows])
    parts = _parts(session, [kind.id for kind in page.rows])
    return page.turned(lambda kind: ListedType(kind, named[kind.group_id], parts.get(kind.id, ())))


def _parts(session: Session, types: Collection[int]) -> Mapping[int, Sequence[Names]]:
    ordered = (
        select(TypeComponent.type_id, FeeComponent.names)
        .join(FeeComponent, FeeComponent.id == TypeComponent.component_id)
        .where(TypeComponent.type_id.in_(types))
        .order_by(TypeComponent.type_id, TypeComponent.position, TypeComponent.component_id)
    )
    parts: defaultdict[int, list[Names]] = defaultdict(list)
    for type_id, names in session.execute(ordered):
        parts[type_id].append(names)
    return parts


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """A price in a list: of which component, for which type (None: any) and where (None: everywhere)."""

    price: PriceRule
    component: Names
    kind: Names | None
    group: Named | None
    home: str
    segment: Names | None = None


def prices_page(
    session: Session,
    *,
    beginning: str = "",
    component: int | None = None,
    kind: int | None = None,
    from_on: dt.date | None = None,
    at: Place | None = None,
) -> Page[ListedPrice]:
    """Return prices in the order they were made; ``from_on`` leaves out what has ended before that day.

    A search is for the beginning of a group's name: prices that hold there alone.
    """
    walk = Walk(PriceRule, ("id",), "id")
    if beginning:
        walk = walk.along(PriceRule.group_id.in_(select(Group.id).where(Group.name_key.op("^@")(folded(beginning)))))
    if component is not None:
        walk = walk.along(PriceRule.component_id == component)
    if kind is not None:
        walk = walk.along(PriceRule.type_id == kind)
    if from_on is not None:
        walk = walk.along(or_(PriceRule.valid_to.is_(None), PriceRule.valid_to >= from_on))
    page = read_page(session, walk, at=at)
    return page.turned(_listed(session, page.rows).__getitem__)


def _listed(session: Session, prices: Sequence[PriceRule]) -> "dict[PriceRule, ListedPrice]":
    components = dict(
        session.execute(
            select(FeeComponent.id, FeeComponent).where(FeeComponent.id.in_({price.component_id for price in prices}))
        ).all()
    )
    kinds = dict(
        session.execute(
            select(MembershipType.id, MembershipType.names).where(
                MembershipType.id.in_({price.type_id for price in prices if price.type_id})
            )
        ).all()
    )
    asked = {price.segment_id for price in prices if price.segment_id}
    segments: dict[int | None, Names] = (
        dict(session.execute(select(Segment.id, Segment.names).where(Segment.id.in_(asked))).all()) if asked else {}
    )
    homes = {component.group_id for component in components.values()}
    named = names_of(session, [*homes, *(price.group_id for price in prices)])
    return {
        price: ListedPrice(
            price,
            components[price.component_id].names,
            kinds[price.type_id] if price.type_id else None,
            named[price.group_id] if price.group_id else None,
            named[components[price.component_id].group_id].name,
            segments.get(price.segment_id),
        )
        for price in prices
    }


def price_in_list(session: Session, price: PriceRule) -> ListedPrice:
    """Return one price as a list shows it."""
    return _listed(session, [price])[price]


def all_components(session: Session) -> list[tuple[int, Names, str]]:
    """Return every component with its names and its group's name, by group and position in the order made."""
    wanted = select(FeeComponent.id, FeeComponent.names, Group.name).join(Group, Group.id == FeeComponent.group_id)
    rows = session.execute(wanted.order_by(Group.name_key, FeeComponent.id))
    return [(component_id, names, group) for component_id, names, group in rows]


def all_types(session: Session) -> list[tuple[int, Names, str]]:
    """Return every membership type with its names and its group's name."""
    wanted = select(MembershipType.id, MembershipType.names, Group.name).join(
        Group, Group.id == MembershipType.group_id
    )
    rows = session.execute(wanted.order_by(Group.name_key, MembershipType.position))
    return [(type_id, names, group) for type_id, names, group in rows]


def currency_of(session: Session, *, component_id: int) -> str | None:
    """Return the currency of the creditor that a component's own group belongs to."""
    wanted = (
        select(Creditor.currency)
        .join(Group, Group.creditor_id == Creditor.id)
        .join(FeeComponent, FeeComponent.group_id == Group.id)
        .where(FeeComponent.id == component_id)
    )
    return session.scalar(wanted)
