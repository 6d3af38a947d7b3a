"""Money received by hand: registered on a person's page at the desk and in a house, with a receipt, and withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from dues.actor import COMMAND_LINE
from dues.invoicing.models import Claim
from dues.payments.models import Allocation, Payment
from dues.payments.refunds.cancel import cancel
from dues.payments.refunds.propose import propose
from dues.payments.take_back import take_back
from tests.admin.office.desk_work import billed, jobs
from tests.admin.office.test_bill import plain
from tests.admin.office.test_person import first_form
from tests.factories.organisation import FEE
from tests.factories.unmatched import sound
from tests.portal.town import TODAY

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser
    from tests.web.waking import Woken


def open_of(town: Town, claim_id: int) -> int:
    with jobs(town)() as session:
        return session.get_one(Claim, claim_id).open_amount


def partly_back(town: Town, payment: int) -> int:
    """Take back what of a payment is credit, and let it go back to whoever paid; the refund."""
    with jobs(town)() as session, session.begin():
        kept = session.scalars(
            select(Allocation).where(Allocation.payment_id == payment, Allocation.claim_id.is_(None))
        ).one()
        take_back(session, allocation_id=kept.id, on=TODAY, by=COMMAND_LINE)
        return propose(
            session,
            creditor_id=session.get_one(Payment, payment).creditor_id,
            person_id=None,
            payment_id=payment,
            amount=kept.amount,
            currency="SEK",
            name="Bo",
            account=None,
            reason="Too much",
            by=COMMAND_LINE,
            on=TODAY,
        )


def test_cash_is_received_with_a_receipt_and_withdrawn(desk: Browser, town: Town, woken: Woken) -> None:
    who = billed(town)
    desk.get(f"/admin/invoices/{who.invoice}")
    desk.get(desk.page.xpath("string(//a[normalize-space()='Register money received']/@href)"))
    assert desk.page.xpath("string(//input[@name='amount']/@value)") == "500.00"
    form = first_form(desk, "Register the money")
    desk.submit(form=form, amount="x")
    assert desk.summary() == ["Write the amount as digits, for example 250.00."]
    desk.submit(form=form, amount="500", on="2099-01-01")
    assert desk.summary() == ["This day has not come yet. Write when it was received."]
    mails = woken.mails
    desk.submit(form=form, amount="520", how="card terminal", on="2026-11-05", note="Årsmötet")
    assert desk.heading.startswith("Receipt ")
    assert "520.00 SEK · Card terminal" in plain(desk)
    assert f"Invoice {who.number}: 500.00 SEK" in plain(desk)
    assert "20.00 SEK" in plain(desk)
    assert open_of(town, who.claim_id) == 0
    assert woken.mails == mails + 1
    receipt = desk.path
    desk.get(f"/admin/payments/{receipt.rpartition('/')[2]}")
    assert "Received by hand" in desk.text
    assert "Cash and card terminal" in desk.text
    desk.get("/admin/bank-files/")
    assert "by hand" not in desk.text
    for page in ("payments", "bank-accounts", "reconciliation", "queue", "setup/agreements"):
        desk.get(f"/admin/{page}/")
    refund = partly_back(town, int(receipt.rpartition("/")[2]))
    desk.get(receipt)
    desk.submit(form=first_form(desk, "Withdraw"))
    assert "A part of it is going back to somebody" in desk.text
    assert open_of(town, who.claim_id) == 0
    with jobs(town)() as session, session.begin():
        cancel(session, refund_id=refund, on=TODAY, by=COMMAND_LINE)
    desk.get(receipt)
    desk.submit(form=first_form(desk, "Withdraw"))
    assert "Withdrawn: this receipt is void." in desk.text
    assert open_of(town, who.claim_id) == FEE
    assert sound(jobs(town))
