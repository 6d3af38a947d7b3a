"""Sets up what is charged: fee components, membership types made of them, and price rules."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypedDict, Unpack

from sqlalchemy.orm import Session

from dues.groups.models import Group
from dues.members.models import CoveredBy, MembershipType, Proration
from dues.pricing.models import FeeComponent, PriceRule, TypeComponent


def add_component(
    session: Session, *, group: Group, slug: str, names: Mapping[str, str], beneficiary: Group | None = None
) -> FeeComponent:
    """Add a part of a fee, used in a group and below; without a beneficiary it is the member's own group's."""
    component = FeeComponent(
        group_id=group.id,
        slug=slug,
        names=dict(names),
        beneficiary_id=None if beneficiary is None else beneficiary.id,
    )
    session.add(component)
    session.flush()
    return component


class TypeTerms(TypedDict, total=False):
    """What a membership type may be made with; what is left out has the table's default."""

    term_months: int
    calendar: bool
    lead_days: int
    grace_days: int
    renews: bool
    joinable: bool
    min_age: int | None
    max_age: int | None
    age_month: int | None
    age_day: int | None
    proration: Proration
    late_months: int
    covered_by: CoveredBy
    position: int


def add_type(
    session: Session,
    *,
    group: Group,
    slug: str,
    names: Mapping[str, str],
    components: Sequence[FeeComponent],
    **terms: Unpack[TypeTerms],
) -> MembershipType:
    """Add a membership type whose fee is made of components, printed and paid in the order given."""
    kind = MembershipType(group_id=group.id, slug=slug, names=dict(names), **terms)
    session.add(kind)
    session.flush()
    session.add_all(
        TypeComponent(type_id=kind.id, component_id=component.id, position=number)
        for number, component in enumerate(components, start=1)
    )
    session.flush()
    return kind


def add_price(
    session: Session,
    *,
    component: FeeComponent,
    amount: int,
    currency: str,
    membership_type: MembershipType | None = None,
    group: Group | None = None,
    ages: tuple[int | None, int | None] = (None, None),
    valid: tuple[dt.date | None, dt.date | None] = (None, None),
    segment_id: int | None = None,
    of_income: tuple[int, int | None, int | None] | None = None,
) -> PriceRule:
    """Add a price: ``amount`` in minor units for a whole term; with ``of_income`` (basis points, floor, cap) a share.

    ``ages`` and ``valid`` are from and to, both inclusive, of the age on the first day of a period and of that day.
    """
    rule = PriceRule(
        component_id=component.id,
        type_id=None if membership_type is None else membership_type.id,
        group_id=None if group is None else group.id,
        min_age=ages[0],
        max_age=ages[1],
        valid_from=valid[0],
        valid_to=valid[1],
        amount=amount,
        currency=currency,
        segment_id=segment_id,
    )
    if of_income is not None:
        rule.income_share, rule.least, rule.most = of_income
    session.add(rule)
    session.flush()
    return rule
