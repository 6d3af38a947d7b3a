"""Money that goes back and comes back, as an officer sees it: told by them, ordered, and reported on by the bank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from dues.actor import Actor
from dues.groups.models import BankAgreement
from dues.payments.files import uuid_of
from dues.payments.models import Payment, PaymentCase
from dues.payments.refunds import approve, order
from dues.payments.refunds.models import Refund, RefundOrder
from dues.payments.refunds.propose import propose
from tests.admin.office.desk_work import billed, jobs, pays
from tests.admin.office.test_bill import plain
from tests.admin.office.test_payment import newest
from tests.admin.office.test_person import first_form
from tests.factories.money import taken
from tests.factories.organisation import FEE
from tests.factories.runs import finished
from tests.payments.test_reports import report
from tests.portal.town import TODAY

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser

OFFICER = Actor("staff", "7")


def test_an_officer_says_which_payment_was_returned_and_sees_what_follows_before(desk: Browser, town: Town) -> None:
    who = billed(town)
    pays(town, FEE, who.reference)
    came = newest(town)
    pays(town, -FEE - 350)
    left = newest(town)
    desk.get(f"/admin/queue/{left}")
    (way,) = desk.page.xpath("//a[contains(., 'Say which payment was returned')]/@href")
    desk.get(way)
    assert "No payment of this amount came to the account" in desk.text
    desk.get(f"/admin/queue/{left}/returns?find=kim")
    assert desk.page.xpath(f"//a[contains(@href, 'original={came}')]")
    desk.get(f"/admin/queue/{left}/returns?original={came}")
    assert f"Invoice {who.number}, {who.name}, is open again" in plain(desk)
    assert "fee waits for a decision" in desk.text
    desk.submit(form=first_form(desk, "Book 503.50"), reason="The payer's bank wrote")
    assert desk.path == f"/admin/payments/{left}"
    assert "The payer's bank wrote" in desk.text
    desk.get(f"/admin/invoices/{who.invoice}")
    assert "Payment returned by the bank; invoice" in desk.text
    desk.get("/admin/payments/?q=Kim")
    assert "Returned" in desk.text
    desk.get(f"/admin/payments/{came}")
    assert "Returned" in desk.text


def sent_back(town: Town) -> tuple[str, str, str]:
    """A refund that is on its way: its page's name, the bank's number for it, and the order's."""
    pays(town, 9000)
    with jobs(town)() as session, session.begin():
        payment = session.get_one(Payment, session.scalars(select(func.max(PaymentCase.payment_id))).one())
        agreement = session.get_one(BankAgreement, payment.agreement_id)
        refund = propose(
            session,
            creditor_id=payment.creditor_id,
            person_id=None,
            payment_id=payment.id,
            amount=9000,
            currency="SEK",
            name="Kim Ek",
            account=agreement.iban or f"BG {agreement.number}",
            reason="no member",
            by=OFFICER,
            on=TODAY,
        )
        approve.offer_approval(session, refund_id=refund, by=OFFICER, proposer=7)
        run = order.start_order(
            session, creditor_id=payment.creditor_id, currency="SEK", execute_on=TODAY, on=TODAY, by=OFFICER
        ).id
    finished(jobs(town), run)
    with jobs(town)() as session:
        made = session.get_one(Refund, refund)
        return str(made.uuid), made.end_to_end_id or "", session.get_one(RefundOrder, made.order_id).uuid.hex


def test_what_the_bank_refused_is_told_wherever_somebody_looks(desk: Browser, town: Town) -> None:
    refund, number, original = sent_back(town)
    told = report(original, (number, "RJCT", "AC04", 9000), ("elsewhere-1", "ACCP", "", 100), number=f"R{number[:9]}")
    file = taken(jobs(town), told, on=TODAY, name="status.xml")
    finished(jobs(town), file.run_id)
    with jobs(town)() as session:
        page = uuid_of(session, file_id=file.file_id)
    desk.get(f"/admin/bank-files/{page}")
    assert "the account is closed (AC04). Closed" in plain(desk)
    assert {"Refused", "Not ours"} <= {badge.text_content().strip() for badge in desk.page.xpath("//td//*[@class]")}
    assert desk.page.xpath(f"//a[@href='/admin/refunds/{refund}']")
    desk.get(f"/admin/refunds/{refund}")
    assert "The bank refused the order: the account is closed (AC04). Closed" in plain(desk)
    assert "The account is one of your own" in desk.text
    assert "Refused by the bank: the account is closed" in plain(desk)
    assert "In the books" in desk.text
    desk.get("/admin/refunds/orders/")
    assert desk.page.xpath(f"//section[@aria-labelledby='stopped-name']//a[@href='/admin/refunds/{refund}']")
    desk.get("/admin/refunds/?view=needs")
    assert "Kim Ek" in desk.text
    desk.get("/admin/")
    assert "Refund that was not paid out" in plain(desk) or "Refunds that were not paid out" in plain(desk)
