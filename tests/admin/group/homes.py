"""Groups with books of their own, opened as an officer opens them, and their account agreed to by a second person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from database.connect import Role
from dues.access.models import Staff
from dues.actor import COMMAND_LINE
from dues.groups.models import BankAgreement, Creditor, Group
from dues.invoicing.models import Claim, Invoice, PaymentReference
from dues.loop.join import admit
from tests.admin.conftest import entered
from tests.factories.members import person
from tests.factories.runs import finished
from tests.factories.staff import employ
from tests.portal.town import TODAY
from tests.web.browser import Browser

if TYPE_CHECKING:
    from flask import Flask

    from database.connect import Database
    from tests.portal.town import Town


@dataclass(frozen=True)
class Home:
    """A group that was opened, and what it was opened with."""

    slug: str
    name: str
    colour: str
    account: str
    group_id: int
    path: str
    creditor_id: int
    agreement: BankAgreement


def press(browser: Browser, words: str, /, **fields: str | None) -> Browser:
    """Press the button of a form that says this."""
    said = [" ".join(form.xpath("string(.//button)").split()) for form in browser.page.forms if form.method == "POST"]
    return browser.submit(form=said.index(words), status=200, **fields)


def open_page(
    opener: Browser, *, name: str, colour: str, org_number: str, account: str, parent: str = "Riks (org)"
) -> Browser:
    """Fill in the page that opens a group, with books of its own."""
    opener.get("/admin/groups/new")
    return press(
        opener,
        "Open the group",
        parent=parent,
        name=name,
        language="en",
        country="SE",
        colour=colour,
        joinable="y",
        welcome=f"Welcome to {name}.",
        own_prices="y",
        own_books="y",
        own_name=f"{name} association",
        org_number=org_number,
        currency="SEK",
        street="Main street 1",
        postcode="111 22",
        city="Stockholm",
        email=f"board@{name.lower()}.example",
        sensitive=None,
        scheme="BGNR",
        number=account,
        admin_name=f"{name} leader",
        admin_email=f"leader@{name.lower()}.example",
    )


def agree_to_all(second: Browser) -> None:
    """Be the second person who agrees to all that waits."""
    while True:
        second.get("/admin/approvals/")
        said = [" ".join(form.xpath("string(.//button)").split()) for form in second.page.forms]
        if "Agree" not in said:
            return
        press(second, "Agree")


def home_of(database: Database, slug: str, *, account: str) -> Home:
    """Read a group that was opened."""
    with database.unit_of_work(Role.JOBS) as session:
        group = session.scalars(select(Group).where(Group.slug == slug)).one()
        creditor = session.scalars(select(Creditor).where(Creditor.group_id == group.id)).one()
        agreement = session.scalars(select(BankAgreement).where(BankAgreement.number == account.replace("-", ""))).one()
        session.expunge(agreement)
        return Home(group.slug, group.name, group.colour, account, group.id, group.path, creditor.id, agreement)


def opener_of(app: Flask, database: Database) -> Browser:
    """Somebody who may open groups: with all roles, and not the clerk, who is the second person."""
    email = "opener@example.org"
    with database.unit_of_work(Role.JOBS) as session:
        if session.scalar(select(Staff.id).where(Staff.email == email)) is None:
            employ(session, name="Opener", email=email)
    return entered(Browser(app), database, email=email)


@dataclass(frozen=True)
class Sung:
    """A member of a group, and the invoice they got."""

    person_id: int
    name: str
    invoice_id: int
    reference: str


def sung(town: Town, home: Home) -> Sung:
    """Let somebody join a group, and invoice them."""
    jobs = town.database.opener(Role.JOBS)
    with town.database.unit_of_work(Role.JOBS) as session:
        who = person(session)
        joined = admit(session, person_id=who.id, group=home.slug, type_id=town.member_type, on=TODAY, by=COMMAND_LINE)
        person_id, name, run = who.id, f"{who.given_name} {who.family_name}", joined.run_id
    finished(jobs, run or 0)
    with jobs() as session:
        found = select(Invoice.id, PaymentReference.value).join(Claim, Claim.invoice_id == Invoice.id)
        wanted = found.join(PaymentReference, PaymentReference.claim_id == Claim.id)
        invoice, reference = session.execute(wanted.where(Invoice.payer_id == person_id)).one()
        return Sung(person_id, name, invoice, reference)
