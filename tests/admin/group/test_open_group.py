"""A new group in five minutes; and two groups whose invoices carry each its own look, account and sender."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import TYPE_CHECKING

from pypdf import PdfReader
from sqlalchemy import select

from database.connect import Role
from documents import render
from dues.access.models import Approval, Staff
from dues.access.scope import rights
from dues.delivery.installation import Installation
from dues.delivery.models import Channel, Message
from dues.delivery.outbox import claim
from dues.delivery.post import Mail
from dues.groups.models import Group
from dues.invoicing.document import issued as issued_documents
from dues.invoicing.mail import InvoiceRenderer
from tests.admin.group.homes import Home, agree_to_all, home_of, open_page, opener_of, sung
from tests.portal.town import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from settings import Settings
    from tests.portal.town import Town
    from tests.web.browser import Browser
    from tests.web.waking import Woken


def test_a_group_is_opened_on_one_page_and_can_be_joined(
    app: Flask, town: Town, desk: Browser, visit: Callable[..., Browser], woken: Woken
) -> None:
    opener = opener_of(app, town.database)
    page = open_page(opener, name="Tenor", colour="#3d5a1e", org_number="802000-0025", account="550-0020")
    assert page.heading == "Tenor"
    assert "https://dues.example.org/join/tenor" in page.text
    assert "Its own account waits for a second person" in page.text
    assert woken.mails
    with town.database.unit_of_work(Role.JOBS) as session:
        mailed = session.execute(select(Message.kind, Message.address)).all()
        assert ("invitation", "leader@tenor.example") in [tuple(one) for one in mailed]
        assert {one.kind for one in session.scalars(select(Approval).where(Approval.state == "waiting"))} >= {"account"}
    agree_to_all(desk)
    home = home_of(town.database, "tenor", account="550-0020")
    assert home.agreement.preferred
    with town.database.unit_of_work(Role.JOBS) as session:
        leader = session.scalars(select(Staff.id).where(Staff.email == "leader@tenor.example")).one()
        held = rights(session, staff_id=leader, on=TODAY)
        assert held.may("group.use", home.path)
        assert not held.sees_all
    assert "Welcome to Tenor." in visit().get("/join/tenor").text


def test_what_is_missing_is_said_and_nothing_is_opened(app: Flask, town: Town) -> None:
    opener = opener_of(app, town.database)
    page = open_page(opener, name="Solo", colour="#3d5a1e", org_number="802000-0033", account="550-0001")
    assert page.heading == "Open a group"
    assert page.error_at("number").startswith("This number cannot be right")
    page = open_page(opener, name="Norr", colour="#3d5a1e", org_number="802000-0033", account="550-0038", parent="x")
    assert page.error_at("parent")
    with town.database.unit_of_work(Role.JOBS) as session:
        assert session.scalar(select(Group.id).where(Group.slug == "solo")) is None


def test_two_groups_send_invoices_that_carry_each_its_own(
    homes: tuple[Home, Home], town: Town, settings: Settings
) -> None:
    found = {home.slug: sung(town, home).invoice_id for home in homes}
    for home, other in (homes, homes[::-1]):
        text, mail, colour = _sent(town, settings, found[home.slug])
        assert f"{home.name} association" in text
        assert home.account in text
        assert other.account not in text
        assert colour == home.colour
        assert mail.sender.name == f"{home.name} association"
        assert mail.reply_to is not None
        assert mail.reply_to.email == f"board@{home.slug}.example"
        assert home.colour in mail.html
        assert other.colour not in mail.html
        assert home.account in mail.text


def _sent(town: Town, settings: Settings, invoice: int) -> tuple[str, Mail, str]:
    """Return the document's text, its mail, and its colour."""
    with town.database.unit_of_work(Role.JOBS) as session:
        document = issued_documents(session, invoices=[invoice])[invoice].document
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(render(document))).pages)
        waiting = claim(session, channel=Channel.EMAIL, kinds=["invoice"], size=100, lease=dt.timedelta(0))
        mine = [one for one in waiting if one.subject_id == invoice]
        mail = InvoiceRenderer(Installation.from_settings(settings)).load(session, mine)[mine[0].id]()
        session.rollback()
    assert isinstance(mail, Mail)
    return text, mail, document.look.colour
