"""Dimensions and rules at the desk, and where what they gave is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.groups.models import Group
from dues.invoicing.models import Invoice
from dues.journal.models import Entry
from dues.members.models import Membership, MembershipStatus
from tests.factories.members import person
from tests.factories.runs import issued
from tests.portal.town import TODAY

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser


def form(desk: Browser) -> Browser:
    desk.get("/admin/setup/coding/")
    return desk.get(desk.page.xpath("string(//tbody//a/@href)"))


def name(desk: Browser, **names: str) -> Browser:
    sent: dict[str, Any] = {f"{field}-en": words for field, words in names.items()}
    return form(desk).submit(form=1, **sent)


def press(desk: Browser, end: str, **fields: Any) -> Browser:
    posts = [one for one in desk.page.forms if one.method == "POST"]
    place = next(n for n, one in enumerate(posts) if (one.action or desk.path).endswith(end))
    return desk.submit(form=place, **fields)


@pytest.mark.usefixtures("town")
def test_dimensions_are_named_and_rules_are_added_and_taken_away(desk: Browser) -> None:
    name(desk, first="Cost centre", second="Project")
    assert "is saved" in desk.text
    add = form(desk).page.xpath("string(//a[contains(@href, '/coding-rules/')]/@href)")
    desk.get(add)
    assert "Cost centre" in desk.text
    press(desk, "/new", account="9999")
    assert desk.error_at("account").startswith("No revenue account of these books")
    press(desk, "/new", account="")
    assert desk.error_at("account").startswith("Say an account or a code")
    press(desk, "/new", code1="410")
    assert "The rule is added" in desk.text
    assert "Cost centre 410" in desk.text
    press(desk.get(add), "/new", code1="420")
    assert desk.error_at("charged").startswith("There is a rule for these lines")
    press(form(desk), "/drop")
    assert "There is no rule yet" in desk.text


def test_an_invoice_and_its_entry_show_the_codes(desk: Browser, town: Town) -> None:
    name(desk, first="Cost centre")
    desk.get(form(desk).page.xpath("string(//a[contains(@href, '/coding-rules/')]/@href)"))
    press(desk, "/new", code1="410")
    with town.database.unit_of_work(Role.JOBS) as session:
        group = session.scalars(select(Group).where(Group.slug == town.slug)).one()
        who = person(session, language="en")
        row = {"type_id": town.member_type, "group_id": group.id, "joined_on": TODAY}
        session.add(Membership(person_id=who.id, status=MembershipStatus.APPLIED, **row))
    issued(town.database.opener(Role.JOBS), on=TODAY)
    with town.database.unit_of_work(Role.JOBS) as session:
        invoice = session.scalars(select(Invoice.uuid)).first()
        entry = session.scalars(select(Entry.id)).first()
    assert "Cost centre 410" in desk.get(f"/admin/invoices/{invoice}").text
    assert "Cost centre 410" in desk.get(f"/admin/journal/{entry}").text
