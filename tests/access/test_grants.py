"""Roles in groups and below them: what somebody may do, where, and from when to when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from dues.access.errors import BuiltInRoleError, NotYoursToGiveError, UnknownGrantError, UnknownPermissionError
from dues.access.grants import end, give
from dues.access.models import Scope, Staff
from dues.access.permissions import Permission
from dues.access.roles import BUILT_IN, READING, define_role, lay_out_roles, role_id
from dues.access.scope import Reach, Rights, rights, write_out
from dues.access.staff import add_staff
from dues.actor import COMMAND_LINE
from dues.groups.establish import add_group
from tests.factories.organisation import Organisation, organisation

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TODAY = dt.date(2026, 11, 22)
DAY = dt.timedelta(days=1)
PASSWORD = "quiet lamp by the sea"


@dataclass(frozen=True)
class House:
    """An organisation with its roles, and somebody who has none yet."""

    made: Organisation
    kim: Staff


@pytest.fixture
def house(session: Session) -> House:
    made = organisation(session)
    lay_out_roles(session)
    return House(made, add_staff(session, name="Kim", email="kim@example.org", password=PASSWORD, language="en"))


def granted(
    session: Session,
    house: House,
    role: str,
    group: int | None,
    *,
    from_on: dt.date = TODAY,
    to_on: dt.date | None = None,
) -> int:
    wanted = role_id(session, role)
    return give(
        session,
        staff_id=house.kim.id,
        role_id=wanted,
        group_id=group,
        from_on=from_on,
        to_on=to_on,
        by=COMMAND_LINE,
    ).id


def held(session: Session, house: House, *, on: dt.date = TODAY) -> Rights:
    return rights(session, staff_id=house.kim.id, on=on)


def scope(session: Session, house: House) -> set[int]:
    return set(session.scalars(select(Scope.group_id).where(Scope.staff_id == house.kim.id, Scope.within)))


def test_a_grant_holds_in_its_group_and_below_and_nowhere_else(session: Session, house: House) -> None:
    granted(session, house, "group-administrator", house.made.north.id)
    found = held(session, house)
    assert found.may(Permission.MEMBERS_EDIT, house.made.north.path)
    assert found.may(Permission.MEMBERS_EDIT, house.made.north.path + "999.")
    assert not found.may(Permission.MEMBERS_EDIT, house.made.south.path)
    assert not found.may(Permission.MEMBERS_EDIT, house.made.root.path)
    assert not found.may(Permission.JOURNAL_READ)
    assert not found.sees_all
    assert scope(session, house) == {house.made.north.id}


def test_what_is_added_below_a_group_is_seen_with_it(session: Session, house: House) -> None:
    granted(session, house, "auditor", house.made.north.id)
    added = add_group(session, name="Choir", slug="choir", parent=house.made.north, language="sv", country="SE")
    beside = add_group(session, name="Band", slug="band", parent=house.made.south, language="sv", country="SE")
    assert scope(session, house) == {house.made.north.id, added.id}
    write_out(session)
    assert scope(session, house) == {house.made.north.id, added.id}
    assert beside.id not in scope(session, house)


def test_a_grant_for_the_whole_organisation_sees_everything_and_is_not_written_out(
    session: Session, house: House
) -> None:
    granted(session, house, "auditor", None)
    assert held(session, house).sees_all
    assert held(session, house).may(Permission.JOURNAL_READ, "")
    assert held(session, house).may(Permission.JOURNAL_READ, house.made.south.path)
    assert scope(session, house) == set()


def test_a_grant_holds_from_its_first_day_to_its_last(session: Session, house: House) -> None:
    granted(session, house, "cashier", house.made.north.id, from_on=TODAY, to_on=TODAY + DAY)
    days = [TODAY + n * DAY for n in range(-1, 3)]
    assert [held(session, house, on=day).may(Permission.PAYMENTS_READ) for day in days] == [False, True, True, False]


def test_an_ended_grant_holds_no_more_and_may_be_given_again(session: Session, house: House) -> None:
    grant = granted(session, house, "cashier", house.made.north.id, from_on=TODAY - 5 * DAY)
    end(session, grant_id=grant, on=TODAY, by=COMMAND_LINE)
    assert not held(session, house).may(Permission.PAYMENTS_READ)
    assert held(session, house, on=TODAY - DAY).may(Permission.PAYMENTS_READ)
    with pytest.raises(UnknownGrantError):
        end(session, grant_id=grant, on=TODAY, by=COMMAND_LINE)
    granted(session, house, "cashier", house.made.north.id)
    assert scope(session, house) == {house.made.north.id}


def test_a_grant_given_and_ended_on_one_day_never_held(session: Session, house: House) -> None:
    end(session, grant_id=granted(session, house, "cashier", house.made.north.id), on=TODAY, by=COMMAND_LINE)
    assert not held(session, house).may(Permission.PAYMENTS_READ)
    assert scope(session, house) == set()


def test_nobody_gives_what_they_do_not_have(session: Session, house: House) -> None:
    granted(session, house, "group-administrator", house.made.north.id)
    giver = held(session, house)
    other = add_staff(session, name="Bo", email="bo@example.org", password=PASSWORD, language="en").id

    def pass_on(role: str, group: int) -> None:
        wanted = role_id(session, role)
        give(session, staff_id=other, role_id=wanted, group_id=group, from_on=TODAY, by=COMMAND_LINE, giver=giver)

    pass_on("group-administrator", house.made.north.id)
    for role, group in (("economist", house.made.north.id), ("group-administrator", house.made.south.id)):
        with pytest.raises(NotYoursToGiveError):
            pass_on(role, group)


def test_own_roles_are_ticked_together_and_those_of_the_house_stay(session: Session, house: House) -> None:
    names = {"en": "Choir mother"}
    own = define_role(session, slug="choir-mother", names=names, permissions=["members.read", "members.edit"])
    assert define_role(session, slug="choir-mother", names=names, permissions=["members.read"]) == own
    granted(session, house, "choir-mother", house.made.north.id)
    found = held(session, house)
    assert (found.may(Permission.MEMBERS_READ), found.may(Permission.MEMBERS_EDIT)) == (True, False)
    with pytest.raises(BuiltInRoleError):
        define_role(session, slug="auditor", names=names, permissions=["members.edit"])
    with pytest.raises(UnknownPermissionError):
        define_role(session, slug="own", names=names, permissions=["members.devour"])


def test_laying_out_the_houses_roles_again_changes_nothing(session: Session, house: House) -> None:
    granted(session, house, "economist", house.made.root.id)
    before = held(session, house)
    lay_out_roles(session)
    assert held(session, house) == before


def test_an_auditor_reads_everything_and_changes_nothing() -> None:
    auditor = next(role for role in BUILT_IN if role.slug == "auditor")
    assert auditor.permissions == READING | {Permission.DESK_USE}


def test_support_sees_no_money() -> None:
    support = next(role for role in BUILT_IN if role.slug == "support")
    assert not {one for one in support.permissions if one.value.startswith(("payments", "bank", "journal", "refunds"))}


steps = st.lists(st.integers(1, 3), min_size=0, max_size=4).map(lambda ids: "".join(f"{one}." for one in ids))


@given(st.lists(steps, max_size=4), steps)
def test_a_reach_covers_what_lies_at_or_below_one_of_its_groups(paths: list[str], group: str) -> None:
    covered = any(group.split(".")[: path.count(".")] == path.split(".")[:-1] for path in paths)
    assert Reach(tuple(paths)).covers(group) == covered
