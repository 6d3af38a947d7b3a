"""What lists of members can be narrowed to: types, countries, one person."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.groups.models import Group
from dues.members.models import Membership, MembershipStatus, MembershipType, Person

_MOST_TYPES = 200


@dataclass(frozen=True, slots=True)
class OfferedType:
    """A membership type and the group that made it, which tells namesakes apart."""

    id: int
    names: Mapping[str, str]
    group: str


def types_of_all(session: Session) -> Sequence[OfferedType]:
    """Return the membership types, those of the groups high in the tree first."""
    wanted = select(MembershipType.id, MembershipType.names, Group.name).join(
        Group, Group.id == MembershipType.group_id
    )
    ordered = wanted.order_by(func.length(Group.path), Group.path, MembershipType.position, MembershipType.id)
    return [OfferedType(*row) for row in session.execute(ordered.limit(_MOST_TYPES))]


@dataclass(frozen=True, slots=True)
class OfferedMembership:
    """A membership that can be charged, what it is of, and through when it was charged."""

    id: int
    names: Mapping[str, str]
    charged_through: dt.date | None


def going_on(session: Session, *, person_id: int, group_id: int) -> Sequence[OfferedMembership]:
    """Return a person's memberships in a group that were applied for or are active, the oldest first."""
    wanted = (
        select(Membership.id, MembershipType.names, Membership.charged_through)
        .join(MembershipType, MembershipType.id == Membership.type_id)
        .where(Membership.person_id == person_id, Membership.group_id == group_id, Membership.ended_on.is_(None))
        .where(Membership.status.in_((MembershipStatus.APPLIED, MembershipStatus.ACTIVE)))
    )
    return [OfferedMembership(*row) for row in session.execute(wanted.order_by(Membership.id))]


def countries_of_persons(session: Session) -> Sequence[str]:
    """Return the countries that somebody lives in; the index is read from one to the next, not through."""
    first = select(func.min(Person.country).label("country")).cte("known", recursive=True)
    following = select(func.min(Person.country)).where(Person.country > first.c.country).scalar_subquery()
    known = first.union_all(select(following).where(first.c.country.is_not(None)))
    return session.scalars(select(known.c.country).where(known.c.country.is_not(None)).order_by(known.c.country)).all()


def person_called(session: Session, *, public_id: UUID) -> str:
    """Return a person's name, nothing where there is no such person."""
    found = session.execute(select(Person.given_name, Person.family_name).where(Person.uuid == public_id)).first()
    return f"{found.given_name} {found.family_name}".strip() if found else ""
