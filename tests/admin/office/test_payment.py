"""The page of a payment: as it came, what it was used for, and what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from dues.groups.models import Creditor, ReturnedCover, ReturnedFee
from dues.journal.models import Account, AccountRole
from dues.payments.models import Payment
from tests.admin.office.desk_work import billed, jobs, pays
from tests.admin.office.test_bill import part_paid, plain
from tests.admin.office.test_person import first_form
from tests.factories.organisation import FEE

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser


def newest(town: Town) -> int:
    with jobs(town)() as session:
        return session.scalars(select(func.max(Payment.id))).one() or 0


def test_a_matched_payment_leads_to_its_invoice(desk: Browser, town: Town) -> None:
    who = billed(town)
    pays(town, FEE, who.reference)
    desk.get(f"/admin/payments/{newest(town)}")
    assert plain(desk).count("Payment of 500.00 SEK from Kim Ek")
    assert "Used" in desk.text
    assert who.reference in desk.text
    assert desk.page.xpath(f"//a[@href='/admin/invoices/{who.invoice}']")
    assert desk.page.xpath(f"//a[@href='/admin/persons/{who.person}']")
    assert "Received from Kim Ek, matched with invoice" in desk.text
    assert "1930" in desk.text


def test_what_waits_says_why_and_how_much(desk: Browser, town: Town) -> None:
    who = billed(town)
    payment = part_paid(town, who)
    pays(town, 4200)
    desk.get(f"/admin/payments/{newest(town)}")
    assert "Waits for a decision" in desk.text
    assert "no reference: 42.00 SEK without a use" in plain(desk)
    assert "Nothing so far." in desk.text
    desk.get(f"/admin/payments/{payment}")
    desk.submit(form=first_form(desk, "Take back"))
    assert desk.path == f"/admin/payments/{payment}"
    assert "taken back: 100.00 SEK without a use" in plain(desk)


def test_what_the_bank_took_back_is_told_on_every_page(desk: Browser, town: Town) -> None:
    who = billed(town)
    pays(town, FEE, who.reference)
    came = newest(town)
    pays(town, -FEE, who.reference, reason="AM04")
    returned = newest(town)
    desk.get(f"/admin/payments/{came}")
    assert desk.page.xpath(f"//a[@href='/admin/payments/{returned}'][starts-with(., 'Payment of')]")
    assert "Returned by the bank" in desk.text
    desk.get(f"/admin/payments/{returned}")
    assert "there was not enough money on the account (AM04)" in desk.text
    assert "found by the reference" in desk.text
    assert desk.page.xpath(f"//a[@href='/admin/payments/{came}'][starts-with(., 'Payment of')]")
    for page in (f"/admin/invoices/{who.invoice}", f"/admin/persons/{who.person}"):
        desk.get(page)
        assert "Payment returned by the bank; invoice" in desk.text, page


def test_each_creditor_decides_what_a_return_does(desk: Browser, town: Town) -> None:
    desk.get("/admin/setup/returned/")
    assert "no longer paid" in desk.text
    desk.get(desk.page.xpath("string(//main//a[contains(@href, '/admin/setup/returned/')][1]/@href)"))
    desk.submit(form=1, cover="keep", fee="cost")
    with jobs(town)() as session:
        creditor = session.get_one(Creditor, town.creditor)
        assert (creditor.returned_cover, creditor.returned_fee) == (ReturnedCover.KEEP, ReturnedFee.COST)
        assert session.scalars(select(Account.code).where(Account.role == AccountRole.BANK_COST)).all() == ["6570"]


@pytest.mark.parametrize("address", ["999999999", "99999999999999999999999", "x", "-1"])
def test_a_payment_that_never_came_is_not_there(desk: Browser, address: str) -> None:
    assert desk.get(f"/admin/payments/{address}", status=404).heading == "This page is not there"
