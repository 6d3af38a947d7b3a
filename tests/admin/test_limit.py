"""Crediting above the limit of one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from database.connect import Role
from dues.groups.limits import set_limits
from dues.invoicing.models import Claim, Invoice
from tests.admin.conftest import entered
from tests.factories import unmatched
from tests.factories.staff import employ
from tests.web.browser import Browser

if TYPE_CHECKING:
    from flask import Flask

    from tests.portal.town import Town


def test_a_credit_above_the_limit_waits_and_happens_once_agreed(app: Flask, town: Town) -> None:
    who = unmatched.owing(town)
    with town.database.unit_of_work(Role.JOBS) as session:
        set_limits(session, creditor_id=town.creditor, refund=None, write_off=unmatched.FEE - 1)
        for name in ("first", "other"):
            employ(session, name=name, email=f"{name}@limit.example", roles=["economist"])
        invoice = session.scalars(
            select(Invoice.uuid).join(Claim, Claim.invoice_id == Invoice.id).where(Claim.id == who.claim)
        ).one()
    first, other = (entered(Browser(app), town.database, email=f"{name}@limit.example") for name in ("first", "other"))
    try:
        first.get(f"/admin/invoices/{invoice}/credit").submit(form=1)
        assert "above the limit of one person" in first.text
        assert ended(town, who.claim) is None
        other.get("/admin/approvals/")
        assert f"Credit invoice {who.number}" in other.text
        wish = f"//article[contains(., 'Credit invoice {who.number}')]//form[contains(@action, '/agree')]"
        other.submit(form=forms(other).index(other.page.xpath(wish)[0]))
        assert "it is done" in other.text
        assert ended(town, who.claim) == "credited"
    finally:
        with town.database.unit_of_work(Role.JOBS) as session:
            set_limits(session, creditor_id=town.creditor, refund=None, write_off=None)


def forms(desk: Browser) -> list[Any]:
    return [form for form in desk.page.forms if form.method == "POST"]


def ended(town: Town, claim: int) -> str | None:
    with town.database.opener(Role.JOBS)() as session:
        return session.get_one(Claim, claim).ended
