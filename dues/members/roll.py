"""The roll of a group: the memberships in it and below by name, narrowed, a page at a time."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, true, tuple_
from sqlalchemy.orm import Session

from dues.folding import plainly
from dues.groups.below import at_or_below
from dues.groups.models import Group
from dues.members.called import called, name_words
from dues.members.models import Membership, MembershipStatus, MembershipType, Person

_MOST: Final = 200
"""Types and groups that one may narrow to."""

COUNTED: Final = 50_000
"""How far the memberships of a group are counted; where there are more, it is said so."""

_MANY_GROUPS: Final = 500
"""Groups whose rolls are put together from each one's own beginning. Of more than these the register is walked."""


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
    conditions = _conditions(session, wanted)
    if after is not None:
        behind = (
            session.execute(
                select(Membership.name_key, Membership.id).where(
                    Membership.uuid == after, at_or_below(Membership.group_id, wanted.below)
                )
            ).one_or_none()
            or behind
        )
    if behind is not None:
        conditions.append(tuple_(Membership.name_key, Membership.id) > tuple_(*behind))
    page = _page(session, wanted, conditions, limit).subquery()
    found = (
        select(Membership, Person, MembershipType.names, Group.name.label("group"), Membership.name_key)
        .join(page, page.c.id == Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .join(MembershipType, MembershipType.id == Membership.type_id)
        .join(Group, Group.id == Membership.group_id)
        .order_by(Membership.name_key, Membership.id)
    )
    return [_row(row) for row in session.execute(found)]


def how_many_on_roll(session: Session, wanted: RollWanted) -> int:
    """Return how many rows a roll has in all, for work in the background."""
    conditions = _conditions(session, wanted)
    found = select(func.count()).select_from(Membership).join(Group, Group.id == Membership.group_id)
    return session.scalar(found.where(*_places(wanted), *conditions)) or 0


def narrowings(session: Session, *, below: str) -> Narrowings:
    """Return what a group's roll can be narrowed to; where it is long, also to types of it that nobody has."""
    theirs = select(Membership.type_id).where(at_or_below(Membership.group_id, below))
    wanted = select(MembershipType.id, MembershipType.names)
    if going_on(session, below=below) < COUNTED:
        wanted = wanted.where(MembershipType.id.in_(theirs))
    else:
        wanted = wanted.join(Group, Group.id == MembershipType.group_id).where(
            or_(Group.path.op("^@")(below), func.starts_with(below, Group.path))
        )
    types = session.execute(wanted.order_by(MembershipType.position, MembershipType.id).limit(_MOST))
    groups = session.execute(
        select(Group.uuid, Group.name).where(Group.path.op("^@")(below)).order_by(Group.name_key).limit(_MOST)
    )
    return Narrowings([(id_, names) for id_, names in types], [(uuid, name) for uuid, name in groups])


def going_on(session: Session, *, below: str) -> int:
    """Count the memberships of a group and below that go on, no further than COUNTED."""
    return session.scalar(select(func.going_on(below, COUNTED))) or 0


def _page(session: Session, wanted: RollWanted, conditions: list[ColumnElement[bool]], limit: int) -> Select[int, str]:
    """Return the memberships of a page. Each group's own are in order already, in an index."""
    some = select(Membership.id, Membership.name_key).where(*conditions)
    many = select(Group.id).where(*_places(wanted)).limit(_MANY_GROUPS + 1).subquery()
    if (session.scalar(select(func.count()).select_from(many)) or 0) > _MANY_GROUPS:
        page = some.join(Group, Group.id == Membership.group_id).where(*_places(wanted))
        return page.order_by(Membership.name_key, Membership.id).limit(limit)
    places = select(Group.id).where(*_places(wanted)).subquery()
    near = (
        some.where(Membership.group_id == places.c.id)
        .order_by(Membership.name_key, Membership.id)
        .limit(limit)
        .lateral("near")
    )
    page = select(near.c.id, near.c.name_key).select_from(places.join(near, true()))
    return page.order_by(near.c.name_key, near.c.id).limit(limit)


def _places(wanted: RollWanted) -> list[ColumnElement[bool]]:
    """Return which groups a roll is of."""
    places: list[ColumnElement[bool]] = [Group.path.op("^@")(wanted.below)]
    return places if wanted.group is None else [*places, Group.uuid == wanted.group]


def _conditions(session: Session, wanted: RollWanted) -> list[ColumnElement[bool]]:
    conditions = _standing(wanted.standing)
    if wanted.search:
        conditions += _called(session, wanted)
    if wanted.type_id is not None:
        conditions.append(Membership.type_id == wanted.type_id)
    if wanted.new_since is not None:
        conditions.append(Membership.recorded_at > wanted.new_since)
    if wanted.joined_from is not None:
        conditions.append(Membership.joined_on >= wanted.joined_from)
    return conditions


def _called(session: Session, wanted: RollWanted) -> list[ColumnElement[bool]]:
    """Return that a membership's person is called so: by the names of the roll where it can be looked through."""
    words = name_words(wanted.search)
    if "@" in wanted.search or going_on(session, below=wanted.below) >= COUNTED:
        wish = called(session, wanted.search, column="person_id")
        return [(wish.found or wish.picked)(Membership)]
    return [_has_word(word) for word in words]


def _has_word(word: str) -> ColumnElement[bool]:
    """Return that a word of a name begins so, with accents or without, as either of both is written."""
    word = word.replace("-", " ")
    key = func.translate(func.concat(" ", Membership.name_key), "-", " ")
    accented = func.octet_length(key) > func.length(key)
    written = [func.strpos(key, f" {way}") > 0 for way in dict.fromkeys((word, *plainly(word)))]
    plain = [func.strpos(func.without_accents(key, out), f" {word}") > 0 for out in (False, True)]
    return or_(*written, accented & or_(*plain))


def _standing(standing: str) -> list[ColumnElement[bool]]:
    if standing == "all":
        return []
    if standing == "ended":
        return [Membership.ended_on.is_not(None)]
    going = Membership.ended_on.is_(None)
    return [going] if standing not in set(MembershipStatus) else [going, Membership.status == standing]


def _row(row: Any) -> RollRow:
    held, who, names, group, name_key = row
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
        key=(name_key, held.id),
    )
