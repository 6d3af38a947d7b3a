"""At the desk: templates written, changed, copied and made of an invoice; to several groups and narrowed members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.groups.models import Group
from dues.invoicing.audience import Audience
from dues.invoicing.models import Invoice
from dues.runs.models import Run
from tests.admin.office.desk_work import billed, jobs
from tests.admin.office.test_person_invoice import begin, said, value
from tests.factories.products import product
from tests.factories.runs import confirmed, finished

if TYPE_CHECKING:
    from uuid import UUID

    from tests.admin.office.desk_work import Member
    from tests.portal.town import Town
    from tests.web.browser import Browser


@pytest.fixture
def who(town: Town) -> Member:
    return billed(town)


@pytest.fixture
def book(town: Town, who: Member) -> int:
    with town.database.unit_of_work(Role.JOBS) as session:
        root = session.scalars(select(Group).where(Group.parent_id.is_(None))).first()
        assert root is not None
        return product(session, root, number=f"M{who.person_id}").id


@pytest.fixture
def sold(desk: Browser, town: Town, who: Member, book: int) -> UUID:
    """An invoice of the whole organisation for one book, written and issued at the desk."""
    begin(desk, who)
    said(desk, do="count", group="org")
    said(desk, do="product", add=str(book))
    said(desk, do="show")
    desk.submit(form=1, do="issue")
    with jobs(town)() as session:
        newest = select(Invoice.uuid).where(Invoice.payer_id == who.person_id).order_by(Invoice.id.desc())
        return session.scalars(newest).first() or pytest.fail("nothing was issued")


def newest_run(town: Town) -> Run:
    with jobs(town)() as session:
        return session.scalars(select(Run).order_by(Run.id.desc())).first() or pytest.fail("there is no run")


def test_an_issued_invoice_is_duplicated_to_two_groups(desk: Browser, town: Town, sold: UUID) -> None:
    desk.get(f"/admin/invoices/{sold}")
    desk.get(desk.page.xpath("//a[contains(., 'Duplicate to')]/@href")[0])
    assert "1 × " in desk.text
    said(desk, do="add", group="Nowhere at all")
    assert desk.error_at("group") == "No group is called that. Write some of its name or place."
    said(desk, do="add", group="Norr")
    said(desk, do="add", group="Syd")
    assert desk.page.xpath("//ul[@class='rows']//button[starts-with(@value, 'drop-')]")[1:]
    said(desk, do=desk.page.xpath("//ul[@class='rows']//button/@value")[1])
    assert "Syd" not in desk.page.xpath("string(//main)")
    said(desk, do="send", group="Syd")
    page, run = desk.path, newest_run(town)
    chosen = Audience.of(run.params)
    assert len(chosen.groups) == 2
    finished(jobs(town), run.id)
    text = desk.get(page).text
    assert "Norr and all below" in text
    assert "Syd and all below" in text
    assert "Status: Active" in text


def test_fees_alone_cannot_be_duplicated(desk: Browser, who: Member) -> None:
    desk.get(f"/admin/invoices/{who.invoice}")
    assert "Duplicate to" not in desk.text
    desk.get(f"/admin/invoices/{who.invoice}/duplicate", status=404)


def test_a_template_is_made_of_an_invoice_changed_and_copied(desk: Browser, who: Member, sold: UUID) -> None:
    desk.get(f"/admin/invoices/{sold}")
    desk.get(desk.page.xpath("//a[contains(., 'Save as template')]/@href")[0])
    said(desk, do="keep", name="")
    assert desk.error_at("name") == "Write a name, and at least one line."
    name = f"Of an invoice {who.person_id}"
    said(desk, do="keep", name=name)
    assert desk.heading == name
    page = desk.path
    desk.get(f"{page}/edit")
    said(desk, do="free")
    said(desk, **{"do": "keep", "quantity-0": "2", "text-1": "Bag", "price-1": "x", "account-1": ""})
    assert desk.error_at("price-1") == "Write the price of one, like 250 or 249,50."
    account = desk.page.xpath("//select[@id='account-1']/option/@value")[1]
    said(desk, **{"do": "keep", "price-1": "70", "account-1": account})
    assert desk.path == page
    assert "2 × " in desk.text
    assert "1 × Bag" in desk.text
    desk.get(desk.page.xpath("//a[.='Copy']/@href")[0])
    assert value(desk, "name") == f"{name}, copy"
    said(desk, do="keep", name=name)
    assert desk.error_at("name") == "There is a template of that name."
    said(desk, do="keep", name=f"{name} copied")
    assert desk.heading == f"{name} copied"
    assert "1 × Bag" in desk.text


def test_a_template_is_written_from_nothing_for_a_group(desk: Browser, who: Member, book: int) -> None:
    desk.get("/admin/templates/")
    desk.get(desk.page.xpath("//a[contains(., 'New template')]/@href")[0])
    said(desk, do="count", name="Camp", sender="nobody at all")
    assert desk.error_at("sender") == "Nothing is called so. Write the beginning of the name."
    said(desk, do="count", sender="Norr")
    assert value(desk, "name") == "Camp"
    said(desk, do="product", add=str(book))
    said(desk, do="keep", name=f"Camp {who.person_id}")
    assert desk.heading == f"Camp {who.person_id}"
    assert "Norr sends it." in desk.text


def test_a_list_of_members_is_taken_along_as_it_is_narrowed(desk: Browser, town: Town, sold: UUID) -> None:
    ask = f"/admin/invoices/{sold}/duplicate"
    desk.get(f"{ask}?group=Norr+({town.slug})&status=active&age-from=200&mail=with")
    assert value(desk, "group") == f"Norr ({town.slug})"
    assert value(desk, "age-from") == "200"
    said(desk, do="send", **{"age-to": "young"})
    assert desk.error_at("age-to") == "Write the number in digits."
    said(desk, do="send", **{"age-to": ""})
    page, run = desk.path, newest_run(town)
    assert (Audience.of(run.params).age_from, Audience.of(run.params).with_email) == (200, True)
    finished(jobs(town), run.id)
    assert "Nobody is among those who were chosen" in desk.get(page).text
    desk.get(f"{ask}?group=Norr&q=Ek")
    assert "cannot be taken along here (q)" in desk.text
    assert value(desk, "group") == ""


def test_what_was_duplicated_is_found_by_its_name(desk: Browser, town: Town, sold: UUID) -> None:
    desk.get(f"/admin/invoices/{sold}/duplicate?group=Norr+({town.slug})")
    said(desk, do="send")
    run = newest_run(town)
    finished(jobs(town), run.id)
    confirmed(jobs(town), run.id)
    desk.get("/admin/runs/")
    with jobs(town)() as session:
        number = session.scalars(select(Invoice.number).where(Invoice.uuid == sold)).one()
    assert f"Invoice {number} to many, " in desk.text


def test_a_list_of_members_leads_to_what_can_be_sent_to_them(desk: Browser, town: Town, sold: UUID) -> None:
    desk.get(f"/admin/invoices/{sold}")
    desk.get(desk.page.xpath("//a[contains(., 'Save as template')]/@href")[0])
    said(desk, do="keep", name=f"For a list {sold}")
    desk.get(f"/admin/memberships/?view=active&group=Norr+({town.slug})&paid-after=2026-01-01&public_id=1&endpoint=2")
    desk.get(desk.page.xpath("//main//a[contains(., 'Send an invoice to these members')]/@href")[0])
    assert "Choose the template that goes to the members" in desk.text
    desk.get("/admin/memberships/?view=ended").get("/admin/templates/?view=ended")
    desk.get(desk.page.xpath(f"//main//a[contains(., 'For a list {sold}')]/@href")[0])
    assert "cannot be taken along here (view)" in desk.text
    desk.get(f"/admin/templates/?view=active&group=Norr+({town.slug})&paid-after=2026-01-01")
    desk.get(desk.page.xpath(f"//main//a[contains(., 'For a list {sold}')]/@href")[0])
    assert value(desk, "paid-after") == "2026-01-01"
    assert desk.page.xpath("string(//select[@id='status']/option[@selected]/@value)") == "active"
    assert value(desk, "group") == f"Norr ({town.slug})"
