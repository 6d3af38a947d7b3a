"""A desk before an organisation of a test's own, and the workers that its presses wake."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.dates import set_clock
from dues.invoicing.issue import start_issue
from tests.admin.conftest import entered
from tests.factories.members import member
from tests.factories.organisation import Organisation, organisation
from tests.factories.runs import finished
from tests.factories.staff import employ
from tests.web.browser import Browser
from tests.web.one_app import before

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session

    from database.connect import Database, OpenSession
    from tests.web.waking import Woken

TODAY = dt.date(2026, 11, 22)


@dataclass
class Office:
    """A desk before an organisation of its own, and the workers that its presses wake."""

    database: Database
    made: Organisation
    desk: Browser
    woken: Woken

    @property
    def open_session(self) -> OpenSession:
        return self.database.opener(Role.JOBS)

    def do(self, work: Callable[[Session], object]) -> None:
        """Change something in a transaction of its own."""
        with self.database.unit_of_work(Role.JOBS) as session:
            work(session)

    def join(self, many: int = 1, **values: object) -> list[int]:
        """Let members join today, who have not been invoiced; return their memberships."""
        with self.database.unit_of_work(Role.JOBS) as session:
            return [member(session, self.made, joined_on=TODAY, **values).id for _ in range(many)]  # type: ignore[arg-type]

    def work(self) -> None:
        """Let the workers do what they were woken for, and look at the page again."""
        while self.woken.runs:
            finished(self.open_session, self.woken.runs.pop(0))
        self.desk.get(self.desk.path)

    def begin(self, **fields: str | None) -> Browser:
        """Fill in the form that starts a run, and press its button."""
        return self.desk.get("/admin/runs/new").submit(form=1, status=200, **fields)

    def preview(self, **fields: str | None) -> Browser:
        """Start renewals in the browser and wait for their preview."""
        self.begin(**fields)
        self.work()
        return self.desk

    def confirming(self) -> Callable[[], Browser]:
        """Keep the page's button that confirms, to be pressed whenever."""
        form = next(form for form in self.desk.page.forms if str(form.action).endswith("/confirm"))
        fields = {name: value or "" for name, value in form.form_values()}
        return lambda: self.desk.post(form.action, status=200, **fields)

    def press(self, words: str, *, status: int = 200) -> Browser:
        """Press the button that says so."""
        forms = [form for form in self.desk.page.forms if form.method == "POST"]
        said = [" ".join(form.xpath("string(.//button)").split()) for form in forms]
        return self.desk.submit(form=said.index(words), status=status)

    def buttons(self) -> list[str]:
        return [" ".join(one.text_content().split()) for one in self.desk.page.xpath("//main//button")]

    def count(self, table: type[object]) -> int:
        with self.open_session() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def office(one_app: Flask, committing: Database, woken: Woken) -> Office:
    with committing.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=TODAY, real=TODAY)
        made = organisation(session)
        employ(session, name="Siv")
        session.expunge_all()
    desk = Browser(before(one_app, committing, woken))
    return Office(committing, made, entered(desk, committing).get("/admin/"), woken)


def start(office: Office, **values: object) -> int:
    """Write a run down that nobody works on."""
    with office.database.unit_of_work(Role.JOBS) as session:
        return start_issue(session, on=TODAY, by=COMMAND_LINE, **values).id  # type: ignore[arg-type]
