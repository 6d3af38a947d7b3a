"""An open invoice paid in parts, at the desk: the plan, what follows, the press, and how the parts stand after it."""

from __future__ import annotations

import datetime as dt
import uuid
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from pypdf import PdfReader
from sqlalchemy import select

from dues.invoicing.models import Claim, Invoice, PaymentReference
from tests.admin.office.desk_work import billed, jobs, pays
from tests.admin.office.test_bill import part_paid, plain, strip, sums
from tests.factories.runs import reminded

if TYPE_CHECKING:
    from tests.admin.office.desk_work import Member
    from tests.portal.town import Town
    from tests.web.browser import Browser
    from tests.web.waking import Woken


def shown(desk: Browser, invoice: object, **plan: str) -> Browser:
    """The page of a plan, with the parts and what follows from it."""
    written = {"parts": "3", "first_on": "2027-01-31", "every": "1", "unit": "month", **plan}
    return desk.get(f"/admin/invoices/{invoice}/instalments?{urlencode(written)}")


def rows(desk: Browser) -> list[str]:
    """The rows of the table on a page."""
    found = desk.page.xpath("//table[@class='lines']/tbody/tr")
    return [" ".join(" ".join(row.xpath("td//text()")).split()).replace("\xa0", " ") for row in found]


def references(town: Town, number: int) -> dict[int, str]:
    """The references of an invoice's parts, and that of all as part 0."""
    wanted = (
        select(PaymentReference, Claim.position)
        .join(Claim, Claim.id == PaymentReference.claim_id)
        .join(Invoice, Invoice.id == Claim.invoice_id)
        .where(Invoice.number == number)
    )
    with jobs(town)() as session:
        return {0 if one.whole else place: one.value for one, place in session.execute(wanted)}


def parted(desk: Browser, town: Town, who: Member) -> int:
    """Let somebody's invoice be paid in three parts; return the new one's number."""
    shown(desk, who.invoice)
    desk.submit(form=1)
    assert "is written in its place, to be paid in instalments, and on its way." in desk.text
    with jobs(town)() as session:
        old = select(Invoice.id).where(Invoice.uuid == who.invoice).scalar_subquery()
        return int(session.scalars(select(Invoice.called).where(Invoice.replaces_id == old)).one())


def test_an_open_invoice_is_put_into_parts_once_they_were_shown(desk: Browser, town: Town, woken: Woken) -> None:
    who = billed(town, email="parts@files.example")
    desk.get(f"/admin/invoices/{who.invoice}")
    desk.get(desk.page.xpath("string(//a[contains(., 'Let it be paid in instalments')]/@href)"))
    assert "What happens" not in desk.text
    shown(desk, who.invoice)
    assert rows(desk) == ["1 31 Jan 2027 166.67 SEK", "2 28 Feb 2027 166.67 SEK", "3 31 Mar 2027 166.66 SEK"]
    assert sums(desk) == {"Together": "500.00 SEK"}
    assert f"Invoice {who.number} is credited with all that is left of it: 500.00 SEK" in plain(desk)
    number = parted(desk, town, who)
    assert woken.mails == 1
    assert strip(desk)["Settlement"] == "Open500.00 SEK, due 31 Jan 2027"
    own = references(town, number)
    said = plain(desk).replace(" ", "")
    assert all(reference in said for reference in own.values())
    pays(town, 16667, own[1])
    desk.get(desk.path)
    assert strip(desk)["Settlement"] == "Part-paid166.67 of 500.00 SEK"
    assert "Let it be paid in instalments" not in desk.text
    assert sums(desk)["Open, due 28 Feb 2027"] == "333.33 SEK"
    pays(town, 33333, own[0])
    desk.get(desk.path)
    assert strip(desk)["Settlement"].startswith("Paid500.00 SEK")


def test_the_document_shows_every_part_and_asks_for_the_first(desk: Browser, town: Town) -> None:
    who = billed(town)
    number = parted(desk, town, who)
    own = references(town, number)
    desk.get(desk.path + "/invoice.pdf")
    pdf = "".join(page.extract_text() for page in PdfReader(BytesIO(desk.answer.data)).pages)
    words = "".join(pdf.split())
    assert all(reference in words for reference in own.values())
    assert "166,67" in words


def test_what_is_no_plan_is_said_beside_its_box(desk: Browser, town: Town) -> None:
    who = billed(town)
    for wrong in ("1", "13", "x", ""):
        shown(desk, who.invoice, parts=wrong)
        assert "Write a number from 2 to 12." in desk.text
        assert "What happens" not in desk.text
    shown(desk, who.invoice, every="0")
    assert "Write a number from 1 to 12." in desk.text
    shown(desk, who.invoice, first_on="2020-01-01")
    assert "Choose a day from" in desk.text
    assert desk.page.xpath("string(//input[@id='parts']/@value)") == "3"


def test_what_money_came_for_or_was_credited_has_no_parts(desk: Browser, town: Town) -> None:
    who = billed(town)
    part_paid(town, who)
    shown(desk, who.invoice)
    assert "Money has come for it, so it cannot be divided any more." in desk.text
    desk.get(f"/admin/invoices/{uuid.uuid4()}/instalments", status=404)
    other = billed(town)
    parted(desk, town, other)
    shown(desk, other.invoice)
    assert "was credited already" in desk.text


def test_a_second_press_and_one_after_money_came_write_nothing(desk: Browser, town: Town) -> None:
    who = billed(town)
    shown(desk, who.invoice)
    desk.submit(form=1)
    with jobs(town)() as session:
        before = len(session.scalars(select(Invoice.id)).all())
    other = billed(town)
    shown(desk, other.invoice)
    part_paid(town, other)
    desk.submit(form=1)
    assert "Money has come for it" in desk.text
    with jobs(town)() as session:
        assert len(session.scalars(select(Invoice.id)).all()) == before + 1  # the other one alone


def test_a_reminder_is_of_one_part(desk: Browser, town: Town) -> None:
    who = billed(town)
    number = parted(desk, town, who)
    here = desk.path
    reminded(jobs(town), on=dt.date(2027, 3, 25))
    desk.get(here)
    assert "Reminder 1 of instalment 1" in desk.text
    assert "Reminder 1 of instalment 2" in desk.text
    assert "Reminder 1 of instalment 3" not in desk.text
    desk.get(here + "/reminder-1.pdf?part=2")
    words = "".join("".join(page.extract_text() for page in PdfReader(BytesIO(desk.answer.data)).pages).split())
    own = references(town, number)
    assert own[2] in words
    assert own[1] not in words
    desk.get(here + "/reminder-1.pdf?part=3", status=404)
