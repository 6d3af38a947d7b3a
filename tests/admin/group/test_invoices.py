"""The invoices in a group's house: seen, sent again, credited where its books claim them, and sent to who is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.groups.models import Creditor, Group
from dues.members.models import Membership
from dues.runs.models import Run
from tests.admin.conftest import entered
from tests.admin.group.homes import press
from tests.admin.group.work import bounce, two
from tests.factories.runs import finished
from tests.factories.staff import employ
from tests.web.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.admin.group.work import Two
    from tests.portal.town import Town


@pytest.fixture
def members(town: Town) -> Two:
    return two(town)


def test_the_list_has_the_invoices_of_the_group(leader: Browser, town: Town, members: Two) -> None:
    house = f"/group/{town.slug}/invoices"
    assert f"{house}/{members.ours.invoice}" in leader.get(f"{house}/").page.xpath("//main//tbody//a/@href")
    assert f"{house}/{members.theirs.invoice}" not in leader.page.xpath("//main//tbody//a/@href")
    leader.get(f"{house}/?q={members.theirs.reference}")
    assert leader.page.xpath("//main//tbody") == []
    assert "No invoice is found so" in leader.text


def test_an_invoice_is_looked_at_with_its_states_and_its_document(leader: Browser, town: Town, members: Two) -> None:
    page = f"/group/{town.slug}/invoices/{members.ours.invoice}"
    leader.get(page)
    assert leader.heading == f"Invoice {members.ours.number}"
    assert leader.title.endswith("Norr")
    for state in ("Document", "Settlement", "Delivery", "Reminders", "Hold"):
        assert state in leader.text
    assert leader.get(f"{page}/invoice.pdf").answer.data.startswith(b"%PDF")


def test_an_invoice_that_bounced_is_told_and_sent_again(leader: Browser, town: Town, members: Two) -> None:
    bounce(town, members.ours.invoice_id)
    leader.get(f"/group/{town.slug}/")
    led = leader.page.xpath("//main//a[contains(., 'could not be delivered')]/@href")[0]
    page = f"/group/{town.slug}/invoices/{members.ours.invoice}"
    assert page in leader.get(led).page.xpath("//main//tbody//a/@href")
    leader.get(f"{page}/send").submit(form=1, address="new@example.org")
    assert leader.path == page
    assert "is on its way to new@example.org" in leader.text


def test_what_the_centre_claims_is_credited_by_the_centre(leader: Browser, town: Town, members: Two) -> None:
    page = f"/group/{town.slug}/invoices/{members.ours.invoice}"
    assert "Credit this invoice" not in leader.get(page).text
    leader.get(f"{page}/credit", status=404)


def test_what_its_own_books_claim_is_credited_in_the_house(
    come: Callable[..., Browser], town: Town, members: Two
) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        owner = select(Creditor.group_id).where(Creditor.id == town.creditor).scalar_subquery()
        above = session.scalars(select(Group.slug).where(Group.id == owner)).one()
    page = f"/group/{above}/invoices/{members.ours.invoice}"
    visitor = come(above).get(f"{page}/credit").submit(form=1)
    assert visitor.path == page
    assert f"Invoice {members.ours.number} is credited." in visitor.text


def test_invoices_of_the_group_beside_are_not_there(leader: Browser, town: Town, members: Two) -> None:
    page = f"/group/{town.slug}/invoices/{members.theirs.invoice}"
    for what in ("", "/invoice.pdf", "/first-page.png", "/send", "/credit", "/reminder-1.pdf"):
        leader.get(f"{page}{what}", status=404)


def test_invoices_go_to_who_is_due_in_the_group_at_one_address(
    app: Flask, leader: Browser, sibling: Browser, town: Town, members: Two
) -> None:
    due = members.ours.membership
    with town.database.unit_of_work(Role.JOBS) as session:
        held = session.scalars(select(Membership).where(Membership.uuid == due)).one()
        assert held.ended_on is None
    leader.get(f"/group/{town.slug}/invoices/new/")
    assert "Norr" in leader.text
    leader.submit(form=1)
    run = leader.path
    assert run.startswith(f"/group/{town.slug}/invoices/runs/")
    with town.database.unit_of_work(Role.JOBS) as session:
        found = session.scalars(select(Run).order_by(Run.id.desc()).limit(1)).one()
        run_id, scope = found.id, found.params["scope"]
        assert scope == session.scalars(select(Group.path).where(Group.slug == town.slug)).one()
    finished(town.database.opener(Role.JOBS), run_id)
    assert "Before you confirm" in leader.get(run).text
    assert run in leader.get(f"/group/{town.slug}/invoices/runs/").page.xpath("//main//tbody//a/@href")
    sibling.get(run.replace(town.slug, town.other), status=404)
    sibling.get(f"/group/{town.other}/invoices/runs/")
    assert run.rpartition("/")[2] not in sibling.answer.get_data(as_text=True)
    second = _colleague(app, town)
    assert "Before you confirm" in second.get(run).text
    assert run in second.get(f"/group/{town.slug}/invoices/runs/").page.xpath("//main//tbody//a/@href")
    led = second.get(f"/group/{town.slug}/").page.xpath("//main//a[contains(., 'waits for your word')]/@href")
    assert run in second.get(led[0]).page.xpath("//main//tbody//a/@href")
    press(second.get(run), "Not now")
    assert "put aside" in leader.get(run).text


def _colleague(app: Flask, town: Town) -> Browser:
    """Somebody else who looks after the same group."""
    email = "colleague@norr.example"
    with town.database.unit_of_work(Role.JOBS) as session:
        group = session.scalars(select(Group.id).where(Group.slug == town.slug)).one()
        employ(session, name="Colleague", email=email, roles=["group-administrator"], group=group)
    return entered(Browser(app), town.database, email=email)
