"""Membership types of a group's own: where prices of its own are allowed, made of the same parts as another type."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.editing import held
from dues.folding import plain_word
from dues.groups.models import Group
from dues.members.models import MembershipType
from dues.pricing.errors import ForeignComponentError
from dues.pricing.own import NoOwnPricesError
from dues.pricing.types import change_type, components_of, set_up_type


def types_here(session: Session, *, group: Group) -> Sequence[MembershipType]:
    """Return the types that hold in a group: its own, and those of groups above it, in their order."""
    above = [int(step) for step in group.path.strip(".").split(".")]
    wanted = select(MembershipType).where(MembershipType.group_id.in_(above))
    return session.scalars(wanted.order_by(MembershipType.position, MembershipType.id)).all()


def set_own_type(
    session: Session,
    *,
    group_id: int,
    like: int,
    names: Mapping[str, str],
    min_age: int | None,
    max_age: int | None,
    joinable: bool,
) -> MembershipType:
    """Add a type for a group and those below it, which is charged and renewed like another that holds there.

    Raises NoOwnPricesError, ForeignComponentError, and what `set_up_type` raises.
    """
    group = _allowed(session, group_id)
    model = next((one for one in types_here(session, group=group) if one.id == like), None)
    if model is None:
        raise ForeignComponentError
    called = next((name for name in names.values() if name.strip()), "")
    return set_up_type(
        session,
        group_id=group_id,
        slug=plain_word(called) or "own",
        names=names,
        components=components_of(session, type_id=model.id),
        term_months=model.term_months,
        calendar=model.calendar,
        lead_days=model.lead_days,
        grace_days=model.grace_days,
        renews=model.renews,
        covered_by=model.covered_by,
        position=model.position,
        age_month=model.age_month,
        age_day=model.age_day,
        proration=model.proration,
        late_months=model.late_months,
        joinable=joinable,
        min_age=min_age,
        max_age=max_age,
    )


def change_own_type(
    session: Session,
    *,
    group_id: int,
    type_id: int,
    names: Mapping[str, str],
    min_age: int | None,
    max_age: int | None,
    joinable: bool,
) -> MembershipType:
    """Change what a type of the group's own is called, for whom it is, and whether one can join with it.

    Raises NoOwnPricesError, ForeignComponentError, and what `change_type` raises.
    """
    _allowed(session, group_id)
    kind = held(session, MembershipType, type_id)
    if kind.group_id != group_id:
        raise ForeignComponentError
    parts = components_of(session, type_id=type_id)
    kept = ("term_months", "calendar", "proration", "late_months", "age_month", "age_day")
    terms = {name: getattr(kind, name) for name in kept}
    return change_type(
        session,
        type_id=type_id,
        names=names,
        components=parts,
        min_age=min_age,
        max_age=max_age,
        joinable=joinable,
        **terms,
    )


def _allowed(session: Session, group_id: int) -> Group:
    group = held(session, Group, group_id)
    if not group.own_prices:
        raise NoOwnPricesError
    return group
