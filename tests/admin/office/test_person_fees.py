"""At the desk: a membership's next period on an invoice together with a product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from database.connect import Role
from dues.groups.models import Group
from dues.invoicing.models import Invoice, InvoiceLine
from dues.members.models import Membership
from tests.admin.office.desk_work import billed, jobs, pays
from tests.admin.office.test_person_invoice import begin, said
from tests.factories.products import product

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser


def test_a_membership_and_a_book_stand_on_one_invoice(desk: Browser, town: Town) -> None:
    who = billed(town)
    with town.database.unit_of_work(Role.JOBS) as session:
        root = session.scalars(select(Group).where(Group.parent_id.is_(None))).one()
        book = product(session, root, number=f"F{who.person_id}").id
        held = session.scalars(select(Membership).where(Membership.person_id == who.person_id)).one()
        membership, through = held.id, held.charged_through
    begin(desk, who)
    said(desk, do="membership", fee=str(membership))
    said(desk, do="product", add=str(book))
    said(desk, do="show")
    assert desk.summary() == ["This membership cannot be charged: The first invoice is not paid yet."]
    pays(town, 50000, who.reference)
    said(desk, do="show")
    assert "These periods of memberships are charged with it" in desk.text
    desk.submit(form=1, do="issue")
    assert "is issued and on its way" in desk.text
    with jobs(town)() as session:
        newest = session.scalars(select(Invoice).where(Invoice.payer_id == who.person_id).order_by(Invoice.id.desc()))
        invoice = newest.first()
        assert invoice is not None
        lines = session.scalars(select(InvoiceLine).where(InvoiceLine.invoice_id == invoice.id)).all()
        assert sum(line.membership_id == membership for line in lines) >= 1
        assert sum(line.product_id == book for line in lines) == 1
        after = session.get_one(Membership, membership).charged_through
        assert after is not None
        assert through is not None
        assert after > through
    begin(desk, who)
    said(desk, do="membership", fee="999999")
    assert "Membership:" not in desk.text
