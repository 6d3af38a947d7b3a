"""Templates at the desk: kept from an invoice, sent to many by a preview, and again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from sqlalchemy import func, select

from database.connect import Role
from dues.groups.models import Group
from dues.invoicing.series import make_due
from dues.invoicing.template_models import InvoiceSeries
from dues.runs.models import Run
from tests.admin.office.desk_work import billed, jobs
from tests.admin.office.test_person_invoice import begin, said, value
from tests.factories.products import product
from tests.factories.runs import confirmed, finished

if TYPE_CHECKING:
    from tests.admin.office.desk_work import Member
    from tests.portal.town import Town
    from tests.web.browser import Browser
    from tests.web.waking import Woken


@pytest.fixture
def who(town: Town) -> Member:
    return billed(town)


@pytest.fixture
def kept(desk: Browser, town: Town, who: Member) -> str:
    """A template of the northern group with one book, kept from an invoice; its address."""
    number = f"T{who.person_id}"
    with town.database.unit_of_work(Role.JOBS) as session:
        root = session.scalars(select(Group).where(Group.parent_id.is_(None))).first()
        assert root is not None
        book = product(session, root, number=number).id
    begin(desk, who)
    said(desk, do="product", add=str(book))
    said(desk, do="keep", name="")
    assert "Write a name, and at least one line." in desk.text
    said(desk, do="keep", name=f"Spring {who.person_id}")
    assert desk.heading == f"Spring {who.person_id}"
    return desk.path


def count(town: Town, kind: type[Run | InvoiceSeries]) -> int:
    with jobs(town)() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def test_a_template_fills_an_invoice(desk: Browser, who: Member, kept: str) -> None:
    begin(desk, who)
    said(desk, do="template")
    assert "Choose a template." in desk.text
    said(desk, do="template", template=kept.rsplit("/", 1)[-1])
    assert (value(desk, "quantity-0"), value(desk, "price-0")) == ("1", "125.00")


def test_it_is_sent_to_many_by_a_preview_once(desk: Browser, town: Town, kept: str, woken: Woken) -> None:
    before = count(town, Run)
    desk.get(kept)
    form = {"csrf_token": value(desk, "csrf_token"), "key": value(desk, "key"), "below": "y", "do": "send"}
    desk.post(kept, **cast("Any", form))
    page = desk.path
    assert page.startswith("/admin/runs/")
    desk.post(kept, **cast("Any", form))
    assert desk.path == page
    assert count(town, Run) == before + 1
    assert woken.runs
    desk.get("/admin/runs/")
    assert "to many, " in desk.text


def test_the_preview_says_who_gets_it_and_is_confirmed(desk: Browser, town: Town, who: Member, kept: str) -> None:
    begin(desk, who)
    said(desk, do="repeat", template=kept.rsplit("/", 1)[-1])
    said(desk, do="send")
    page = desk.path
    with jobs(town)() as session:
        run_id = session.scalars(select(Run.id).order_by(Run.id.desc())).first() or 0
    finished(jobs(town), run_id)
    assert "1 invoice" in desk.get(page).text
    assert who.name in desk.get(f"{page}/rows").text
    confirmed(jobs(town), run_id)
    assert "1 invoice issued" in desk.get("/admin/runs/").text


def test_a_group_that_is_not_there_is_refused_beside_its_box(desk: Browser, kept: str) -> None:
    desk.get(kept)
    said(desk, do="send", group="Nowhere at all")
    assert "No group is called that. Write some of its name or place." in desk.text


def test_a_series_shows_its_days_is_set_up_rests_and_ends(desk: Browser, town: Town, kept: str, who: Member) -> None:
    begin(desk, who)
    said(desk, do="repeat", template=kept.rsplit("/", 1)[-1])
    assert f"Only {who.name}." in desk.text
    said(desk, do="show", every="0")
    assert "Write a number from 1 to 99." in desk.text
    said(desk, do="show", every="3", day="31")
    assert "Every 3 months on the last day" in desk.text
    before = count(town, InvoiceSeries)
    said(desk, do="set-up")
    page = desk.path
    assert count(town, InvoiceSeries) == before + 1
    assert who.name in desk.text
    said(desk, do="rest")
    assert "It rests. Days that pass meanwhile are left out." in desk.text
    said(desk, do="go")
    with town.database.unit_of_work(Role.JOBS) as session:
        row = session.scalars(select(InvoiceSeries).order_by(InvoiceSeries.id.desc())).first()
        assert row is not None
        assert row.next_on is not None
        assert len(make_due(session, on=row.next_on)) == 1
    desk.get(page)
    assert desk.page.xpath("//a[starts-with(@href, '/admin/runs/')]")
    said(desk, do="end")
    assert "Ended" in desk.get(page).text
    assert who.name in desk.get("/admin/templates/").text


def test_a_retired_template_is_offered_again(desk: Browser, kept: str) -> None:
    desk.get(kept)
    desk.submit(form=2, **cast("Any", {"do": "retire"}))
    assert "Retired" in desk.text
    desk.get(kept)
    desk.submit(form=1, **cast("Any", {"do": "offer"}))
    desk.get(kept)
    assert "Make the preview" in desk.text
