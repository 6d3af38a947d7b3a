"""Matching at the desk: the order of rules, another look at what waits, and a rule tried on what has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from database.connect import Role
from dues.invoicing.models import Claim
from dues.payments.match import KIND
from dues.runs.models import Run
from tests.factories.runs import finished
from tests.factories.unmatched import came, owing

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser


def test_rules_are_ordered_tried_and_clear_the_pile(desk: Browser, town: Town) -> None:
    one = owing(town)
    payment = came(town, message=f"avgift {one.reference}")
    with town.database.opener(Role.JOBS)() as session:
        key = town.creditor
    desk.get("/admin/setup/matching/")
    assert "Exact reference, Several references, Id it was sent with" in desk.text
    desk.get(desk.page.xpath("//a[contains(@href, '/admin/setup/matching/')]/@href")[-1])
    desk.submit(form=1, in_text="1")
    assert desk.error_at("reference") == "Two rules have the same place. Give each a place of its own."
    desk.submit(form=1, reference="5", in_text="1", zeros="0")
    assert "Reference in the text, Several references" in desk.text
    assert "Zeros missing" not in desk.text
    desk.get(f"/admin/matching/try?rule=in+text&creditor={key}")
    assert "1 payment would have been booked" in desk.text
    assert f"Invoice {one.number}" in desk.text
    assert "Waits for a decision" in desk.text
    desk.get("/admin/matching/try?rule=digit&from=2026-02-01&until=2026-01-01")
    assert "The first day comes after the last." in desk.text
    desk.get("/admin/queue/")
    forms = [form.action for form in desk.page.forms if form.method == "POST"]
    desk.submit(form=next(at for at, action in enumerate(forms) if "/matching/check" in (action or "")))
    assert "What waits is looked at again." in desk.text
    opened = town.database.opener(Role.JOBS)
    with opened() as session:
        run = session.scalars(select(Run.id).where(Run.kind == KIND).order_by(Run.id.desc())).first() or 0
    finished(opened, run)
    with opened() as session:
        assert session.get_one(Claim, one.claim).ended == "paid"
    desk.get(f"/admin/payments/{payment}")
    assert f"Matched by the reference in the text, {one.reference}" in desk.text
