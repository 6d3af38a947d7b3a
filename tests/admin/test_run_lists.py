"""Lists of runs, and of what is in a run: what they show, how they are searched and walked."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.actor import AUTOMATIC, COMMAND_LINE, VISITOR
from dues.invoicing.issue import start_issue
from dues.runs.models import Run
from tests.admin.run_office import TODAY, Office, office
from tests.factories.members import member, person
from tests.factories.money import banked, camt, paid
from tests.factories.runs import finished

if TYPE_CHECKING:
    pass

__all__ = ["office"]


def test_groups_are_offered_while_one_writes(office: Office) -> None:
    office.desk.get("/admin/runs/groups?q=no")
    assert office.desk.answer.json == [{"words": "Norr", "above": ""}]
    office.desk.get("/admin/runs/groups?q=")
    assert office.desk.answer.json == []


def test_rows_are_found_by_name_address_number_and_group(office: Office) -> None:
    with office.database.unit_of_work(Role.JOBS) as session:
        parent = person(session, given_name="Eva", family_name="Zander", email="eva.z@example.org")
        child = person(session, given_name="Ali", family_name="Quist", born=dt.date(2016, 1, 1))
        member(session, office.made, joined_on=TODAY, who=child, payer=parent)
        member(session, office.made, joined_on=TODAY, group=office.made.south)
        number = child.id
    desk = office.preview()
    rows = desk.path + "/rows"

    def names(query: str) -> list[str]:
        desk.get(f"{rows}?{query}")
        return [" ".join(one.xpath("string(a)").split()) for one in desk.page.xpath("//tbody/tr/td[1]")]

    assert len(names("")) == 2
    for query in ("q=quist", "q=Quist Ali", "q=zander", "q=EVA.Z@", f"q={number}", f"group={office.made.north.id}"):
        assert names(query) == ["Ali Quist"], query
    assert "Eva Zander pays" in desk.text
    names("q=nobody")
    assert "Nobody here is found by “nobody”." in desk.text
    names("group=999999999999999999999&after=x")  # nonsense narrows nothing
    desk.get(desk.path.split("/rows")[0])
    office.press("Issue 2 invoices")
    office.work()
    assert len(names("q=1")) >= 1
    assert "Invoice 1" in desk.text


def test_rows_are_taken_along_as_they_are_narrowed(office: Office) -> None:
    with office.database.unit_of_work(Role.JOBS) as session:
        parent = person(session, given_name="Eva", family_name="Zander", email="eva.z@example.org")
        child = person(session, given_name="=Ali", family_name="Quist", born=dt.date(2016, 1, 1))
        member(session, office.made, joined_on=TODAY, who=child, payer=parent)
        nowhere = person(session, given_name="Bo", family_name="Ek", email="")
        nowhere.street = nowhere.postcode = nowhere.city = ""
        member(session, office.made, joined_on=TODAY, who=nowhere)
    run = office.preview().path
    desk = office.desk.get(f"{run}/rows?q=quist")
    links = desk.page.xpath("//main//a[text()='CSV' or text()='XLSX']/@href")
    desk.get(links[0])
    head, row, *more = csv.reader(io.StringIO(desk.answer.text))
    assert not more
    assert (len(head), row[1:4], row[8:11]) == (13, ["'=Ali Quist", "Eva Zander", "Norr"], ["500.00", "SEK", "E-mail"])
    assert row[7].count(";") == 1
    assert desk.get(links[1]).answer.data.startswith(b"PK")
    desk.get(f"{run}/left-out?reason=no+address")
    desk.get(desk.page.xpath("string(//main//a[text()='CSV']/@href)"))
    assert [one[11] for one in csv.reader(io.StringIO(desk.answer.text))][1:] == ["No address of any kind"]


def test_lists_are_walked_by_their_rows(office: Office) -> None:
    office.join(52)
    desk = office.preview()
    desk.get(desk.path + "/rows")
    assert len(desk.page.xpath("//tbody/tr")) == 50
    desk.get(desk.page.xpath("string(//a[@rel='next']/@href)"))
    assert len(desk.page.xpath("//tbody/tr")) == 2
    assert not desk.page.xpath("//a[@rel='next']")


def test_runs_are_listed_newest_first_by_what_they_need(office: Office) -> None:
    (joined,) = office.join(1)
    with office.database.unit_of_work(Role.JOBS) as session:
        start_issue(session, on=TODAY, by=VISITOR, memberships=[joined], confirmed=True)
        start_issue(session, on=TODAY, by=AUTOMATIC, confirmed=True)
        start_issue(session, on=TODAY + dt.timedelta(days=1), by=COMMAND_LINE)
    for number in range(1, 4):
        finished(office.open_session, number)

    def shown(query: str = "") -> list[str]:
        office.desk.get(f"/admin/runs/{query}")
        return [" ".join(one.text_content().split()) for one in office.desk.page.xpath("//tbody/tr/td[1]")]

    everything = ["Renewals 23 November 2026", "Renewals 22 November 2026"]
    assert shown() == everything
    assert shown("?state=nonsense&before=nonsense") == everything
    assert shown("?state=ready") == everything[:1]
    assert shown("?state=automatic") == everything[1:]
    assert shown("?state=failed") == []
    with office.open_session() as session:
        newest = session.scalars(select(Run.uuid).order_by(Run.id.desc())).first()
    assert shown(f"?before={newest}") == everything[1:]


def test_a_bank_file_is_a_run_with_a_result(office: Office) -> None:
    banked(office.open_session, camt(office.made.agreement, [paid(100, "1"), paid(200, "2")], on=TODAY), on=TODAY)
    desk = office.desk.get("/admin/runs/")
    assert "0 payments matched, 2 without an invoice" in desk.text
    desk.get(desk.page.xpath("string(//tbody//a/@href)"))
    assert desk.heading == "Bank file 22 November 2026"
    desk.get(desk.path + "/rows", status=404)


@pytest.mark.parametrize("path", ["", "/rows", "/left-out", "/groups", "/samples.pdf", "/events", "/progress"])
def test_a_run_that_is_not_there_is_not_there(office: Office, path: str) -> None:
    office.desk.get(f"/admin/runs/6f2c3a30-5c5c-4c58-9d7c-0c1fa1e5cafe{path}", status=404)
    office.desk.get(f"/admin/runs/17{path}", status=404)


@pytest.mark.parametrize("path", ["/confirm", "/discard", "/again", "/pause", "/resume", "/rest"])
def test_nothing_is_done_by_looking(office: Office, path: str) -> None:
    address = office.preview().path
    office.desk.get(address + path, status=405)


def test_every_group_is_listed(office: Office) -> None:
    office.join(1)
    office.join(2, group=office.made.south)
    desk = office.preview()
    assert desk.page.xpath("//section[@aria-labelledby='groups']//tbody/tr/td[1]//text()") == ["Syd", "Norr"]
    desk.get(desk.path + "/groups")
    assert [row.split()[0] for row in desk.page.xpath("//tbody/tr/td[1]//text()")] == ["Syd", "Norr"]
    desk.get(desk.page.xpath("string(//tbody//a/@href)"))
    assert len(desk.page.xpath("//tbody/tr")) == 2
