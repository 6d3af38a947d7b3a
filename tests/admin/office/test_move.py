"""Moving what a payment was used for: from the page of a payment booked long ago to another invoice or person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dues.invoicing.models import Claim
from tests.admin.office.desk_work import billed, jobs, pays
from tests.admin.office.test_bill import plain
from tests.admin.office.test_payment import newest
from tests.admin.office.test_person import first_form
from tests.factories.organisation import FEE
from tests.factories.unmatched import sound

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser


def open_of(town: Town, claim_id: int) -> int:
    with jobs(town)() as session:
        return session.get_one(Claim, claim_id).open_amount


def test_a_matched_payment_is_moved_in_one_press_and_moved_back(desk: Browser, town: Town) -> None:
    wrong, right = billed(town), billed(town)
    pays(town, FEE, wrong.reference)
    payment = newest(town)
    desk.get(f"/admin/payments/{payment}")
    desk.get(desk.page.xpath("string(//a[starts-with(., 'Move')]/@href)"))
    assert f"500.00 SEK for invoice {wrong.number}, {wrong.name}" in plain(desk)
    found = desk.get(f"{desk.path.partition('?')[0]}?find={right.reference}")
    desk.get(found.page.xpath(f"string(//a[contains(@href, 'claim-{right.claim_id}')]/@href)"))
    assert f"500.00 SEK of invoice {wrong.number} is open again." in plain(desk)
    assert f"Invoice {right.number} is paid. The membership runs to " in plain(desk)
    desk.submit(form=first_form(desk, f"Move 500.00 SEK to invoice {right.number}"))
    assert (open_of(town, wrong.claim_id), open_of(town, right.claim_id)) == (FEE, 0)
    assert f"500.00 SEK moved from invoice {wrong.number}, {wrong.name} to invoice {right.number}" in plain(desk)
    assert "Moved on" in desk.text
    assert "Moved here on" in desk.text
    desk.submit(form=first_form(desk, "Undo"))
    assert (open_of(town, wrong.claim_id), open_of(town, right.claim_id)) == (0, FEE)
    desk.get(f"/admin/payments/{payment}")
    desk.get(desk.page.xpath("string(//a[starts-with(., 'Move')]/@href)") + f"?choice=credit-{right.person}")
    desk.submit(form=first_form(desk, f"Move 500.00 SEK to the credit of {right.name}"))
    assert (open_of(town, wrong.claim_id), open_of(town, right.claim_id)) == (FEE, FEE)
    assert f"moved here, to the credit, from invoice {wrong.number}" in plain(desk)
    desk.get(f"/admin/invoices/{right.invoice}")
    assert f"moved away, from invoice {right.number}, to invoice {wrong.number}" in plain(desk)
    desk.get(f"/admin/persons/{wrong.person}")
    assert f"moved away, from invoice {wrong.number}, to credit for {right.name}" in plain(desk)
    assert sound(jobs(town))
