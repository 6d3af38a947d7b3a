"""The audit log at the desk: read, narrowed and exported by who may, in words; and the part "Changes" of pages."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from database.acting import Acting
from database.connect import Role
from dues.access.models import Staff
from dues.actor import Actor
from dues.collection.hold import hold_invoice
from dues.collection.models import HoldReason
from dues.groups.models import Creditor, Group
from dues.members.models import Person
from tests.admin.office.desk_work import billed
from tests.audit.lines import JOB, working
from tests.factories.members import person
from tests.factories.staff import EMAIL
from tests.portal.town import TODAY

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser


@pytest.fixture(scope="module")
def renamed(town: Town) -> tuple[str, str]:
    """Somebody who was renamed by a clerk on the phone; their public id and the clerk's actor."""
    with town.database.unit_of_work(Role.JOBS) as session:
        clerk = session.scalars(select(Staff.id).where(Staff.email_key == EMAIL)).one()
        one = person(session, given_name="Audrey", family_name="Before", email="audrey@example.org")
        id_, public_id = one.id, str(one.uuid)
    who = Acting(f"staff:{clerk}", user=clerk, everything=True, address="192.0.2.44", why="asked by phone")
    with working(town.database, who) as session:
        held = session.get_one(Person, id_)
        held.family_name, held.email = "After", ""
        held.organisation = True
    return public_id, f"staff:{clerk}"


def test_the_list_tells_who_changed_what_from_what_to_what(desk: Browser, renamed: tuple[str, str]) -> None:
    page = desk.get(f"/admin/audit/?by={renamed[1]}&thing=person").text
    assert desk.page.xpath("//td//a/@href").count(f"/admin/persons/{renamed[0]}") == 1
    assert "Changed: Person" in page
    assert "Family name changed from Before to After" in page
    assert "E-mail address taken away; it was audrey@example.org" in page
    assert "Organisation changed from No to Yes" in page
    assert "192.0.2.44 · asked by phone" in page
    assert "family_name" not in page


def test_the_list_is_narrowed_by_kind_and_day(desk: Browser, renamed: tuple[str, str]) -> None:
    assert renamed
    assert "from Before to After" not in desk.get("/admin/audit/?kind=settings").text
    assert "from Before to After" not in desk.get("/admin/audit/?to=2020-01-01").text
    assert "from Before to After" in desk.get("/admin/audit/?from=2020-01-01&kind=persons").text
    desk.get("/admin/audit/?about=person:x")


def test_a_file_of_a_person_has_its_changes(desk: Browser, renamed: tuple[str, str]) -> None:
    page = desk.get(f"/admin/persons/{renamed[0]}").text
    assert desk.page.xpath("//details[@id='changes']/summary/text()") == ["Changes"]
    assert "Family name changed from Before to After" in page


def test_a_group_tells_of_itself_and_of_its_creditor(desk: Browser, town: Town) -> None:
    with working(town.database, JOB) as session:
        creditor = session.scalars(select(Creditor).order_by(Creditor.id)).first()
        assert creditor is not None
        creditor.payment_days += 1
        group = session.get_one(Group, creditor.group_id).uuid
    assert "Days to pay changed from" in desk.get(f"/admin/setup/groups/{group}/").text


def test_an_invoice_has_its_changes(desk: Browser, town: Town, renamed: tuple[str, str]) -> None:
    who = billed(town, email="held@audit.example")
    clerk = Actor("staff", renamed[1].removeprefix("staff:"))
    with working(town.database, Acting(str(clerk), user=int(clerk.name), everything=True)) as session:
        until = TODAY + dt.timedelta(days=20)
        held = {"reason": HoldReason.COMPLAINT, "until": until, "note": "says it was paid", "on": TODAY, "by": clerk}
        hold_invoice(session, invoice_id=who.invoice_id, **held)  # type: ignore[arg-type]
    page = desk.get(f"/admin/invoices/{who.invoice}").text
    assert "Added: Hold of a claim" in page
    assert "Note: says it was paid" in page
    assert f"Claim of invoice: {who.number}" in page


def test_what_is_exported_is_what_was_narrowed_to_and_no_formula(
    desk: Browser, town: Town, renamed: tuple[str, str]
) -> None:
    with working(town.database, JOB) as session:
        person(session, given_name="=cmd()", family_name="Formula")
    rows = _table(desk, f"?by={renamed[1]}&thing=person")
    assert rows[0][:4] == ["Number", "When", "Who did it", "Kind"]
    mine = [row for row in rows if "Before" in row[6]]
    assert [(row[2], row[4], row[5]) for row in mine] == [("Clerk", "Changed: Person", "Audrey After")]
    everything = [cell for row in _table(desk, "") for cell in row]
    assert not [cell for cell in everything if cell.startswith(("=", "+", "@"))]
    assert "'=cmd() Formula" in everything


def _table(desk: Browser, narrowed: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(desk.get(f"/admin/audit/export{narrowed}").answer.text)))
