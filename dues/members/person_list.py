"""The list of persons: a page of it at a time, by name, narrowed by what people ask for."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import Session, aliased

from dues.groups.below import at_or_below
from dues.groups.models import Group
from dues.members.called import name_words, persons_called
from dues.members.models import Membership, MembershipStatus, MembershipType, Person
from dues.paging import Page, Place, Walk, Wish, among, are_few, counted, found, read_page

# Neighbours by name lie anywhere in the register.
_STRETCH: Final = 5_000
_BY_FAMILY: Final = Walk(Person, ("name_key", "id"), "uuid", stretch=_STRETCH)
_BY_GIVEN: Final = Walk(Person, ("given_key", "id"), "uuid", stretch=_STRETCH)


class ReadAs(StrEnum):
    """What a piece of a name was taken for, where too many are called so in one way or another to show all."""

    FAMILY = "family name"
    GIVEN = "given name"


@dataclass(frozen=True, slots=True)
class PersonsWanted:
    """What a list of persons is narrowed by; None and nothing narrow nothing.

    ``below``, ``type_id`` and ``status`` are of one and the same membership. ``descending`` turns the order of names.
    """

    search: str = ""
    below: str = ""
    type_id: int | None = None
    status: MembershipStatus | None = None
    country: str = ""
    with_email: bool | None = None
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Belonging:
    """A membership in a line: what, where, and how it stands."""

    type_names: Mapping[str, str]
    group: str
    status: MembershipStatus


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as a list shows them, with what they belong to, the present ones first."""

    public_id: UUID
    given_name: str
    family_name: str
    email: str
    birth_date: dt.date | None
    city: str
    country: str
    deceased: bool
    belongings: Sequence[Belonging]


def persons(
    session: Session, wanted: PersonsWanted, *, at: Place | None, rows: int = 50
) -> tuple[Page[PersonRow], ReadAs | None]:
    """Return a page of persons, and what the search was taken for where it was only taken for one thing."""
    walk, wishes, read_as = _way(session, wanted)
    page = read_page(session, walk.turned(descending=wanted.descending), at=at, wishes=wishes, rows=rows)
    belongings = _belongings(session, [one.id for one in page.rows])
    return page.turned(lambda one: _row(one, belongings.get(one.id, []))), read_as


def how_many_persons(session: Session, wanted: PersonsWanted) -> int:
    """Return how many persons the list has in all, for work in the background."""
    walk, wishes, _read_as = _way(session, wanted)
    return counted(session, walk, wishes=wishes)


def _way(session: Session, wanted: PersonsWanted) -> tuple[Walk, list[Wish], ReadAs | None]:
    """Return which way the list is walked, its wishes, and what the search was taken for."""
    searched = persons_called(session, wanted.search) if wanted.search else None
    wishes = _wishes(wanted)
    if searched is not None and searched.found is None and "@" not in wanted.search:
        walk, read_as = _one_reading(session, wanted.search)
        return walk, wishes, read_as
    return _BY_FAMILY, wishes if searched is None else [searched, *wishes], None


def _one_reading(session: Session, text: str) -> tuple[Walk, ReadAs]:
    """Return the walk among the many whose family name begins so or, where those are few, whose given name does."""
    key = " ".join(name_words(text))
    family, given = Person.name_key.op("^@")(key), Person.given_key.op("^@")(key)
    if are_few(session, select(Person.id).where(family)) and not are_few(session, select(Person.id).where(given)):
        return _BY_GIVEN.along(given), ReadAs.GIVEN
    return _BY_FAMILY.along(family), ReadAs.FAMILY


def _wishes(wanted: PersonsWanted) -> list[Wish]:
    """Return the wishes, those first that usually find the fewest rows."""
    wishes = _of_membership(wanted)
    if wanted.country:
        wishes.append(found(lambda table: table.country == wanted.country))
    if wanted.with_email is not None:
        wishes.append(Wish(lambda table: (table.email_key != "") == wanted.with_email))
    return wishes


def _of_membership(wanted: PersonsWanted) -> list[Wish]:
    """Return the wish for one membership that is all that is asked for; each part of it may find the few who have it.

    A part finds more than the whole: whose rows are looked at are still asked for the whole.
    """
    parts: list[Any] = []
    if wanted.status not in {None, MembershipStatus.ACTIVE}:
        parts.append(lambda one: one.status == wanted.status)
    if wanted.below:
        parts.append(lambda one: at_or_below(one.group_id, wanted.below))
    if wanted.type_id is not None:
        parts.append(lambda one: one.type_id == wanted.type_id)
    whole = [*parts, *([lambda one: one.status == wanted.status] if wanted.status is MembershipStatus.ACTIVE else [])]
    if not whole:
        return []
    asked = Wish(lambda table: _has_one(table.id, whole))
    ways = (select(Membership.person_id).where(part(Membership)) for part in parts)
    exact = len(whole) == 1
    return [_by_way(asked, way, exact=exact) for way in ways] or [asked]


def _by_way(asked: Wish, way: Select[Any], *, exact: bool) -> Wish:
    return replace(asked, found=lambda table: table.id.in_(way), exact=exact, counted=way)


def _has_one(person: ColumnElement[int], parts: Sequence[Any]) -> ColumnElement[bool]:
    one = aliased(Membership)
    # The offset keeps the planner from reading all memberships for the few rows of a page.
    return exists(select(one.id).where(one.person_id == person, and_(*(part(one) for part in parts))).offset(0))


def _belongings(session: Session, ids: Sequence[int]) -> dict[int, list[Belonging]]:
    wanted = (
        select(Membership.person_id, MembershipType.names, Group.name, Membership.status)
        .join(MembershipType, MembershipType.id == Membership.type_id)
        .join(Group, Group.id == Membership.group_id)
        .where(among(Membership.person_id, ids))
        .order_by(Membership.ended_on.is_not(None), Membership.id.desc())
    )
    kept: dict[int, list[Belonging]] = {}
    for person, names, group, status in session.execute(wanted):
        kept.setdefault(person, []).append(Belonging(names, group, status))
    return kept


def _row(one: Person, belongings: Sequence[Belonging]) -> PersonRow:
    return PersonRow(
        public_id=one.uuid,
        given_name=one.given_name,
        family_name=one.family_name,
        email=one.email,
        birth_date=one.birth_date,
        city=one.city,
        country=one.country,
        deceased=one.deceased_on is not None,
        belongings=belongings,
    )
