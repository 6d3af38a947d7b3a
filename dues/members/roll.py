"""The roll of a group: the memberships in it and below by name, narrowed, a page at a time."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from dues.groups.below import at_or_below
from dues.groups.models import Group
from dues.members.called import called
from dues.members.models import Membership, MembershipStatus, MembershipType, Person

_MOST: Final = 200
"""Types and groups that one may narrow to."""


@dataclass(frozen=True, slots=True)
class RollWanted:
    """What a roll is narrowed by. ``below`` is the path of its group and never empty.

    ``standing`` is applied, active, resting or ended, "all", or nothing for those that go on; ``group`` is one of the
    groups of the roll alone; ``new_since`` the system's time since which memberships were written down.
    """

    below: str
    search: str = ""
    standing: str = ""
    type_id: int | None = None
    group: UUID | None = None
    new_since: dt.datetime | None = None
    joined_from: dt.date | None = None


@dataclass(frozen=True, slots=True)
class RollRow:
    """A membership on the roll, with whom it is of and how they are reached; ``key`` is its place in the order."""

    public_id: UUID
    person: UUID
    person_id: int
    given_name: str
    family_name: str
    birth_date: dt.date | None
    email: str
    phone: str
    street: str
    postcode: str
    city: str
    type_names: Mapping[str, str]
    group: str
    status: MembershipStatus
    joined_on: dt.date
    ended_on: dt.date | None
    paid_through: dt.date | None
    key: tuple[str, int]

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class Narrowings:
    """What a roll can be narrowed to: the types that somebody in it has, and its groups, each by (key, name)."""

    types: Sequence[tuple[int, Mapping[str, str]]]
    groups: Sequence[tuple[UUID, str]]


def roll(
    session: Session,
    wanted: RollWanted,
    *,
    after: UUID | None = None,
    behind: tuple[Any, ...] | None = None,
    limit: int,
) -> list[RollRow]:
    """Return rows of a roll by family name, those behind the membership ``after``, or a key, where one is named."""
    found = _asked(session, wanted).order_by(Person.name_key, Membership.id).limit(limit)
    if behind is not None:
        found = found.where(tuple_(Person.name_key, Membership.id) > tuple_(*behind))
    if after is not None:
        last = (
            select(Person.name_key, Membership.id)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.uuid == after, at_or_below(Membership.group_id, wanted.below))
        )
        key = session.execute(last).first()
        if key is not None:
            found = found.where(tuple_(Person.name_key, Membership.id) > tuple_(*key))
    return [_row(row) for row in session.execute(found)]


def how_many_on_roll(session: Session, wanted: RollWanted) -> int:
    """Return how many rows a roll has in all, for work in the background."""
    return session.scalar(select(func.count()).select_from(_asked(session, wanted).subquery())) or 0


def narrowings(session: Session, *, below: str) -> Narrowings:
    """Return what a group's roll can be narrowed to."""
    used = select(Membership.type_id).where(at_or_below(Membership.group_id, below))
    types = session.execute(
        select(MembershipType.id, MembershipType.names)
        .where(MembershipType.id.in_(used))
        .order_by(MembershipType.position, MembershipType.id)
        .limit(_MOST)
    )
    groups = session.execute(
        select(Group.uuid, Group.name).where(Group.path.op("^@")(below)).order_by(Group.name_key).limit(_MOST)
    )
    return Narrowings([(id_, names) for id_, names in types], [(uuid, name) for uuid, name in groups])


def going_on(session: Session, *, below: str) -> int:
    """Count the memberships of a group and below that go on."""
    wanted = select(func.count()).where(at_or_below(Membership.group_id, below), Membership.ended_on.is_(None))
    return session.scalar(wanted) or 0


def _asked(session: Session, wanted: RollWanted) -> Select[Membership, Person, dict[str, str], str]:
    return (
        select(Membership, Person, MembershipType.names, Group.name.label("group"))
        .join(Person, Person.id == Membership.person_id)
        .join(MembershipType, MembershipType.id == Membership.type_id)
        .join(Group, Group.id == Membership.group_id)
        .where(*_conditions(session, wanted))
    )


def _conditions(session: Session, wanted: RollWanted) -> list[ColumnElement[bool]]:
    conditions = [at_or_below(Membership.group_id, wanted.below), *_standing(wanted.standing)]
    if wanted.search:
        wish = called(session, wanted.search, column="person_id")
        conditions.append((wish.found or wish.picked)(Membership))
    if wanted.type_id is not None:
        conditions.append(Membership.type_id == wanted.type_id)
    if wanted.new_since is not None:
        conditions.append(Membership.recorded_at > wanted.new_since)
    if wanted.joined_from is not None:
        conditions.append(Membership.joined_on >= wanted.joined_from)
    if wanted.group is not None:
        conditions.append(Group.uuid == wanted.group)
    return conditions


def _standing(standing: str) -> list[ColumnElement[bool]]:
    if standing == "all":
        return []
    if standing == "ended":
        return [Membership.ended_on.is_not(None)]
    going = Membership.ended_on.is_(None)
    return [going] if standing not in set(MembershipStatus) else [going, Membership.status == standing]


def _row(row: Any) -> RollRow:
    held, who, names, group = row
    return RollRow(
        public_id=held.uuid,
        person=who.uuid,
        person_id=who.id,
        given_name=who.given_name,
        family_name=who.family_name,
        birth_date=who.birth_date,
        email=who.email,
        phone=who.phone,
        street=who.street,
        postcode=who.postcode,
        city=who.city,
        type_names=names,
        group=group,
        status=held.status,
        joined_on=held.joined_on,
        ended_on=held.ended_on,
        paid_through=held.paid_through,
        key=(who.name_key, held.id),
    )
