"""Persons, memberships and the rolls of groups as they are taken out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.lists.columns import Column, Eyes, Words, plain
from dues.members.membership_list import MembershipRow
from dues.members.models import Membership, MembershipStatus, Person
from dues.members.person_list import PersonRow
from dues.paging import Page, named
from language import gettext_noop as _
from language import pgettext_noop as _p

_STATUS: Final[Mapping[MembershipStatus, Words]] = {
    MembershipStatus.APPLIED: _p("membership", "Applied"),
    MembershipStatus.ACTIVE: _p("membership", "Active"),
    MembershipStatus.RESTING: _p("membership", "Resting"),
    MembershipStatus.LEFT: _p("membership", "Left"),
    MembershipStatus.EXCLUDED: _p("membership", "Excluded"),
    MembershipStatus.DECEASED: _p("membership", "Deceased"),
}


@dataclass(frozen=True, slots=True)
class Reached:
    """A person as their list shows them, and how they are reached."""

    row: PersonRow
    person: Person


@dataclass(frozen=True, slots=True)
class Belongs:
    """A membership as its list shows it, and the person it is of."""

    row: MembershipRow
    person: Person


def with_addresses(session: Session, page: Page[PersonRow]) -> Page[Reached]:
    """Return a page of persons with how they are reached: one statement."""
    wanted = select(Person).where(named(Person.uuid, [row.public_id for row in page.rows]))
    found = {one.uuid: one for one in session.scalars(wanted)}
    return page.turned(lambda row: Reached(row, found[row.public_id]))


def with_persons(session: Session, page: Page[MembershipRow]) -> Page[Belongs]:
    """Return a page of memberships with whom they are of: one statement."""
    wanted = (
        select(Membership.uuid, Person)
        .join(Person, Person.id == Membership.person_id)
        .where(named(Membership.uuid, [row.public_id for row in page.rows]))
    )
    found: dict[UUID, Person] = {uuid: person for uuid, person in session.execute(wanted)}  # noqa: C416 -- typed rows
    return page.turned(lambda row: Belongs(row, found[row.public_id]))


def _of_person(key: str, words: Words, attribute: str = "") -> Column:
    name = attribute or key
    return Column(key, words, lambda one, _eyes: getattr(one.person, name))


def _belongs(one: Reached, eyes: Eyes) -> str:
    return "; ".join(
        ", ".join(part for part in (eyes.named(held.type_names), held.group, eyes.said(_STATUS[held.status])) if part)
        for held in one.row.belongings
    )


_REACHED: Final = (
    _of_person("email", _("E-mail address")),
    _of_person("phone", _("Telephone")),
    _of_person("street", _("Street and number")),
    _of_person("postcode", _("Postcode")),
    _of_person("city", _("Town or city")),
    _of_person("country", _("Country")),
)

PERSONS: Final = (
    _of_person("number", _("Number"), "id"),
    _of_person("given", _("First name"), "given_name"),
    _of_person("family", _("Family name"), "family_name"),
    _of_person("born", _("Birth date"), "birth_date"),
    *_REACHED,
    _of_person("died", _("Day of death"), "deceased_on"),
    Column("belongs", _("Memberships"), _belongs),
)

MEMBERSHIPS: Final = (
    _of_person("number", _("Number"), "id"),
    _of_person("given", _("First name"), "given_name"),
    _of_person("family", _("Family name"), "family_name"),
    _of_person("born", _("Birth date"), "birth_date"),
    *_REACHED,
    Column("type", _("Membership"), lambda one, eyes: eyes.named(one.row.type_names)),
    Column("group", _("Group"), lambda one, _eyes: one.row.group),
    Column("status", _("Status"), lambda one, eyes: eyes.said(_STATUS[one.row.status])),
    Column("joined", _("Joined"), lambda one, _eyes: one.row.joined_on),
    Column("ended", _("Ended"), lambda one, _eyes: one.row.ended_on),
    Column("paid", _("Paid through"), lambda one, _eyes: one.row.paid_through),
)

ROLL: Final = (
    plain("number", _("Number"), "person_id"),
    plain("given", _("First name"), "given_name"),
    plain("family", _("Family name"), "family_name"),
    plain("born", _("Birth date"), "birth_date"),
    plain("email", _("E-mail address")),
    plain("phone", _("Telephone")),
    plain("street", _("Street and number")),
    plain("postcode", _("Postcode")),
    plain("city", _("Town or city")),
    Column("type", _("Membership"), lambda row, eyes: eyes.named(row.type_names)),
    plain("group", _("Group")),
    Column("status", _("Status"), lambda row, eyes: eyes.said(_STATUS[row.status])),
    plain("joined", _("Joined"), "joined_on"),
    plain("ended", _("Ended"), "ended_on"),
    plain("paid", _("Paid through"), "paid_through"),
)
