"""Sets up membership types: their terms, how they renew, and the parts their fee is made of."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final, Unpack

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dues.editing import FixedError, GoneError, held, remove
from dues.groups.establish import refuse_plain
from dues.groups.models import Group
from dues.members.models import Membership, MembershipType, Proration
from dues.pricing.components import named
from dues.pricing.errors import (
    AgeDayError,
    AgesError,
    FirstPeriodError,
    ForeignComponentError,
    NameTakenError,
    NoComponentsError,
    TermError,
)
from dues.pricing.models import FeeComponent, TypeComponent
from dues.pricing.set_up import TypeTerms, add_type

_OF_CALENDAR: Final = (1, 3, 6, 12)
_TERMS: Final = range(1, 121)
_AGES: Final = range(151)
_NO_LEAP_YEAR: Final = 2001


def components_of(session: Session, *, type_id: int) -> list[int]:
    """Return the ids of the components of a type, in the order they are printed and paid."""
    ordered = select(TypeComponent.component_id).where(TypeComponent.type_id == type_id)
    return list(session.scalars(ordered.order_by(TypeComponent.position, TypeComponent.component_id)))


def components_for(session: Session, *, group_id: int) -> set[int]:
    """Return the ids of the components that types of a group can be made of: its own, and those of groups above."""
    path = select(Group.path).where(Group.id == group_id).scalar_subquery()
    home = select(Group.id).where(func.starts_with(path, Group.path), Group.id == FeeComponent.group_id)
    return set(session.scalars(select(FeeComponent.id).where(home.exists())))


def set_up_type(
    session: Session,
    *,
    group_id: int,
    slug: str,
    names: Mapping[str, str],
    components: Sequence[int],
    **terms: Unpack[TypeTerms],
) -> MembershipType:
    """Add a membership type for a group and those below it.

    Raises SlugError, NameTakenError, TermError, AgesError, NoComponentsError, ForeignComponentError and an
    EditingError.
    """
    group = session.get(Group, group_id, with_for_update={"key_share": True})
    if group is None:
        raise GoneError("groups")
    kept = named(names)
    refuse_plain(slug)
    _refuse_terms(terms)
    taken = select(MembershipType.id).where(MembershipType.group_id == group_id, MembershipType.slug == slug)
    if session.scalar(taken) is not None:
        raise NameTakenError(slug)
    parts = _parts(session, group, components)
    return add_type(session, group=group, slug=slug, names=kept, components=parts, **terms)


def change_type(
    session: Session,
    *,
    type_id: int,
    names: Mapping[str, str],
    components: Sequence[int],
    **terms: Unpack[TypeTerms],
) -> MembershipType:
    """Change a type; periods that are charged keep their days and parts, the next ones follow the new terms.

    What covers a period is fixed once one was charged. Raises what `set_up_type` raises, but for the short name.
    """
    kind = held(session, MembershipType, type_id)
    kept = named(names)
    _refuse_terms(terms)
    if terms.get("covered_by", kind.covered_by) is not kind.covered_by and is_charged(session, type_id=type_id):
        raise FixedError("covered_by", "periods were charged, and covered by the old rule")
    parts = _parts(session, session.get_one(Group, kind.group_id), components)
    kind.names = kept
    for name, value in terms.items():
        setattr(kind, name, value)
    _compose(session, kind, parts)
    return kind


def _compose(session: Session, kind: MembershipType, parts: Sequence[FeeComponent]) -> None:
    session.execute(delete(TypeComponent).where(TypeComponent.type_id == kind.id))
    session.add_all(
        TypeComponent(type_id=kind.id, component_id=part.id, position=number) for number, part in enumerate(parts, 1)
    )
    session.flush()


def _parts(session: Session, group: Group, components: Sequence[int]) -> list[FeeComponent]:
    """Return the components in their order; each must belong to the group or to one above it."""
    if not components:
        raise NoComponentsError
    if set(components) - components_for(session, group_id=group.id):
        raise ForeignComponentError
    known = {one.id: one for one in session.scalars(select(FeeComponent).where(FeeComponent.id.in_(components)))}
    return [known[component] for component in dict.fromkeys(components)]


def _refuse_terms(terms: TypeTerms) -> None:
    months, calendar = terms.get("term_months", 12), terms.get("calendar", False)
    if months not in (_OF_CALENDAR if calendar else _TERMS):
        raise TermError(months, calendar=calendar)
    late, proration = terms.get("late_months", 0), terms.get("proration", Proration.NONE)
    if (late or proration is not Proration.NONE) and not (calendar and 0 <= late < months):
        raise FirstPeriodError
    _refuse_age_day(terms.get("age_month"), terms.get("age_day"))
    lowest, highest = terms.get("min_age"), terms.get("max_age")
    if any(age is not None and age not in _AGES for age in (lowest, highest)):
        raise AgesError
    if lowest is not None and highest is not None and highest < lowest:
        raise AgesError


def _refuse_age_day(month: int | None, day: int | None) -> None:
    if month is None and day is None:
        return
    try:
        dt.date(_NO_LEAP_YEAR, month or 0, day or 0)
    except ValueError:
        raise AgeDayError from None


def is_charged(session: Session, *, type_id: int) -> bool:
    """Tell whether any period of a type was ever invoiced."""
    charged = select(Membership.id).where(Membership.type_id == type_id, Membership.charged_through.is_not(None))
    return session.scalar(charged.limit(1)) is not None


def remove_type(session: Session, *, type_id: int) -> None:
    """Take a type away that nobody has ever had and no price names; raise an EditingError."""
    kind = held(session, MembershipType, type_id)
    with session.begin_nested():
        session.execute(delete(TypeComponent).where(TypeComponent.type_id == type_id))
        remove(session, kind)
