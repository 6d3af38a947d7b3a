"""A payment in another currency at the desk: asked for the rate, told what follows, booked, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from database.connect import Role
from dues.groups.models import CASH, BankAgreement
from dues.invoicing.models import Claim
from dues.payments.models import Payment
from tests.factories.money import banked, camt, exchanged_from, paid
from tests.factories.unmatched import FEE, owing
from tests.portal.town import TODAY

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser


def test_a_payment_in_euro_is_exchanged_and_taken_back(desk: Browser, town: Town) -> None:
    one = owing(town)
    opened = town.database.opener(Role.JOBS)
    with opened() as session:
        ours = select(BankAgreement).where(BankAgreement.creditor_id == town.creditor, BankAgreement.scheme != CASH)
        agreement = session.scalars(ours.order_by(BankAgreement.id)).first()
        assert agreement is not None
        session.expunge(agreement)
    file = camt(agreement, [paid(4447, one.reference)], on=TODAY, currency="EUR")
    banked(opened, exchanged_from(file, "499.00", "SEK", rate="11.25", unit="EUR"), on=TODAY)
    with opened() as session:
        payment = session.scalars(select(Payment.id).order_by(Payment.id.desc())).first() or 0
    desk.get(f"/admin/queue/{payment}")
    (link,) = desk.page.xpath("//a[contains(@href, '/exchange')]/@href")
    desk.get(link)
    assert desk.page.xpath("string(//input[@id='rate']/@value)") == "11.25"  # as the bank's file tells it
    assert "The bank's file gives this rate" in desk.text
    desk.get(f"{link}?rate=x")
    assert desk.error_at("rate").startswith("Write the bank's rate as a number")
    desk.get(f"{link}?rate=11,2345")
    assert "40" in desk.text
    assert "stay open." in desk.text
    assert "are lost by the rate." in desk.text
    forms = [form.fields.get("in_full") for form in desk.page.forms if form.method == "POST"]
    desk.submit(form=forms.index("1"))
    assert "Exchanged for another currency" in desk.text
    with opened() as session:
        assert session.get_one(Claim, one.claim).ended == "paid"
    actions = [form.action or "" for form in desk.page.forms if form.method == "POST"]
    desk.submit(form=next(at for at, action in enumerate(actions) if "/exchanges/" in action))
    assert "The payment waits again." in desk.text
    with opened() as session:
        assert session.get_one(Claim, one.claim).open_amount == FEE
