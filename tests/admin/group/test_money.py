"""The money of a group in its own house: its bank file, what finds no invoice, its account, and what is owed to it."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from sqlalchemy import select

from database.connect import Role
from dues.access.models import Approval
from dues.actor import COMMAND_LINE
from dues.delivery.models import Message
from dues.groups.models import BankAgreement, Creditor
from dues.members.models import Person
from dues.payments.accept import accept
from dues.payments.gifts.funds import add_fund
from dues.payments.gifts.give import give
from dues.payments.keep import keep
from dues.payments.models import Payment
from dues.payments.refunds.propose import propose
from dues.settling.models import Settlement
from dues.settling.settle import settle
from tests.admin.group.homes import agree_to_all, press, sung
from tests.admin.office.desk_work import billed, pays
from tests.factories.money import camt, paid
from tests.factories.organisation import FEE, LOCAL_FEE
from tests.factories.runs import finished
from tests.portal.town import TODAY
from tests.web.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from tests.admin.group.homes import Home
    from tests.portal.town import Town
    from tests.web.waking import Woken


def bring(browser: Browser, path: str, file: BytesIO, name: str) -> Browser:
    """Send a bank file."""
    browser.get(path)
    token = browser.page.xpath("string(//form[@id='upload']//input[@name='csrf_token']/@value)")
    return browser.post(path, csrf_token=token, files=(file, name))  # type: ignore[arg-type]  # a file beside fields


def test_a_group_takes_in_the_file_of_its_own_account_and_no_other(
    homes: tuple[Home, Home], town: Town, come: Callable[..., Browser], woken: Woken
) -> None:
    home, other = homes
    leader, beside = come(home.slug), come(other.slug)
    member = sung(town, home)
    place = f"/group/{home.slug}/money/bank-files/"
    mine = camt(home.agreement, [paid(FEE, member.reference), paid(777, message="For the choir")], on=TODAY)
    page = bring(leader, place, mine, "ours.xml")
    assert "What became of your files" in page.text, page.text
    while woken.runs:
        finished(town.database.opener(Role.JOBS), woken.runs.pop(0))
    file = page.get(place).page.xpath("//table//a/@href")[0]
    assert "Kim Ek" in page.get(file).text
    beside.get(file.replace(home.slug, other.slug), status=404)
    beside.get(file, status=404)
    theirs = camt(other.agreement, [paid(500)], on=TODAY)
    refused = bring(leader, place, theirs, "theirs.xml")
    assert "none of ours" in refused.text
    with town.database.unit_of_work(Role.JOBS) as session:
        theirs_came = select(Payment.id).where(Payment.creditor_id == other.creditor_id, Payment.amount == 500)
        assert session.scalar(theirs_came) is None

    queue = leader.get(f"/group/{home.slug}/money/queue/")
    assert "7.77" in queue.text
    case = queue.page.xpath("//ul[@class='bench-rows']//a/@href")[0]
    beside.get(case.replace(home.slug, other.slug), status=404)
    found = leader.get(f"{case}/find?find=Ek".replace("?choice=", "?"))
    assert member.name in found.text
    choose = found.page.xpath("//a[contains(@href, 'credit-')]/@href")[0]
    booked = press(leader.get(choose), "Book 7.77 SEK")
    assert "7.77 SEK booked" in booked.text, booked.text
    money = leader.get(f"/group/{home.slug}/money/")
    assert "Every payment has found its invoice." in money.text
    assert home.account in money.text


def test_nobody_is_found_for_a_payment_who_is_not_known_in_the_group(
    homes: tuple[Home, Home], town: Town, come: Callable[..., Browser]
) -> None:
    home, other = homes
    stranger = sung(town, other)
    with town.database.unit_of_work(Role.JOBS) as session:
        finished_run = _came(session, home)
    finished(town.database.opener(Role.JOBS), finished_run)
    leader = come(home.slug)
    with town.database.unit_of_work(Role.JOBS) as session:
        payment = session.scalars(select(Payment.id).where(Payment.amount == 991)).one()
    case = f"/group/{home.slug}/money/queue/{payment}"
    assert stranger.name not in leader.get(f"{case}/find?find={stranger.name.rpartition(' ')[2]}").text
    come(other.slug).get(f"/group/{other.slug}/money/queue/{payment}", status=404)
    with town.database.unit_of_work(Role.JOBS) as session:
        someone = session.scalars(select(Message.person_id).where(Message.person_id == stranger.person_id)).first()
    assert someone == stranger.person_id


def _came(session: Session, home: Home) -> int:
    file = camt(home.agreement, [paid(991)], on=TODAY)
    return accept(session, stream=file, name="991.xml", on=TODAY, by=COMMAND_LINE).run_id


def test_another_account_waits_for_a_second_person_and_all_are_told(
    homes: tuple[Home, Home], town: Town, come: Callable[..., Browser], desk: Browser
) -> None:
    home = homes[0]
    leader = come(home.slug)
    page = leader.get(f"/group/{home.slug}/money/account/")
    assert home.account in page.text
    page = press(page, "Send to a second person for approval", scheme="BGNR", number="550-0047")
    assert page.error_at("number").startswith("This number cannot be right")
    page = press(page, "Send to a second person for approval", scheme="BGNR", number="550-0046")
    assert "changes when a second person agrees" in page.text
    assert "Somebody else than you must agree." in page.text
    with town.database.unit_of_work(Role.JOBS) as session:
        waits = session.scalars(select(Approval).where(Approval.kind == "account", Approval.state == "waiting")).one()
        told = set(
            session.scalars(select(Message.address).where(Message.kind == "approval", Message.subject_id == waits.id))
        )
        assert told >= {"leader@alto.example", "clerk@example.org", "group-administrator@alto.example"}
    assert home.account in leader.get(f"/group/{home.slug}/money/").text
    agree_to_all(desk)
    assert "550-0046" in leader.get(f"/group/{home.slug}/money/").text
    with town.database.unit_of_work(Role.JOBS) as session:
        old = session.scalars(select(BankAgreement).where(BankAgreement.number == "5500004")).one()
        new = session.scalars(select(BankAgreement).where(BankAgreement.number == "5500046")).one()
        new.preferred = False
        session.flush()
        old.preferred = True


def test_an_account_of_a_creditor_one_cannot_see_is_refused_beside_the_field_and_names_nobody(
    homes: tuple[Home, Home], town: Town, come: Callable[..., Browser]
) -> None:
    home, other = homes
    with town.database.unit_of_work(Role.JOBS) as session:
        central = session.scalars(select(BankAgreement).where(BankAgreement.creditor_id == town.creditor)).first()
        assert central is not None
        taken = [("BGNR", other.agreement.number), (central.scheme, central.number)]
    leader = come(home.slug)
    for scheme, number in taken:
        page = leader.get(f"/group/{home.slug}/money/account/")
        page = press(page, "Send to a second person for approval", scheme=scheme, number=number)
        assert page.error_at("number") == "This account is used by another creditor already."
        for name in (other.name, f"{other.name} association", "Riksförbundet"):
            assert name not in page.page.xpath("string(//main)")
    page = press(page, "Send to a second person for approval", scheme="BGNR", number=home.account)
    assert page.error_at("number") == "Another bank agreement has this account in this currency."
    with town.database.unit_of_work(Role.JOBS) as session:
        wanted = select(BankAgreement.number).where(BankAgreement.creditor_id == home.creditor_id)
        assert not {number for _scheme, number in taken} & set(session.scalars(wanted))


def test_what_was_collected_for_a_group_is_settled_by_the_centre_and_read_in_its_house(
    town: Town, leader: Browser, sibling: Browser, desk: Browser
) -> None:
    member = billed(town)
    pays(town, FEE, member.reference)
    page = leader.get(f"/group/{town.slug}/money/")
    assert "200.00" in page.text
    assert "Riksförbundet" in page.text
    with town.database.unit_of_work(Role.JOBS) as session:
        creditor = session.get_one(Creditor, town.creditor).uuid
    page = desk.get(f"/admin/settlements/?creditor={creditor}")
    settled = desk.submit(form=1)
    assert "Settled" in settled.text
    with town.database.unit_of_work(Role.JOBS) as session:
        row = session.scalars(select(Settlement).where(Settlement.creditor_id == town.creditor)).all()[-1]
        assert row.amount % LOCAL_FEE == 0
        assert settle(session, creditor_id=town.creditor, through=TODAY, on=TODAY, by=COMMAND_LINE) == []
        address = row.uuid
    page = leader.get(f"/group/{town.slug}/money/")
    assert "Settled with you" in page.text
    assert leader.get(f"/group/{town.slug}/money/settlements/{address}").heading.startswith("Settlement with")
    sibling.get(f"/group/{town.other}/money/settlements/{address}", status=404)


def test_a_house_reads_what_goes_back_and_what_was_given_from_its_own_books(
    homes: tuple[Home, Home], town: Town, come: Callable[..., Browser], leader: Browser
) -> None:
    home, other = homes
    who = sung(town, home)
    with town.database.unit_of_work(Role.JOBS) as session:
        payment = accept(
            session, stream=camt(home.agreement, [paid(90_00)], on=TODAY), name="g.xml", on=TODAY, by=COMMAND_LINE
        )
    finished(town.database.opener(Role.JOBS), payment.run_id)
    with town.database.unit_of_work(Role.JOBS) as session:
        came = session.scalars(
            select(Payment.id).where(Payment.amount == 90_00, Payment.creditor_id == home.creditor_id)
        ).one()
        whose = {"person_id": who.person_id, "on": TODAY, "by": COMMAND_LINE}
        keep(session, payment_id=came, amount=None, **whose)  # type: ignore[arg-type]  # the same terms
        fund = add_fund(session, creditor_id=home.creditor_id, names={"en": "Robes"}).id
        told = {"creditor_id": home.creditor_id, "currency": "SEK", **whose}
        give(session, fund_id=fund, amount=60_00, **told)  # type: ignore[arg-type]
        propose(session, payment_id=None, amount=30_00, name=who.name, account=None, reason="left over", **told)  # type: ignore[arg-type]
    place = f"/group/{home.slug}/money/back-and-given/"
    page = come(home.slug).get(f"/group/{home.slug}/money/")
    assert place in page.page.xpath("//a/@href")
    page.get(place)
    for said in (who.name, "60.00", "30.00", "left over", "Proposed", f"Gifts in {TODAY.year}"):
        assert said in page.text, said
    answer = page.get(page.page.xpath("//a[contains(@href, 'statement.pdf')]/@href")[0]).answer
    assert answer.data.startswith(b"%PDF")
    beside = come(other.slug)
    assert who.name not in beside.get(place.replace(home.slug, other.slug)).text
    beside.get(place, status=404)
    assert "no books of your own" in leader.get(f"/group/{town.slug}/money/back-and-given/").text


def test_every_room_of_money_and_look_is_shut_to_a_sibling(
    homes: tuple[Home, Home], come: Callable[..., Browser]
) -> None:
    home, other = homes
    beside = come(other.slug)
    rooms = ("money/", "money/account/", "money/queue/", "money/bank-files/", "look/", "look/texts/", "look/prices/")
    for room in (*rooms, "look/sender/"):
        beside.get(f"/group/{home.slug}/{room}", status=404)
        beside.get(f"/group/{other.slug}/{room}")
    for room in ("look/", "look/texts/", "look/sender/", "money/account/"):
        beside.post(f"/group/{home.slug}/{room}", status=400)  # without a token nothing is even looked at


def test_a_house_registers_cash_for_its_own_members(
    homes: tuple[Home, Home], town: Town, come: Callable[..., Browser]
) -> None:
    home, other = homes
    who = sung(town, home)
    leader = come(home.slug)
    with town.database.unit_of_work(Role.JOBS) as session:
        person = session.get_one(Person, who.person_id).uuid
    come(other.slug).get(f"/group/{other.slug}/members/{person}/receive", status=404)
    leader.get(f"/group/{home.slug}/members/{person}/receive")
    leader.submit(form=[one.get("id") for one in leader.page.forms if one.method == "POST"].index("receive"))
    assert leader.heading.startswith("Receipt ")
    assert who.name in leader.text
    receipt = leader.path
    come(other.slug).get(receipt.replace(home.slug, other.slug), status=404)
    press(leader.get(receipt), "Withdraw: registered by mistake")
    assert "Withdrawn: this receipt is void." in leader.text
