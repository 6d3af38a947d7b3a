"""What each role finds at the desk: the places in its side, what pages leave out, and what nobody but others may do."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.groups.models import Creditor, Group
from dues.invoicing.audience import Audience
from dues.invoicing.one_off import WantedLine
from dues.invoicing.series import set_up_series
from dues.invoicing.templates import save_template
from dues.recurrence import Recurrence, Unit
from tests.admin.conftest import entered
from tests.factories import unmatched
from tests.factories.staff import employ
from tests.portal.town import TODAY
from tests.web.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.portal.town import Town

CHARGES: Final = ("Templates and series", "Lines from a table", "Invoices from elsewhere")
PERSONS, BILLS, MONEY = (
    ("Persons", "Memberships"),
    ("Invoices", "Claims"),
    ("Without an invoice", "Bank files", "Bank accounts"),
)
BACK: Final = ("Refunds", "Orders to the bank")
PLACES: Final = {
    "member-officer": {
        *("Today", *PERSONS, "Groups", "Renewals and runs", *CHARGES, *BILLS, "Prices", "Messages", "Set up"),
    },
    "economist": {
        *("Today", *PERSONS, "Groups", "Renewals and runs", *CHARGES, *BILLS, "Prices", *MONEY, "Payments"),
        *(*BACK, "Messages", "Journal", "Reconciliation", "Settled with groups", "Gifts"),
        "Set up",
    },
    "cashier": {"Today", *PERSONS, *CHARGES, *BILLS, *MONEY, "Payments", *BACK},
    "collection-officer": {
        "Today",
        *PERSONS,
        "Renewals and runs",
        *CHARGES,
        *BILLS,
        *MONEY[:1],
        *("Payments", *BACK),
        "Messages",
    },
    "auditor": {
        *("Today", *PERSONS, "Groups", "Renewals and runs", *CHARGES, *BILLS, "Prices", *MONEY, "Payments"),
        *(*BACK, "Messages", "Journal", "Reconciliation", "Settled with groups", "Gifts", "Changes", "Set up"),
        "Staff",
    },
    "support": {"Today", *PERSONS, "Messages"},
    "system-administrator": {
        *("Today", "Groups", "Open a group", "Renewals and runs", "Prices", "Changes", "Set up", "Staff"),
    },
}


@pytest.fixture
def sit(app: Flask, town: Town) -> Callable[..., Browser]:
    """Let somebody with one role sit down at the desk."""

    def begin(role: str, *, group: int | None = None) -> Browser:
        email = f"{role}{group or ''}@roles.example"
        with town.database.unit_of_work(Role.JOBS) as session:
            if session.connection().exec_driver_sql("SELECT 1 FROM staff WHERE email = %s", (email,)).first() is None:
                employ(session, name=role, email=email, roles=[role], group=group)
        return entered(Browser(app), town.database, email=email)

    return begin


def side(desk: Browser) -> set[str]:
    return set(desk.page.xpath("//nav[@aria-label='Places']//a/span[1]/text()"))


@pytest.mark.parametrize("role", PLACES)
def test_the_side_has_the_places_of_a_role_and_each_opens(sit: Callable[..., Browser], role: str) -> None:
    desk = sit(role).get("/admin/")
    assert side(desk) == PLACES[role]
    for address in desk.page.xpath("//nav[@aria-label='Places']//a/@href"):
        desk.get(address)


@pytest.mark.parametrize("role", PLACES)
def test_what_is_not_in_the_side_is_not_there(sit: Callable[..., Browser], role: str) -> None:
    everything = sit("economist").get("/admin/")
    addresses = everything.page.xpath("//nav[@aria-label='Places']//a[span]")
    missing = [one.get("href") for one in addresses if one.xpath("string(span[1])") not in PLACES[role]]
    desk = sit(role)
    for address in missing:
        assert desk.get(address, status=404).heading == "This page is not there"


def test_a_group_administrator_finds_no_desk_but_the_house_of_their_group(
    sit: Callable[..., Browser], town: Town
) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        group = session.scalars(select(Group.id).where(Group.slug == town.slug)).one()
    leader = sit("group-administrator", group=group)
    assert leader.get("/admin/").path == f"/group/{town.slug}/"
    leader.get("/admin/you/")
    assert side(leader) == {"Your groups"}
    for address in ("/admin/persons/", "/admin/invoices/", "/admin/queue/", "/admin/find?q=a", "/admin/setup/"):
        leader.get(address, status=404)


def test_support_sees_a_person_and_no_money_of_theirs(sit: Callable[..., Browser], town: Town) -> None:
    who = unmatched.owing(town)
    desk = sit("cashier").get(f"/admin/find?q={who.reference}")
    assert "To pay" in desk.get(desk.page.xpath("//p[@class='above']/a/@href")[0]).text
    person = desk.path
    support = sit("support").get(person)
    assert who.name in support.heading
    for words in ("To pay", "Next by itself", "SEK"):
        assert words not in support.text
    assert sit("support").get(f"/admin/find?q={who.reference}").heading.startswith("Nothing was found")


def test_an_auditor_reads_every_form_and_sends_none(sit: Callable[..., Browser], town: Town) -> None:
    auditor = sit("auditor")
    for place in ("groups", "creditors", "agreements", "types", "components", "prices", "schedule"):
        rows = auditor.get(f"/admin/setup/{place}/").page.xpath("//main//tbody//td[1]//a/@href")
        assert rows, place
        page = auditor.get(rows[0])
        assert page.page.xpath("//main//fieldset[@disabled]"), place
        assert not page.page.xpath("//main//form//button"), place
        page.submit(form=1, status=404)
        auditor.get(f"/admin/setup/{place}/new/", status=404)
    with town.database.unit_of_work(Role.JOBS) as session:
        creditor = session.scalars(select(Creditor.uuid).limit(1)).one()
    auditor.get(f"/admin/setup/creditors/{creditor}/delete/", status=404)


def test_an_auditor_reads_templates_series_and_tables_and_changes_none(sit: Callable[..., Browser], town: Town) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        group = session.scalars(select(Group).where(Group.slug == town.slug)).one()
        line = WantedLine(Decimal(1), 100, text="Camp", account_id=1)
        kept = save_template(session, group=group, name="Camp", lines=[line], prices={}, language="en")
        calendar = Recurrence(1, Unit.MONTH, TODAY, day=31)
        audience = Audience(group.id)
        series = set_up_series(
            session, template=kept, audience=audience, calendar=calendar, automatic=False, on=TODAY
        ).uuid
        template = kept.uuid
    auditor = sit("auditor")
    for address in ("", f"{template}", f"series/{series}"):
        page = auditor.get(f"/admin/templates/{address}").page
        assert not page.xpath("//main//form"), address
        assert not page.xpath("//main//a[contains(@href, '/edit') or contains(@href, '/new')]"), address
    for address in ("/admin/charges/", "/admin/taken-in/"):
        assert not auditor.get(address).page.xpath("//main//form")
    for address in (f"{template}/edit", "new"):
        auditor.get(f"/admin/templates/{address}", status=404)
