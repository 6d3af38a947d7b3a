"""The page of an invoice, and what an officer does there."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update

from database.connect import Role
from dues.delivery.models import Channel, Message
from dues.groups.models import Creditor
from dues.invoicing.models import Claim, ClaimEnd, Invoice
from dues.members.models import Person
from dues.payments.models import Allocation, Payment
from tests.admin.conftest import logged_in
from tests.admin.office.desk_work import Member, billed, jobs, pays
from tests.admin.office.test_person import facts, first_form, token
from tests.factories.organisation import FEE
from tests.factories.runs import reminded
from tests.portal.town import TODAY
from tests.together import together
from tests.web.browser import Browser

if TYPE_CHECKING:
    from flask import Flask

    from tests.portal.town import Town
    from tests.web.waking import Woken


def plain(browser: Browser) -> str:
    """What the page says, with blanks that may break."""
    return browser.text.replace("\xa0", " ")


def strip(browser: Browser) -> dict[str, str]:
    """The five states as they are read."""
    return {
        " ".join(one.xpath("string(dt)").split()): " ".join(one.xpath("string(dd)").split()).replace("\xa0", " ")
        for one in browser.page.xpath("//dl[@class='strip']/div")
    }


def sums(browser: Browser) -> dict[str, str]:
    """The sums under the lines."""
    return {
        " ".join(one.xpath("string(th)").split()): one.xpath("normalize-space(td)").replace("\xa0", " ")
        for one in browser.page.xpath("//table[@class='lines']/tfoot/tr")
    }


def test_an_open_invoice_says_how_it_stands(desk: Browser, town: Town) -> None:
    who = billed(town, email="bill@files.example")
    desk.get(f"/admin/invoices/{who.invoice}")
    assert desk.heading == f"Invoice {who.number}"
    states = strip(desk)
    assert list(states) == ["Document", "Settlement", "Delivery", "Reminders", "Hold"]
    assert states["Document"] == "Issued22 Nov 2026"
    assert states["Settlement"] == "Open500.00 SEK, due 22 Dec 2026"
    assert states["Delivery"].startswith("Waitinge-mail")
    assert (states["Reminders"], states["Hold"]) == ("None", "None")
    assert f"reminder 1 of invoice {who.number} on 2 January 2027, 500.00 SEK." in plain(desk)
    assert who.reference in desk.text
    assert "National fee" in desk.text
    assert sums(desk) == {"Total": "500.00 SEK", "Open, due 22 Dec 2026": "500.00 SEK"}
    assert "1510" in desk.text


def test_all_five_states_are_lit(desk: Browser, town: Town) -> None:
    # A year back, so that reminding this one reminds nobody of the other tests' invoices.
    who = billed(town, on=TODAY.replace(year=2025))
    part_paid(town, who)
    reminded(jobs(town), on=TODAY.replace(month=1))
    desk.get(f"/admin/invoices/{who.invoice}/hold").submit(form=1, reason="complaint", until="2026-12-24")
    states = strip(desk)
    assert states["Settlement"] == "Overdue100.00 of 500.00 SEK"
    assert states["Reminders"] == "Reminder 122 Jan 2026"
    assert states["Hold"] == "Complaintthrough 24 Dec 2026, Clerk"
    told = {"Total": "500.00 SEK", "Received": "−100.00 SEK", "Open, due 22 Dec 2025": "400.00 SEK"}
    assert sums(desk) == told
    pdf = desk.get(f"/admin/invoices/{who.invoice}/reminder-1.pdf").answer
    assert pdf.data.startswith(b"%PDF")
    desk.get(f"/admin/invoices/{who.invoice}/reminder-2.pdf", status=404)
    desk.get(f"/admin/invoices/{who.invoice}/reminder-99999.pdf", status=404)


def part_paid(town: Town, who: Member, amount: int = 10000) -> int:
    """Let an officer use a part for an invoice; the payment."""
    from dues.actor import Actor  # noqa: PLC0415
    from dues.payments.allocate import allocate  # noqa: PLC0415

    pays(town, amount)
    with town.database.unit_of_work(Role.JOBS) as session:
        payment = session.scalars(select(func.max(Payment.id))).one() or 0
        allocate(session, payment_id=payment, claim_id=who.claim_id, amount=amount, on=TODAY, by=Actor("staff", "1"))
    return payment


@pytest.mark.parametrize(
    "path", ["", "/credit", "/send", "/hold", "/invoice.pdf", "/first-page.png", "/reminder-1.pdf"]
)
def test_an_invoice_that_is_not_is_not_there(desk: Browser, path: str) -> None:
    desk.get(f"/admin/invoices/{uuid.uuid4()}{path}", status=404)
    desk.get(f"/admin/invoices/17{path}", status=404)


def test_the_document_is_sent_as_it_was_issued(desk: Browser, town: Town) -> None:
    who = billed(town)
    shown = desk.get(f"/admin/invoices/{who.invoice}/invoice.pdf").answer
    assert shown.data.startswith(b"%PDF")
    assert shown.headers["Content-Disposition"].startswith("inline")
    kept = desk.get(f"/admin/invoices/{who.invoice}/invoice.pdf?download=1").answer
    assert kept.headers["Content-Disposition"] == f"attachment; filename={who.number}.pdf"
    assert kept.headers["Cache-Control"] == "no-store"
    assert desk.get(f"/admin/invoices/{who.invoice}/first-page.png").answer.data.startswith(b"\x89PNG")


def messages(town: Town, who: Member) -> list[tuple[int, str, str]]:
    with jobs(town)() as session:
        wanted = select(Message.copy, Message.channel, Message.address).where(
            Message.kind == "invoice", Message.subject_id == who.invoice_id
        )
        return [
            (copy, str(channel), address) for copy, channel, address in session.execute(wanted.order_by(Message.copy))
        ]


def test_it_is_sent_again_to_another_address_once(desk: Browser, town: Town, woken: Woken) -> None:
    who = billed(town, email="first@files.example")
    desk.get(f"/admin/invoices/{who.invoice}/send")
    assert desk.page.xpath("string(//input[@id='address']/@value)") == "first@files.example"
    form = token(desk)
    desk.submit(form=1, address="second@files.example")
    assert f"Invoice {who.number} is on its way to second@files.example." in desk.text
    assert f"Invoice {who.number} waits to be sent to second@files.example" in desk.text
    assert "Clerk" in desk.text
    assert woken.mails == 1
    desk.post(
        f"/admin/invoices/{who.invoice}/send",
        csrf_token=form,
        channel="email",
        address="second@files.example",
        copy="1",
    )
    assert "It is on its way already. Nothing was sent twice." in desk.text
    assert messages(town, who) == [(0, "email", "first@files.example"), (1, "email", "second@files.example")]


def test_it_is_sent_as_a_letter(desk: Browser, town: Town) -> None:
    who = billed(town)
    desk.get(f"/admin/invoices/{who.invoice}/send").submit(form=1, channel="print", address="")
    assert "goes into the print folder" in desk.text
    assert messages(town, who)[1:] == [(1, "print", "")]


def test_it_is_sent_as_a_text_where_texts_can_go(desk: Browser, town: Town) -> None:
    who = billed(town)
    path = f"/admin/invoices/{who.invoice}/send"
    with town.database.unit_of_work(Role.JOBS) as session:
        payer = session.get_one(Person, session.get_one(Invoice, who.invoice_id).payer_id)
        payer.phone, payer.email = "+46701740605", ""
        message = session.scalars(select(Message).where(Message.subject_id == who.invoice_id)).one()
        message.channel, message.address = Channel.SMS, payer.phone
    assert not desk.get(path).page.xpath("//input[@id='channel-sms']")  # its creditor sends none
    assert desk.page.xpath("string(//input[@id='address']/@value)") == ""  # a number is no address of a mail
    set_sms(town, sms=True)
    try:
        desk.get(path).submit(form=1)
    finally:
        set_sms(town, sms=False)
    assert f"Invoice {who.number} is on its way to +46701740605." in desk.text
    assert messages(town, who)[1:] == [(1, "sms", "+46701740605")]


def set_sms(town: Town, *, sms: bool) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        session.get_one(Creditor, town.creditor).sms = sms


def test_it_is_not_sent_to_nowhere(desk: Browser, town: Town) -> None:
    who = billed(town)
    desk.get(f"/admin/invoices/{who.invoice}/send").submit(form=1, channel="email", address="nowhere")
    assert desk.error_at("address").startswith("Write an e-mail address")
    desk.submit(form=1, channel="pigeon", address="a@b.example")
    assert desk.error_at("channel") == "Choose how to send it."
    assert len(messages(town, who)) == 1


def test_a_sensitive_creditor_is_said_where_it_matters(desk: Browser, town: Town) -> None:
    who = billed(town)
    assert "Sensitive creditor" not in desk.get(f"/admin/invoices/{who.invoice}").text
    set_sensitive(town, sensitive=True)
    try:
        assert "Sensitive creditor" in desk.get(f"/admin/invoices/{who.invoice}").text
        assert "The mail is neutral and holds a link only." in desk.get(f"/admin/invoices/{who.invoice}/send").text
    finally:
        set_sensitive(town, sensitive=False)


def set_sensitive(town: Town, *, sensitive: bool) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        session.execute(update(Creditor).where(Creditor.id == town.creditor).values(sensitive=sensitive))


def test_crediting_says_first_what_follows_and_then_does_it(desk: Browser, town: Town, woken: Woken) -> None:
    who = billed(town, email="credit@files.example")
    part_paid(town, who)
    desk.get(f"/admin/invoices/{who.invoice}/credit")
    for words in (
        "takes back the whole invoice: 500.00 SEK",
        "It goes to credit@files.example by e-mail.",
        "Not to be paid any more: 400.00 SEK",
        "What has been paid becomes credit: 100.00 SEK",
        "may be charged again: National fee and Local fee",
        "A new invoice comes by itself on 22 November 2026: Member, 500.00 SEK",
        "The invoice still waits to be sent. It is held back.",
    ):
        assert words in plain(desk), words
    desk.submit(form=1)
    assert f"Invoice {who.number} is credited. The credit note is on its way." in desk.text
    assert woken.mails == 1
    states = strip(desk)
    assert states["Document"].startswith("Credited22 Nov 2026, credit note")
    assert states["Delivery"].startswith("Withheld")
    assert "What had been paid is credit now: 100.00 SEK" in plain(desk)
    for gone in ("Send again", "Pause reminders", "Take back"):
        assert gone not in desk.text
    note = desk.page.xpath("string(//p[contains(., 'Credited by')]/a/@href)")
    desk.get(note)
    assert desk.heading.startswith("Credit note ")
    assert list(strip(desk)) == ["Document", "Delivery"]
    assert "nothing. A credit note asks for nothing." in desk.text
    desk.get(f"{note}/credit")
    assert "There is nothing to credit here." in desk.text
    desk.get(f"/admin/persons/{who.person}")
    assert facts(desk)["Credit"].removesuffix("Pay it back") == "100.00 SEK"


def test_pressed_twice_at_one_moment_it_is_credited_once(app: Flask, town: Town) -> None:
    who = billed(town)
    desks = [logged_in(Browser(app)).get(f"/admin/invoices/{who.invoice}/credit") for _ in range(3)]
    found = together(*(partial(one.submit, form=1) for one in desks))
    assert all(isinstance(one, Browser) for one in found), found
    told = sorted("is credited." in one.text for one in desks)
    assert told == [False, False, True]
    assert sum("was credited already, by credit note" in one.text for one in desks) == 2
    with jobs(town)() as session:
        notes = select(func.count()).select_from(Invoice).where(Invoice.credits_id == who.invoice_id)
        assert session.scalar(notes) == 1


def test_nothing_is_credited_where_money_has_come_since(desk: Browser, town: Town) -> None:
    who = billed(town)
    desk.get(f"/admin/invoices/{who.invoice}/credit")
    pays(town, FEE, who.reference)
    desk.submit(form=1, status=409)
    assert "Money has moved meanwhile" in desk.text
    assert "What has been paid becomes credit: 500.00 SEK" in plain(desk)
    with jobs(town)() as session:
        assert session.get_one(Claim, who.claim_id).ended is ClaimEnd.PAID
    desk.submit(form=1)
    assert "is credited." in desk.text


def test_a_press_without_a_token_or_without_what_was_seen_does_nothing(desk: Browser, town: Town) -> None:
    who = billed(town)
    desk.get(f"/admin/invoices/{who.invoice}")
    for path in ("credit", "send", "hold", "release"):
        desk.post(f"/admin/invoices/{who.invoice}/{path}", status=400)
    desk.get(f"/admin/invoices/{who.invoice}/credit")
    desk.post(f"/admin/invoices/{who.invoice}/credit", status=409, csrf_token=token(desk))
    with jobs(town)() as session:
        assert session.get_one(Claim, who.claim_id).ended is None


def test_an_invoice_is_left_alone_and_let_go(desk: Browser, town: Town) -> None:
    who = billed(town)
    desk.get(f"/admin/invoices/{who.invoice}/hold").submit(form=1, reason="paused", until="2027-01-31")
    assert strip(desk)["Hold"] == "On holdthrough 31 Jan 2027, Clerk"
    assert "nothing through 31 January 2027, while it is on hold. After that: reminder 1" in desk.text
    desk.submit(form=first_form(desk, "Let reminders go on"))
    assert strip(desk)["Hold"] == "None"
    pays(town, FEE, who.reference)
    desk.get(f"/admin/invoices/{who.invoice}/hold").submit(form=1, reason="paused", until="2027-01-31")
    assert "Nothing is open any more, so there is nothing to pause." in desk.text


def test_money_is_taken_back_where_it_was_used(desk: Browser, town: Town) -> None:
    who = billed(town)
    pays(town, FEE, who.reference)
    desk.get(f"/admin/invoices/{who.invoice}")
    assert strip(desk)["Settlement"] == "Paid500.00 SEK, 22 Nov 2026"
    assert "Matched by its reference" in desk.text
    taken = first_form(desk, "Take back")
    action = [one for one in desk.page.forms if one.method == "POST"][taken].action
    form = token(desk)
    desk.submit(form=taken)
    assert desk.path == f"/admin/invoices/{who.invoice}"
    assert "The payment is taken back and waits for a decision again." in desk.text
    assert strip(desk)["Settlement"].startswith("Open")
    assert "and waits: taken back" in desk.text
    desk.post(action, csrf_token=form, to="//evil.example")
    assert "This was taken back already." in desk.text
    assert desk.path == "/admin/"
    with jobs(town)() as session:
        used = select(Allocation).where(Allocation.claim_id == who.claim_id).order_by(Allocation.id)
        assert [one.reverses_id is not None for one in session.scalars(used)] == [False, True]
