"""The list of memberships: a page of it at a time, newest first, narrowed by what people ask for."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.groups.below import at_or_below
from dues.groups.models import Group
from dues.members.called import called
from dues.members.models import Membership, MembershipStatus, MembershipType, Person
from dues.paging import Page, Place, Walk, Wish, among, counted, found, read_page

_WALK: Final = Walk(Membership, ("id",), "uuid", descending=True)
_ENDED: Final = (MembershipStatus.LEFT, MembershipStatus.EXCLUDED, MembershipStatus.DECEASED)


@dataclass(frozen=True, slots=True)
class MembershipsWanted:
    """What a list of memberships is narrowed by; None and nothing narrow nothing.

    ``standing`` is applied, active, resting or ended; ``below`` the path of a group, ``type_slug`` what all types of
    that kind are called, wherever they are.
    """

    search: str = ""
    standing: str = ""
    below: str = ""
    type_id: int | None = None
    paid_before: dt.date | None = None
    paid_after: dt.date | None = None


@dataclass(frozen=True, slots=True)
class MembershipRow:
    """A membership as a list shows it."""

    public_id: UUID
    person: UUID
    name: str
    type_names: Mapping[str, str]
    group: str
    status: MembershipStatus
    joined_on: dt.date
    ended_on: dt.date | None
    paid_through: dt.date | None


def memberships(
    session: Session, wanted: MembershipsWanted, *, at: Place | None, rows: int = 50
) -> Page[MembershipRow]:
    """Return a page of memberships."""
    page = read_page(session, _WALK, at=at, wishes=_wishes(session, wanted), rows=rows)
    found_rows = _rows(session, [one.id for one in page.rows])
    return page.turned(lambda one: found_rows[one.id])


def how_many_memberships(session: Session, wanted: MembershipsWanted) -> int:
    """Return how many memberships the list has in all, for work in the background."""
    return counted(session, _WALK, wishes=_wishes(session, wanted))


def _wishes(session: Session, wanted: MembershipsWanted) -> list[Wish]:
    """Return the wishes, those first that usually find the fewest rows."""
    wishes = []
    if wanted.search:
        wishes.append(called(session, wanted.search, column="person_id"))
    if wanted.standing:
        wishes.append(_standing(wanted.standing))
    if wanted.below:
        path = wanted.below
        wishes.append(found(lambda table: at_or_below(table.group_id, path)))
    if wanted.type_id is not None:
        wishes.append(found(lambda table: table.type_id == wanted.type_id))
    if wanted.paid_before is not None:
        wishes.append(Wish(lambda table: table.paid_through < wanted.paid_before))
    if wanted.paid_after is not None:
        wishes.append(Wish(lambda table: table.paid_through > wanted.paid_after))
    return wishes


def _standing(standing: str) -> Wish:
    """Return the wish for a status; few have applied, rest or have ended, and indexes of their own know them."""
    if standing == "ended":
        return found(lambda table: table.status.in_(_ENDED))
    status = MembershipStatus(standing)
    if status is MembershipStatus.ACTIVE:
        return Wish(lambda table: table.status == status)
    return found(lambda table: table.status == status)


def _rows(session: Session, ids: list[int]) -> dict[int, MembershipRow]:
    wanted = (
        select(Membership, Person, MembershipType.names, Group.name.label("group"))
        .join(Person, Person.id == Membership.person_id)
        .join(MembershipType, MembershipType.id == Membership.type_id)
        .join(Group, Group.id == Membership.group_id)
        .where(among(Membership.id, ids))
    )
    return {one.id: _row(one, who, names, group) for one, who, names, group in session.execute(wanted)}


def _row(one: Membership, who: Person, names: Mapping[str, str], group: str) -> MembershipRow:
    return MembershipRow(
        public_id=one.uuid,
        person=who.uuid,
        name=f"{who.given_name} {who.family_name}".strip(),
        type_names=names,
        group=group,
        status=one.status,
        joined_on=one.joined_on,
        ended_on=one.ended_on,
        paid_through=one.paid_through,
    )
