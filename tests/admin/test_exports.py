"""Exports at the desk: begun at a list, watched, downloaded by whoever asked, refused to everybody else."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import openpyxl
import pytest
from sqlalchemy import text

from database.connect import Role
from tests.admin.conftest import entered
from tests.admin.run_office import TODAY, Office, office
from tests.admin.test_lists import press
from tests.factories.members import member, person
from tests.factories.runs import issued
from tests.factories.staff import employ
from tests.web.browser import Browser

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["office"]


def file_of(browser: Browser) -> bytes:
    address = browser.page.xpath("string(//a[contains(@href, '/file')]/@href)")
    assert address
    answer = browser._client.get(address, environ_base=browser._environ, headers=browser._headers)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store" or "no-store" in answer.headers["Cache-Control"]
    return bytes(answer.data)


@pytest.fixture
def full(office: Office) -> Office:
    """An office with three members, of whom one has no e-mail address, and their invoices."""
    office.join(2)
    with office.database.unit_of_work(Role.JOBS) as session:
        post = person(session, given_name="Per", family_name="Post", email="")
        member(session, office.made, joined_on=TODAY, who=post)
        session.expunge_all()
    issued(office.open_session, on=TODAY)
    return office


def another(app: Flask, office: Office, *roles: str) -> Browser:
    with office.database.unit_of_work(Role.JOBS) as session:
        employ(session, name="Other", email="other@example.org", roles=roles)
    return entered(Browser(app), office.database, email="other@example.org").get("/admin/you/")


@pytest.mark.parametrize(
    ("ledger", "rows"),
    [("persons", 3), ("memberships", 3), ("invoices", 3), ("claims", 3), ("journal", 1), ("messages", 3)],
)
def test_every_list_is_taken_out_as_a_table(full: Office, ledger: str, rows: int) -> None:
    desk = press(full.desk.get(f"/admin/{ledger}/"), "/take-out", format="csv")
    assert "The file is being written" in desk.text
    assert desk.page.xpath("//section[@id='run']/@data-live")
    full.work()
    assert f"{rows} row" in desk.text
    assert len(list(csv.DictReader(io.StringIO(file_of(desk).decode("utf-8-sig"))))) == rows
    assert "1 time" in desk.get(desk.path).text
    assert "Ready" in desk.get("/admin/exports/").text


def send(desk: Browser, address: str, *columns: str) -> tuple[int, str, str]:
    """Send the form of a list with these columns; return status, place and text of the answer."""
    form = next(one for one in desk.get(address).page.forms if "/take-out" in (one.action or ""))
    data = {"csrf_token": form.fields["csrf_token"], "query": form.fields["query"], "format": "xlsx"}
    sent = desk._client.post(
        form.action, data={**data, "column": list(columns)}, environ_base=desk._environ, headers=desk._headers
    )
    return sent.status_code, sent.headers.get("Location", ""), sent.text


def test_only_chosen_columns_and_what_is_narrowed_down_are_written(full: Office) -> None:
    status, place, _text = send(full.desk, "/admin/persons/?mail=without", "family", "email")
    assert status == 303
    full.work()
    assert "E-mail address: Without" in full.desk.get(place).text
    book = openpyxl.load_workbook(io.BytesIO(file_of(full.desk)))
    assert list(book.worksheets[0].iter_rows(values_only=True)) == [("Family name", "E-mail address"), ("Post", None)]


def test_a_file_without_columns_is_refused(full: Office) -> None:
    status, _place, said = send(full.desk, "/admin/persons/")
    assert status == 200
    assert "Choose at least one column." in said
    assert full.woken.runs == []


def test_nobody_but_who_asked_has_the_file(full: Office, one_app: Flask) -> None:
    here = press(full.desk.get("/admin/persons/"), "/take-out", format="csv").path
    full.work()
    other = another(one_app, full, "system-administrator", "economist")
    for address in (here, f"{here}/file", f"{here}/events", f"{here}/progress"):
        other.get(address, status=404)
    assert "You have taken out nothing yet" in other.get("/admin/exports/").text


def test_who_may_not_see_the_list_any_more_has_no_file_of_it(full: Office, one_app: Flask) -> None:
    other = another(one_app, full, "economist")
    here = press(other.get("/admin/persons/"), "/take-out", format="csv").path
    full.work()
    assert other.get(here).page.xpath("//a[contains(@href, '/file')]")
    full.do(
        lambda session: session.execute(text("UPDATE staff_grant SET from_on = '2001-01-01', to_on = '2001-01-02'"))
    )
    other.get(here)
    assert "You may not see this list any more" in other.text
    other.get(f"{here}/file", status=404)


def test_a_file_is_deleted_by_whoever_asked_for_it(full: Office) -> None:
    press(full.desk.get("/admin/persons/"), "/take-out", format="csv")
    press(full.desk, "/delete")
    assert "The file is deleted." in full.desk.text
    assert "Deleted" in full.desk.text
    full.work()
    with full.open_session() as session:
        assert session.scalar(text("SELECT count(*) FROM export_piece")) == 0


def test_among_runs_an_export_is_said_by_its_own_page_alone(full: Office) -> None:
    press(full.desk.get("/admin/persons/"), "/take-out", format="csv")
    full.work()
    assert "Export" not in full.desk.get("/admin/runs/").text
    with full.open_session() as session:
        run = session.scalar(text("SELECT uuid FROM run WHERE kind = 'export'"))
    assert "3 rows written" in full.desk.get(f"/admin/runs/{run}").text


def test_the_log_says_that_a_list_was_taken_out_and_by_whom(full: Office) -> None:
    press(full.desk.get("/admin/persons/?q=Post"), "/take-out", format="csv")
    full.work()
    file_of(full.desk)
    said = full.desk.get("/admin/audit/").text
    assert "Export of a list" in said
    assert "Siv" in said
    with full.open_session() as session:
        kept = session.scalars(
            text(
                "SELECT content::text FROM audit_value v JOIN audit_change c ON c.id = v.change_id"
                " WHERE relation = 'export'"
            )
        ).all()
    assert len(kept) == 3
    assert "Post" not in "".join(kept)
