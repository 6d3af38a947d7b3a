"""Lists taken out at the second wall: a file holds the rows that whoever asked for it would see, and no others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text

from database.connect import Role
from dues.access.models import Grant
from dues.invoicing.invoice_list import invoices
from dues.invoicing.invoice_wishes import InvoicesWanted
from dues.lists.models import Export, ExportPiece
from dues.lists.queries import find_export
from dues.members.membership_list import MembershipsWanted
from dues.members.person_list import PersonsWanted
from dues.members.roll import RollWanted
from dues.payments.payment_wishes import PaymentsWanted
from dues.runs.models import RunState
from tests.factories.runs import finished, outcome
from tests.lists.taking import DAY, begun, lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dues.groups.models import Group
    from tests.wall.conftest import Walled


def take(walled: Walled, who: str, name: str, wanted: Any, **how: Any) -> list[Mapping[str, str]]:
    """Take a list out as somebody whose grants are of one group, in whose house they are."""
    jobs = walled.database.opener(Role.JOBS)
    groups: dict[str, Group] = {"north": walled.made.north, "south": walled.made.south, "other": walled.other.root}
    path = groups[who].path if who in groups else ""
    export, run = begun(jobs, name, wanted, staff_id=walled.people[who].user, path=path, slice_size=2, **how)
    finished(jobs, run)
    return list(lines(jobs, export))


@pytest.mark.parametrize("who", ["north", "south", "other"])
def test_a_file_of_everything_holds_what_its_asker_sees_and_nothing_of_other_groups(walled: Walled, who: str) -> None:
    """Nothing is narrowed here: the database alone keeps the rows of others away."""
    with walled.as_staff(who) as staff, walled.database.opener(Role.JOBS)() as jobs:
        theirs = invoices(staff, InvoicesWanted(), on=DAY, at=None, rows=1000).rows
        everybody = invoices(jobs, InvoicesWanted(), on=DAY, at=None, rows=1000).rows
        persons = set(staff.scalars(text("SELECT id::text FROM person")))
        memberships = staff.scalar(text("SELECT count(*) FROM membership"))
        payments = set(staff.scalars(text("SELECT id::text FROM payment")))
    assert 0 < len(theirs) < len(everybody)
    found = take(walled, who, "invoices", InvoicesWanted())
    assert [(line["Creditor"], line["Number"]) for line in found] == [(one.creditor, str(one.number)) for one in theirs]
    assert {line["Number"] for line in take(walled, who, "persons", PersonsWanted())} == persons
    assert len(take(walled, who, "memberships", MembershipsWanted())) == memberships
    assert {line["Number"] for line in take(walled, who, "payments", PaymentsWanted())} == payments


def test_a_roll_of_another_group_is_empty(walled: Walled) -> None:
    assert take(walled, "north", "members", RollWanted(below=walled.made.south.path, standing="all")) == []
    assert take(walled, "north", "members", RollWanted(below=walled.made.north.path, standing="all"))


def test_who_has_a_grant_for_everything_takes_everything_out(walled: Walled) -> None:
    with walled.database.opener(Role.JOBS)() as jobs:
        count = jobs.scalar(text("SELECT count(*) FROM invoice"))
    assert len(take(walled, "centre", "invoices", InvoicesWanted())) == count


def test_nobody_takes_out_at_the_desk_what_they_hold_in_a_group_alone(walled: Walled) -> None:
    jobs = walled.database.opener(Role.JOBS)
    export, run = begun(jobs, "invoices", InvoicesWanted(), staff_id=walled.people["north"].user, path="")
    finished(jobs, run)
    assert outcome(jobs, run).state is RunState.DISCARDED
    with jobs() as session:
        assert session.scalars(select(ExportPiece).where(ExportPiece.export_id == export)).all() == []


def test_what_is_half_written_stops_where_a_grant_ends(walled: Walled) -> None:
    jobs, who = walled.database.opener(Role.JOBS), walled.people["south"].user
    _export, run = begun(*(jobs, "invoices", InvoicesWanted()), staff_id=who, path=walled.made.south.path, slice_size=1)
    with jobs() as session, session.begin():
        kept = session.execute(
            text("SELECT id, to_on FROM staff_grant WHERE staff_id = :who FOR UPDATE"), {"who": who}
        ).all()
        session.execute(
            text("UPDATE staff_grant SET from_on = '2000-01-01', to_on = '2000-01-02' WHERE staff_id = :who"),
            {"who": who},
        )
    finished(jobs, run)
    with jobs() as session, session.begin():
        for grant, to_on in kept:
            session.get_one(Grant, grant).to_on = to_on
    assert outcome(jobs, run).result == {"refused": True}


def test_a_file_is_seen_by_whoever_asked_for_it_and_by_nobody_beside_them(walled: Walled) -> None:
    jobs, who = walled.database.opener(Role.JOBS), walled.people["north"]
    assert who.user
    export, run = begun(jobs, "invoices", InvoicesWanted(), staff_id=who.user, path=walled.made.north.path)
    finished(jobs, run)
    with jobs() as session:
        public_id = session.get_one(Export, export).uuid
    for other in ("north", "south", "root", "other", None):
        with walled.as_staff(other) as staff:
            seen = staff.scalars(text("SELECT id FROM export WHERE id = :id"), {"id": export}).all()
            pieces = staff.scalars(text("SELECT 1 FROM export_piece WHERE export_id = :id"), {"id": export}).all()
            assert (bool(seen), bool(pieces)) == ((other == "north"),) * 2, other
    centre = walled.people["centre"].user
    assert centre
    with walled.as_staff("centre") as staff:
        assert find_export(staff, staff_id=centre, public_id=public_id) is None
    with walled.as_staff("north") as staff:
        assert find_export(staff, staff_id=who.user, public_id=public_id) is not None


def test_what_a_run_says_of_a_list_names_nobody(walled: Walled) -> None:
    jobs = walled.database.opener(Role.JOBS)
    _export, run = begun(jobs, "persons", PersonsWanted(search="Lindqvist"), staff_id=walled.people["centre"].user)
    finished(jobs, run)
    with jobs() as session:
        row = session.execute(text("SELECT params, result FROM run WHERE id = :run"), {"run": run}).one()
    assert "Lindqvist" not in json.dumps([row.params, row.result])
