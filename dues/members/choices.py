"""What lists of members can be narrowed to: types, countries, one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.groups.models import Group
from dues.members.models import MembershipType, Person

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
