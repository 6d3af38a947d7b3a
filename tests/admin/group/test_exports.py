"""A group's lists taken out of its house: its members and invoices as they are narrowed, and those of nobody else."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from database.connect import Role
from dues.members.models import Person
from tests.admin.group.work import two
from tests.factories.runs import finished

if TYPE_CHECKING:
    from tests.admin.group.work import Two
    from tests.portal.town import Town
    from tests.web.browser import Browser
    from tests.web.waking import Woken


@pytest.fixture
def members(town: Town) -> Two:
    return two(town)


def take(leader: Browser, town: Town, woken: Woken, address: str) -> list[dict[str, str]]:
    """Take out what a list shows, with all its columns, and read the file."""
    leader.get(address)
    form = next(one for one in leader.page.forms if "/export" in (one.action or ""))
    columns = form.xpath(".//input[@name='column']/@value")
    data = {"csrf_token": form.fields["csrf_token"], "query": form.fields["query"], "format": "csv", "column": columns}
    sent = leader._client.post(form.action, data=data, environ_base=leader._environ, headers=leader._headers)
    assert sent.status_code == 303
    finished(town.database.opener(Role.JOBS), woken.runs[-1])
    leader.get(sent.headers["Location"])
    address = leader.page.xpath("string(//a[contains(@href, '/file')]/@href)")
    file = leader._client.get(address, environ_base=leader._environ, headers=leader._headers)
    assert file.status_code == 200
    return list(csv.DictReader(io.StringIO(file.get_data(as_text=True).removeprefix("\ufeff"))))


def test_members_are_those_of_the_group_and_nobody_else_and_no_name_is_a_formula(
    leader: Browser, town: Town, members: Two, woken: Woken
) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        session.get_one(Person, members.ours.person_id).given_name = "=1+2"
    rows = take(leader, town, woken, f"/group/{town.slug}/members/")
    assert [row["First name"] for row in rows if row["Number"] == str(members.ours.person_id)] == ["'=1+2"]
    assert str(members.theirs.person_id) not in {row["Number"] for row in rows}


def test_what_is_narrowed_is_what_is_written(leader: Browser, town: Town, members: Two, woken: Woken) -> None:
    family = members.ours.name.split()[-1]
    rows = take(leader, town, woken, f"/group/{town.slug}/members/?q={family}")
    assert [row["Family name"] for row in rows] == [family]
    assert f"“{family}”" in leader.text
    stranger = members.theirs.name.split()[-1]
    found = take(leader, town, woken, f"/group/{town.slug}/members/?standing=all")
    assert stranger not in {row["Family name"] for row in found}


def test_invoices_are_those_of_the_group(leader: Browser, town: Town, members: Two, woken: Woken) -> None:
    rows = take(leader, town, woken, f"/group/{town.slug}/invoices/?settled=open")
    assert {row["Status"] for row in rows} <= {"Open", "Part-paid", "Overdue"}
    payers = {row["Payer"] for row in rows}
    assert members.ours.name in payers
    assert members.theirs.name not in payers
