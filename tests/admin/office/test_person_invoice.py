"""An invoice for one person, written at the desk."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, cast

import pytest
from sqlalchemy import func, select

from database.connect import Role
from dues.groups.models import Creditor, Group
from dues.invoicing.models import Claim, Invoice
from dues.members.models import Person
from dues.pricing.models import Product
from tests.admin.office.desk_work import billed, jobs, registered
from tests.factories.products import product

if TYPE_CHECKING:
    from tests.admin.office.desk_work import Member
    from tests.portal.town import Town
    from tests.web.browser import Browser
    from tests.web.waking import Woken

_numbers = count(100)


@pytest.fixture
def book(town: Town) -> int:
    """A songbook at 125 kr with 25 % VAT, for sale in the whole organisation."""
    with town.database.unit_of_work(Role.JOBS) as session:
        root = session.scalars(select(Group).where(Group.parent_id.is_(None))).first()
        assert root is not None
        return product(session, root, number=str(next(_numbers)), vat_rate=2500).id


@pytest.fixture
def who(town: Town) -> Member:
    return billed(town)


def begin(desk: Browser, who: Member) -> Browser:
    return desk.get(f"/admin/persons/{who.person}/invoices/new")


def said(desk: Browser, **more: str) -> Browser:
    return desk.submit(form=1, **cast("Any", more))


def value(desk: Browser, name: str) -> str:
    return str(desk.page.xpath("string(//input[@name=$name]/@value)", name=name)).replace("\xa0", " ")


def invoices(town: Town, who: Member) -> list[Invoice]:
    with jobs(town)() as session:
        return list(session.scalars(select(Invoice).where(Invoice.payer_id == who.person_id).order_by(Invoice.id)))


def test_the_file_of_a_person_leads_to_a_new_invoice(desk: Browser, who: Member) -> None:
    desk.get(f"/admin/persons/{who.person}")
    assert desk.page.xpath(f"//a[@href='/admin/persons/{who.person}/invoices/new']")
    begin(desk, who)
    assert desk.heading == f"New invoice for {who.name}"
    assert desk.page.xpath("string(//select[@name='group']/option[@selected])") == "Norr"
    assert value(desk, "due") == "2026-12-22"


def test_it_is_written_shown_and_issued(desk: Browser, town: Town, who: Member, book: int, woken: Woken) -> None:
    begin(desk, who)
    said(desk, do="product", add=str(book))
    assert (value(desk, "price-0"), value(desk, "quantity-0")) == ("125.00", "1")
    said(desk, do="free", **cast("Any", {"quantity-0": "2", "price-0": "100"}))
    assert (value(desk, "price-0"), value(desk, "quantity-0")) == ("100", "2")
    account = desk.page.xpath("//select[@name='account-1']/option/@value")[1]
    said(desk, do="show", **cast("Any", {"text-1": "Hall", "quantity-1": "1,5", "price-1": "50", "account-1": account}))
    text = desk.text.replace("\xa0", " ")
    assert desk.heading == f"Invoice for {who.name}, before it is issued"
    assert "Includes VAT 25% on 160.00" in text
    assert "40.00 SEK" in text
    assert "Issue the invoice for 275.00 SEK" in text
    assert f"It goes to {who.email} by e-mail." in text
    assert desk.page.xpath("//img[starts-with(@src, 'data:image/png')]")
    assert len(invoices(town, who)) == 1
    said(desk, do="issue")
    made = invoices(town, who)[-1]
    assert desk.path == f"/admin/invoices/{made.uuid}"
    assert made.amount == 27500
    text = desk.text.replace("\xa0", " ")
    assert f"Invoice {made.number} is issued and on its way." in text
    assert "2 piece × 100.00, VAT 25%" in text
    assert "Hall" in text
    assert woken.mails == 1
    assert desk.get(f"/admin/invoices/{made.uuid}/invoice.pdf").answer.data.startswith(b"%PDF")
    assert str(made.number) in desk.get(f"/admin/persons/{who.person}").text


def test_pressed_twice_there_is_one_invoice(desk: Browser, town: Town, who: Member, book: int) -> None:
    begin(desk, who)
    said(desk, do="product", add=str(book))
    said(desk, do="show")
    path, form = desk.path, dict(desk.page.forms[-1].form_values())
    desk.post(path, **cast("Any", {**form, "do": "issue"}))
    desk.post(path, **cast("Any", {**form, "do": "issue"}))
    made = invoices(town, who)
    assert len(made) == 2
    assert f"Invoice {made[-1].number} was issued already. Nothing was issued twice." in desk.text


def test_a_sender_that_was_never_frozen_so_is_issued_as_it_was_shown(
    desk: Browser, town: Town, who: Member, book: int
) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        for creditor in session.scalars(select(Creditor)):
            creditor.phone = "+4681234567"
    begin(desk, who)
    said(desk, do="product", add=str(book))
    said(desk, do="show")
    said(desk, do="issue")
    made = invoices(town, who)
    assert len(made) == 2
    assert desk.path == f"/admin/invoices/{made[-1].uuid}"


def test_what_is_wrong_is_said_beside_its_box(desk: Browser, town: Town, who: Member) -> None:
    begin(desk, who)
    said(desk, do="show")
    assert desk.error_at("add") == "Add something that is to be paid."
    said(desk, do="free")
    said(desk, do="show", due="2026-11-21", **cast("Any", {"quantity-0": "0", "price-0": "much"}))
    assert desk.error_at("quantity-0").startswith("Write how many")
    assert desk.error_at("price-0").startswith("Write the price of one")
    assert desk.error_at("text-0") == "Write what it is for."
    assert desk.error_at("account-0") == "Choose the account that it earns on."
    account = desk.page.xpath("//select[@name='account-0']/option/@value")[1]
    filled = {"quantity-0": "1", "price-0": "-5", "text-0": "Rebate", "account-0": account}
    said(desk, do="show", **cast("Any", filled))
    assert desk.error_at("due") == "Choose a day, 22 November 2026 at the earliest."
    said(desk, do="show", due="2031-11-23", **cast("Any", {**filled, "price-0": "5"}))
    assert desk.error_at("due") == "Choose a day, 22 November 2031 at the latest."
    said(desk, do="show", due="9999-12-31")
    assert desk.error_at("due")
    said(desk, do="show", due="2026-11-22", **cast("Any", {"price-0": "-5"}))
    assert desk.error_at("add").replace("\xa0", " ").startswith("The lines add up to −5.00 SEK.")
    assert len(invoices(town, who)) == 1


def test_lines_are_taken_away_and_it_is_changed_after_it_was_shown(desk: Browser, who: Member, book: int) -> None:
    begin(desk, who)
    said(desk, do="free")
    said(desk, do="product", add=str(book))
    said(desk, do="drop-0")
    assert value(desk, "rows") == "1"
    said(desk, do="show")
    said(desk, do="back")
    assert desk.heading == f"New invoice for {who.name}"
    assert value(desk, "product-0") == str(book)
    said(desk, do="pdf")
    assert desk.answer.data.startswith(b"%PDF")


def test_what_changed_after_it_was_shown_is_shown_anew(desk: Browser, town: Town, who: Member, book: int) -> None:
    begin(desk, who)
    said(desk, do="product", add=str(book))
    said(desk, do="show")
    with town.database.unit_of_work(Role.JOBS) as session:
        session.get_one(Product, book).names = {"en": "Hymnbook"}
    desk.submit(form=1, do="issue", status=409)
    assert "Nothing was issued. Below is what would be issued now." in desk.text
    assert "Hymnbook" in desk.text
    assert len(invoices(town, who)) == 1
    said(desk, do="issue")
    assert len(invoices(town, who)) == 2


def test_somebody_without_a_membership_is_invoiced_by_whoever_has_books(desk: Browser, town: Town, book: int) -> None:
    public_id, name = registered(town)
    desk.get(f"/admin/persons/{public_id}/invoices/new")
    said(desk, do="product", add=str(book))
    said(desk, do="show")
    said(desk, do="issue")
    with jobs(town)() as session:
        payer = session.scalars(select(Person.id).where(Person.uuid == public_id)).one()
        assert session.scalar(select(func.count()).select_from(Invoice).where(Invoice.payer_id == payer)) == 1
    assert name in desk.text


def test_it_is_paid_in_instalments_where_that_is_chosen(desk: Browser, town: Town, who: Member, book: int) -> None:
    begin(desk, who)
    said(desk, do="product", add=str(book))
    said(desk, do="show", parts="99")
    assert "Write a number from 1 to 12." in desk.text
    said(desk, do="show", parts="3")
    shown = [
        " ".join(row.text_content().split()).replace("\xa0", " ") for row in desk.page.xpath("//ul[@id='parts']/li")
    ]
    assert [row.rpartition(" 20")[2][2:] for row in shown] == ["41.67 SEK", "41.67 SEK", "41.66 SEK"]
    said(desk, do="issue")
    made = invoices(town, who)[-1]
    with jobs(town)() as session:
        claims = session.scalars(select(Claim.amount).where(Claim.invoice_id == made.id).order_by(Claim.position))
        assert list(claims) == [4167, 4167, 4166]
