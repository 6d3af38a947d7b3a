"""Refunds at the desk: a person's credit proposed, approved by two, ordered once, and downloaded; funds and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.groups.limits import set_limits
from dues.groups.models import Creditor, Overpaid
from dues.invoicing.models import Claim
from dues.journal.fund_models import Fund
from dues.members.models import Person
from dues.payments.gifts.give import give
from dues.payments.keep import keep
from dues.payments.overpaid import set_overpaid
from dues.payments.refunds.models import Refund, RefundState
from tests.admin.conftest import entered
from tests.factories import unmatched
from tests.factories.runs import finished
from tests.factories.staff import employ
from tests.portal.town import TODAY
from tests.web.browser import Browser

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Flask

    from tests.portal.town import Town
    from tests.web.waking import Woken


def credited(town: Town, amount: int) -> UUID:
    """Somebody with credit; what addresses call them."""
    who = unmatched.owing(town)
    payment = unmatched.came(town, amount)
    with town.database.unit_of_work(Role.JOBS) as session:
        person = session.get_one(Person, session.get_one(Claim, who.claim).debtor_id)
        keep(session, payment_id=payment, person_id=person.id, amount=None, on=TODAY, by=COMMAND_LINE)
        return person.uuid


def newest(town: Town) -> Refund:
    with town.database.opener(Role.JOBS)() as session:
        found = session.scalars(select(Refund).order_by(Refund.id.desc())).first()
        assert found is not None
        session.expunge(found)
        return found


def press(browser: Browser, ending: str, **fields: Any) -> Browser:
    """Press the button of the form whose address ends so."""
    sent = [form for form in browser.page.forms if form.method == "POST"]
    return browser.submit(form=next(at for at, one in enumerate(sent) if one.action.endswith(ending)), **fields)


def test_credit_goes_back_by_two_persons_and_one_file(app: Flask, town: Town, woken: Woken) -> None:
    person = credited(town, 300_00)
    with town.database.unit_of_work(Role.JOBS) as session:
        set_limits(session, creditor_id=town.creditor, refund=100_00, write_off=None)
        for name in ("one", "two"):
            employ(session, name=name, email=f"{name}@refund.example", roles=["economist"])
    first, other = (entered(Browser(app), town.database, email=f"{name}@refund.example") for name in ("one", "two"))
    first.get(f"/admin/refunds/of/{person}")
    press(first, str(person), amount="400", account="1234")
    assert "at most" in first.error_at("amount")
    assert "no account number" in first.error_at("account")
    press(first, str(person), amount="250", account="", name="Åsa")
    assert first.heading.startswith("Refund of 250.00")
    assert "Account not known yet" in first.text
    press(first, "/ask")
    assert "on its way by e-mail" in first.text
    press(first, "/account", account="5050-1055")
    assert "BG 5050-1055" in first.text
    press(first, "/approve")
    assert "second person" in first.text
    assert newest(town).state is RefundState.PROPOSED
    other.get("/admin/approvals/")
    assert "Pay back to Åsa" in other.text
    wish = other.page.xpath("//article[contains(., 'Pay back to Åsa')]//form[contains(@action, '/agree')]")[0]
    press(other, wish.action)
    assert newest(town).state is RefundState.APPROVED

    first.get("/admin/refunds/orders/")
    assert "Order 1 refund, 250.00" in first.text
    press(first, "/orders/")
    finished(town.database.opener(Role.JOBS), woken.runs[-1])
    first.get("/admin/refunds/orders/")
    assert "Nothing approved waits" in first.text
    address = first.page.xpath("string(//a[contains(@href, '.xml')]/@href)")
    files = [first._client.get(address, environ_base=first._environ).data for _time in range(2)]
    assert files[0] == files[1]
    assert b"<InstdAmt" in files[0]
    refund = newest(town)
    assert (refund.end_to_end_id or "").encode() in files[0]
    assert "On its way" in first.get(f"/admin/refunds/{refund.uuid}").text
    assert "BG 5050-1055" in first.get("/admin/refunds/?q=50501055&view=sent").text
    with town.database.unit_of_work(Role.JOBS) as session:
        set_limits(session, creditor_id=town.creditor, refund=None, write_off=None)


def report_of_norway(desk: Browser, town: Town, path: str) -> bytes:
    """The report as if the creditor were Norwegian: first it lacks a number, then it is sent."""
    assert desk._client.get(path, environ_base=desk._environ).status_code == 404
    with town.database.unit_of_work(Role.JOBS) as session:
        creditor = session.get_one(Creditor, town.creditor)
        kept = {name: getattr(creditor, name) for name in ("country", "org_number", "phone")}
        creditor.country, creditor.org_number = "NO", "1"
    assert "Organisation number" in desk.get(path).text
    with town.database.unit_of_work(Role.JOBS) as session:
        creditor = session.get_one(Creditor, town.creditor)
        creditor.org_number, creditor.phone = "974760673", "22334455"
    sent = bytes(desk._client.get(path, environ_base=desk._environ).data)
    with town.database.unit_of_work(Role.JOBS) as session:
        for name, value in kept.items():
            setattr(session.get_one(Creditor, town.creditor), name, value)
    return sent


def test_gifts_are_set_up_and_told_of_a_year(desk: Browser, town: Town) -> None:
    desk.get("/admin/setup/funds/new/").submit(form=1, creditor="Riks", **cast("Any", {"names-en": "Organ"}))
    assert "Organ" in desk.text
    with town.database.opener(Role.JOBS)() as session:
        slug = session.scalars(select(Creditor.uuid).where(Creditor.id == town.creditor)).one()
        fund = session.scalars(select(Fund).where(Fund.creditor_id == town.creditor)).one()
        session.expunge(fund)
    person = credited(town, 80_00)
    with town.database.unit_of_work(Role.JOBS) as session:
        person_id = session.scalars(select(Person.id).where(Person.uuid == person)).one()
        told = {"creditor_id": town.creditor, "person_id": person_id, "fund_id": fund.id, "currency": "SEK"}
        give(session, amount=80_00, on=TODAY, by=COMMAND_LINE, **told)  # type: ignore[arg-type]
    desk.get(f"/admin/setup/overpaid/{slug}/")
    desk.submit(form=1, overpaid="gift", fund="", tolerance="")
    assert "own funds" in desk.error_at("fund")
    desk.submit(form=1, overpaid="gift", fund=str(fund.id), tolerance="0.50")
    with town.database.unit_of_work(Role.JOBS) as session:
        creditor = session.get_one(Creditor, town.creditor)
        assert (creditor.overpaid, creditor.gift_fund_id, creditor.tolerance) == (Overpaid.GIFT, fund.id, 50)
        assert session.scalars(select(Fund.closed)).all() == [False]
        set_overpaid(session, creditor_id=town.creditor, overpaid=Overpaid.ASK, fund_id=None, tolerance=0)
    desk.get(f"/admin/gifts/?year={TODAY.year}")
    assert "Not known" in desk.text
    desk.get(f"/admin/gifts/{slug}/{TODAY.year}/{person}")
    press(desk, "/identity", identity="123")
    assert "no identity number" in desk.error_at("identity")
    press(desk, "/identity", identity="880320-0016")
    report = desk._client.get(f"/admin/gifts/{slug}/{TODAY.year}/report.csv", environ_base=desk._environ)
    assert "880320-0016" in report.data.decode()
    xml = report_of_norway(desk, town, f"/admin/gifts/{slug}/{TODAY.year}/report.xml")
    assert b"<leveransetype>ingenoppgaver</leveransetype>" in xml  # who gave Swedish kronor is none of Norway's
    statement = desk._client.get(f"/admin/gifts/{slug}/{TODAY.year}/{person}/statement.pdf", environ_base=desk._environ)
    assert statement.data.startswith(b"%PDF")
