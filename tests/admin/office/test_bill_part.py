"""Invoices credited in part, cancelled unsent and written anew, at the desk."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from sqlalchemy import func, select, update

from database.connect import Role
from dues.delivery.models import Message
from dues.groups.limits import set_limits
from dues.invoicing.models import Claim, Invoice
from dues.members.models import Person
from tests.admin.conftest import logged_in
from tests.admin.office.desk_work import billed, jobs, pays
from tests.admin.office.test_bill import part_paid, plain, strip, sums
from tests.admin.office.test_person import first_form
from tests.factories.organisation import FEE
from tests.together import together
from tests.web.browser import Browser

if TYPE_CHECKING:
    from flask import Flask

    from tests.portal.town import Town
    from tests.web.waking import Woken


def shown(desk: Browser, invoice: object, **amounts: str) -> Browser:
    """The page of a part, with what follows from the amounts."""
    boxes = {name.replace("_", "-"): written for name, written in amounts.items()}
    return desk.get(f"/admin/invoices/{invoice}/credit/part?{urlencode({'show': '1', **boxes})}")


def test_a_part_is_credited_once_it_was_shown(desk: Browser, town: Town, woken: Woken) -> None:
    who = billed(town, email="part@files.example")
    shown(desk, who.invoice, line_1="100,50")
    for words in (
        "A credit note of its own is written: 100.50 SEK",
        "It goes to part@files.example by e-mail.",
        "Not to be paid any more: 100.50 SEK",
    ):
        assert words in plain(desk), words
    assert "may be charged again" not in desk.text
    desk.submit(form=1)
    assert f"Invoice {who.number} is credited in part. The credit note is on its way." in desk.text
    assert woken.mails == 1
    assert strip(desk)["Settlement"] == "Open399.50 SEK, due 22 Dec 2026"
    assert sums(desk)["Credited"] == "−100.50 SEK"
    assert sums(desk)["Open, due 22 Dec 2026"] == "399.50 SEK"
    assert f"Invoice {who.number} credited in part by credit note" in desk.text
    desk.get(f"/admin/persons/{who.person}")
    assert "Part-paid" not in desk.text
    desk.get(f"/admin/invoices/{who.invoice}/credit")
    assert "takes back all that is left: 399.50 SEK" in plain(desk)


def test_what_was_paid_is_said_to_become_credit(desk: Browser, town: Town) -> None:
    who = billed(town)
    pays(town, FEE, who.reference)
    shown(desk, who.invoice, line_1="20")
    assert "Becomes credit, because it has been paid: 20.00 SEK" in plain(desk)
    desk.submit(form=1)
    assert strip(desk)["Settlement"].startswith("Paid")
    assert "What had been paid is credit now: 20.00 SEK" in plain(desk)


def test_what_is_wrong_is_said_beside_its_box(desk: Browser, town: Town) -> None:
    who = billed(town)
    shown(desk, who.invoice)
    assert "Write how much to credit of at least one line." in desk.text
    shown(desk, who.invoice, line_1="a lot")
    assert "Write an amount, like 250 or 249,50." in desk.text
    assert desk.page.xpath("string(//input[@id='line-1']/@value)") == "a lot"
    shown(desk, who.invoice, line_1="100000")
    assert "is left of this line." in desk.text
    assert "What happens" not in desk.text


def test_pressed_twice_it_is_credited_once(app: Flask, town: Town) -> None:
    who = billed(town)
    one = shown(logged_in(Browser(app)), who.invoice, line_1="10")
    key = one.page.xpath("string(//input[@name='key']/@value)")
    desks = [one, shown(logged_in(Browser(app)), who.invoice, line_1="10")]
    done = together(*(partial(each.submit, form=1, key=key) for each in desks))
    assert all(isinstance(each, Browser) for each in done), done
    with jobs(town)() as session:
        notes = select(func.count()).select_from(Invoice).where(Invoice.credits_id == who.invoice_id)
        assert session.scalar(notes) == 1
        assert session.get_one(Claim, who.claim_id).open_amount == FEE - 1000


def test_nothing_is_credited_in_part_where_money_has_come_since(desk: Browser, town: Town) -> None:
    who = billed(town)
    shown(desk, who.invoice, line_1="10")
    pays(town, FEE, who.reference)
    desk.submit(form=1, status=409)
    assert "Something has changed meanwhile" in desk.text
    assert "Becomes credit, because it has been paid: 10.00 SEK" in plain(desk)


def test_small_steps_do_not_pass_the_limit(desk: Browser, town: Town) -> None:
    who = billed(town)
    with town.database.unit_of_work(Role.JOBS) as session:
        set_limits(session, creditor_id=town.creditor, refund=None, write_off=1500)
    try:
        shown(desk, who.invoice, line_1="10").submit(form=1)
        assert "is credited in part." in desk.text
        shown(desk, who.invoice, line_1="10").submit(form=1)
        assert "is above the limit of one person." in desk.text
        desk.get("/admin/approvals/").submit(form=first_form(desk, "Withdraw it"))
        assert f"Credit invoice {who.number}" not in desk.page.xpath("string(//article)")
    finally:
        with town.database.unit_of_work(Role.JOBS) as session:
            set_limits(session, creditor_id=town.creditor, refund=None, write_off=None)


def test_an_unsent_invoice_is_cancelled_without_a_word(desk: Browser, town: Town) -> None:
    who = billed(town, email="unsent@files.example")
    desk.get(f"/admin/invoices/{who.invoice}/credit")
    assert "It has not left the house" in desk.text
    desk.submit(form=first_form(desk, "Cancel the unsent invoice"))
    assert f"Invoice {who.number} is cancelled. Nobody was told of it." in desk.text
    assert f"Invoice {who.number} cancelled before it was sent; credit note" in desk.text
    assert strip(desk)["Delivery"].startswith("Withheld")
    with jobs(town)() as session:
        states = session.scalars(select(Message.state).where(Message.address == "unsent@files.example")).all()
        assert states == ["withheld"]


def test_what_was_sent_is_not_offered_to_be_cancelled(desk: Browser, town: Town) -> None:
    who = billed(town)
    with jobs(town)() as session, session.begin():
        about = (Message.kind == "invoice") & (Message.subject_id == who.invoice_id)
        session.execute(update(Message).where(about).values(state="sent", sent_at=func.now()))
    desk.get(f"/admin/invoices/{who.invoice}/credit")
    assert "Cancel the unsent invoice" not in desk.text


def test_an_invoice_is_written_anew(desk: Browser, town: Town, woken: Woken) -> None:
    who = billed(town, email="anew@files.example")
    with jobs(town)() as session, session.begin():
        session.execute(update(Person).where(Person.uuid == who.person).values(street="Nygatan 7"))
    desk.get(f"/admin/invoices/{who.invoice}/anew")
    assert "Nygatan 7" in desk.text
    desk.submit(form=1, due_on="2020-01-01")
    assert "Choose a day from" in desk.text
    desk.submit(form=1, due_on="2027-02-28")
    assert "is written in its place and on its way." in desk.text
    assert woken.mails == 1
    assert f"invoice {who.number} of" in desk.text
    assert strip(desk)["Settlement"].startswith("Open500.00 SEK, due 28 Feb 2027")
    assert f"issued in place of {who.number}" in desk.text
    desk.get(f"/admin/invoices/{who.invoice}")
    assert "In its place came" in desk.text
    desk.get(f"/admin/invoices/{who.invoice}/anew")
    assert "was credited already" in desk.text


def test_what_money_came_for_is_not_written_anew(desk: Browser, town: Town) -> None:
    who = billed(town)
    part_paid(town, who)
    desk.get(f"/admin/invoices/{who.invoice}/anew")
    assert "Money has come for it, so it is not written anew." in desk.text


def test_an_invoice_that_is_not_has_no_ways(desk: Browser) -> None:
    for path in ("credit/part", "anew"):
        desk.get(f"/admin/invoices/{uuid.uuid4()}/{path}", status=404)
