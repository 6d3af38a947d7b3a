"""What pages of the office say where two creditors stand on one slip."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.payments.aside_models import PaymentAside, Purpose
from dues.payments.became import Became
from dues.payments.models import BankFile
from tests.admin.conftest import entered
from tests.admin.office.test_bill import strip
from tests.factories.runs import issued
from tests.factories.slips import BOTH, DAY, union
from tests.factories.staff import employ
from tests.invoicing.test_slips import invoices, pay
from tests.web.browser import Browser
from tests.web.one_app import before
from tests.web.waking import Woken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from flask import Flask

    from database.connect import Database
    from tests.servers import TestServers

FUND = "fund@example.org"


class Slips(NamedTuple):
    """A slip that was paid: the payment, its file, the two invoices, and an officer of each creditor."""

    database: Database
    payment: int
    file: UUID
    own: UUID
    theirs: UUID


@pytest.fixture(scope="module")
def slips(servers: TestServers) -> Iterator[Slips]:
    """Issued, sent to nobody yet, and paid."""
    with servers.copy() as database:
        jobs = database.opener(Role.JOBS)
        with database.unit_of_work(Role.JOBS) as session:
            there = union(session)
            employ(session)
            employ(session, name="Fund", email=FUND, group=there.fund.group.id)
            session.flush()
            session.expunge_all()
        issued(jobs, on=DAY)
        pay(jobs, there, BOTH)
        with jobs() as session:
            own, theirs = invoices(session, there.person)
            payment = session.scalars(select(PaymentAside.payment_id)).one()
            file = session.scalars(select(BankFile.uuid).where(BankFile.name == "bank.txt")).one()
            yield Slips(database, payment, file, own.uuid, theirs.uuid)


@pytest.fixture
def app(one_app: Flask, slips: Slips) -> Flask:
    """The application before them."""
    return before(one_app, slips.database, Woken())


def test_whatever_is_set_aside_for_has_a_word() -> None:
    assert {one.value for one in Purpose} <= {one.value for one in Became}


def test_a_payment_of_a_slip_is_told_on_every_page(app: Flask, slips: Slips) -> None:
    desk = entered(Browser(app), slips.database)
    for page in (f"/admin/payments/{slips.payment}", "/admin/payments/", f"/admin/bank-files/{slips.file}"):
        desk.get(page)
        assert "Paid a shared slip" in desk.text, page


def test_what_another_collects_says_so_and_is_not_asked_for_twice_unawares(app: Flask, slips: Slips) -> None:
    fund = entered(Browser(app), slips.database, email=FUND)
    assert strip(fund.get(f"/group/fund/invoices/{slips.theirs}"))["Delivery"] == "On another creditor's slip"
    assert "tell the payer to pay one of the two" in fund.get(f"/group/fund/invoices/{slips.theirs}/send").text
    desk = entered(Browser(app), slips.database)
    assert strip(desk.get(f"/admin/invoices/{slips.own}"))["Delivery"].startswith("Waitinge-mail")
    assert "pay one of the two" not in desk.get(f"/admin/invoices/{slips.own}/send").text
    here = f"//a[contains(@href, '{slips.theirs}')]"
    assert desk.get("/admin/invoices/").page.xpath(here)
    assert not desk.get("/admin/invoices/?delivery=none").page.xpath(here)
