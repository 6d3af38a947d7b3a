"""Today: what needs somebody appears at once and is gone at once, and a day with nothing to do looks finished."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select, text

from admin import waits
from database.connect import Role
from dues.actor import AUTOMATIC, Actor
from dues.dates import set_clock
from dues.invoicing.issue import start_issue
from dues.members.models import Person
from dues.overview import waiting
from dues.payments.allocate import allocate
from dues.payments.models import PaymentCase
from dues.payments.take_back import take_back
from tests.admin.conftest import entered
from tests.factories.members import member
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, organisation
from tests.factories.runs import finished, issued
from tests.factories.staff import employ
from tests.portal.town import TODAY
from tests.web.browser import Browser
from tests.web.one_app import before
from tests.web.waking import Woken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from lxml.html import HtmlElement

    from database.connect import Database, OpenSession
    from tests.factories.organisation import Organisation
    from tests.servers import TestServers

OFFICER = Actor("staff", "1")


@pytest.fixture
def database(servers: TestServers) -> Iterator[Database]:
    """A database of each test's own: what others leave waiting would stand on the page, too."""
    with servers.copy() as found:
        with found.unit_of_work(Role.JOBS) as session:
            set_clock(session, to=TODAY, real=TODAY)
            employ(session, name="Siv Nyberg")
        yield found


@pytest.fixture
def desk(one_app: Flask, database: Database) -> Browser:
    """Siv, before a day of hers."""
    return entered(Browser(before(one_app, database, Woken())), database).get("/admin/")


@pytest.fixture
def opened(database: Database) -> OpenSession:
    return database.opener(Role.JOBS)


@pytest.fixture
def made(database: Database) -> Organisation:
    """An organisation with one member."""
    with database.unit_of_work(Role.JOBS) as session:
        found = organisation(session)
        session.expire_on_commit = False
        member(session, found, joined_on=TODAY)
    return found


def rows(desk: Browser) -> list[tuple[str, str, str]]:
    """Count, words and badge of each task."""
    found = desk.get("/admin/").page.xpath("//*[@class='tasks']/li")
    return [(_part(row, "task-count"), _part(row, "task-name"), _part(row, "badge")) for row in found]


def _part(row: HtmlElement, name: str) -> str:
    return words(row.xpath(f".//*[contains(@class, '{name}')]")[0])


def words(element: HtmlElement) -> str:
    """What an element says, with a blank between its parts."""
    return " ".join(" ".join(element.itertext()).split())


def side(desk: Browser, place: str) -> str:
    """What stands beside a place in the side."""
    link = desk.page.xpath("//nav[@aria-label='Places']//a[span[1]=$place]", place=place)[0]
    return " ".join(link.xpath("string(span[@class='waiting']/text())").split())


def said(desk: Browser, section: str) -> str:
    """What a section says."""
    return words(desk.page.xpath("//section[@aria-labelledby=$id]", id=section)[0])


def test_a_new_house_is_told_its_first_steps(desk: Browser, database: Database) -> None:
    page = desk.get("/admin/")
    assert page.text.count("Enter your groups") == 1
    assert page.page.xpath("count(//ol[@class='begin']/li[@class='taken'])") == 0
    assert not page.page.xpath("//*[@id='needs']")
    with database.unit_of_work(Role.JOBS) as session:
        organisation(session)
    taken = desk.get("/admin/").page.xpath("//li[@class='taken']//p[@class='begin-words']")
    assert len(taken) == 3


@pytest.mark.usefixtures("made")
def test_a_day_with_nothing_to_do_looks_finished(desk: Browser) -> None:
    page = desk.get("/admin/")
    assert "Siv. It is Sunday, 22 November 2026. Nothing needs you." in page.text
    assert "Nothing needs you today" in said(desk, "needs")
    assert "Last looked at" in said(desk, "needs")
    assert "Nobody owes anything" in page.text


def test_an_action_changes_the_counts_at_once(
    desk: Browser, database: Database, opened: OpenSession, made: Organisation
) -> None:
    issued(opened, on=TODAY)
    claim = owed(opened)[0][0]
    banked(opened, camt(made.agreement, [paid(FEE), paid(100)], on=TODAY), on=TODAY)
    assert rows(desk) == [("2", "Payments without an invoice", "Of today")]
    assert side(desk, "Without an invoice") == "2"
    with database.unit_of_work(Role.JOBS) as session:
        payment = session.scalars(select(PaymentCase.payment_id).order_by(PaymentCase.payment_id)).first() or 0
        used = allocate(session, payment_id=payment, claim_id=claim, amount=None, on=TODAY, by=OFFICER)
    assert rows(desk) == [("1", "Payment without an invoice", "Of today")]
    assert side(desk, "Without an invoice") == "1"
    assert side(desk.get("/admin/you/"), "Without an invoice") == "1"
    with database.unit_of_work(Role.JOBS) as session:
        take_back(session, allocation_id=used.allocation_id, on=TODAY, by=OFFICER)
    assert side(desk.get("/admin/you/"), "Without an invoice") == "2"


def test_a_row_says_why_it_matters_and_leads_to_the_work(
    desk: Browser, opened: OpenSession, made: Organisation
) -> None:
    issued(opened, on=TODAY)
    reference = owed(opened)[0][1]
    on = TODAY - dt.timedelta(days=3)
    banked(opened, camt(made.agreement, [paid(100, reference)], on=on), on=TODAY)
    assert rows(desk) == [("1", "Payment without an invoice", "Oldest 3 days")]
    (row,) = desk.page.xpath("//*[@class='tasks']/li/a")
    assert row.get("href").startswith("/admin/queue")
    assert "The oldest came in on 19 November 2026. One quotes an invoice that we know." in said(desk, "needs")


@pytest.mark.usefixtures("made")
def test_a_preview_waits_for_whoever_confirms_it(desk: Browser, opened: OpenSession) -> None:
    issued(opened, on=TODAY, confirmed=False)
    assert rows(desk) == [("1", "Run that waits to be confirmed", "Ready to confirm")]
    assert side(desk, "Renewals and runs") == "1"
    assert "One thing needs you." in desk.text


def test_where_counting_ends_it_is_said_that_there_are_more(
    desk: Browser, opened: OpenSession, made: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MOST", 3)
    monkeypatch.setattr(waits, "MOST", 3)
    banked(opened, camt(made.agreement, [paid(100) for _ in range(5)], on=TODAY), on=TODAY)
    assert rows(desk)[0][0] == "2+"
    assert side(desk, "Without an invoice") == "2+"


def test_the_night_is_told_in_words_and_numbers(
    desk: Browser, database: Database, opened: OpenSession, made: Organisation
) -> None:
    with database.unit_of_work(Role.JOBS) as session:
        lost = session.get_one(Person, member(session, made, joined_on=TODAY).person_id)
        lost.email = lost.street = lost.postcode = ""
        run = start_issue(session, on=TODAY, by=AUTOMATIC, confirmed=True).id
    finished(opened, run)
    desk.get("/admin/")
    assert "Renewals One invoice was issued. One membership was left out. Done, rows to mend" in said(desk, "night")
    assert "The night's work is done. One thing needs you." in desk.text
    assert rows(desk) == [("1", "Member who could not be invoiced", "To mend")]
    with database.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=TODAY + dt.timedelta(days=1), real=TODAY)
    assert rows(desk)[0] == ("1", "The night's work was not done", "Stopped")
    assert "The night's work was not done. 2 things need you." in desk.text


def test_money_is_told_as_a_sentence_a_picture_and_a_table(
    desk: Browser, opened: OpenSession, made: Organisation
) -> None:
    for days, amount in ((0, 30000), (7, 30000), (60, 40000)):
        on = TODAY - dt.timedelta(days=days)
        banked(opened, camt(made.agreement, [paid(amount)], on=on), on=TODAY, name=f"{days}.xml")
    desk.get("/admin/")
    (section,) = desk.page.xpath("//*[@aria-labelledby='money-SEK']")
    assert "SEK 600.00 came in over the last 8 weeks, 50% more than in the 8 before." in said(desk, "money-SEK")
    bars = [(bar.get("class"), int(bar.get("height"))) for bar in section.xpath(".//*[local-name()='rect']")]
    assert [height for kind, height in bars if kind == "bar now"] == [0, 0, 0, 0, 0, 0, 75, 75]
    assert [height for kind, height in bars if kind == "bar before"] == [0, 0, 0, 0, 0, 0, 0, 100]
    over = [item.text or "" for item in section.xpath(".//ol[contains(@class, 'over')]/li")]
    assert over == ["", "", "", "", "", "", "300", "300"]
    assert words(section.xpath(".//tbody/tr[last()]")[0]) == "16 Nov 2026 300.00 SEK 21 Sept 2026 400.00 SEK"


def test_currencies_are_never_added_up(desk: Browser, opened: OpenSession, made: Organisation) -> None:
    banked(opened, camt(made.agreement, [paid(30000)], on=TODAY), on=TODAY, name="sek.xml")
    banked(opened, camt(made.agreement, [paid(500)], on=TODAY, currency="EUR"), on=TODAY, name="eur.xml")
    desk.get("/admin/")
    assert "€5.00 came in over the last 8 weeks, and nothing in the 8 before." in said(desk, "money-EUR")
    assert "SEK 300.00 came in over the last 8 weeks" in said(desk, "money-SEK")
    assert desk.page.xpath("//h2[@id='ages-EUR']/text()") == ["Open by age in EUR"]


@pytest.mark.usefixtures("made")
def test_what_is_open_is_told_by_age(desk: Browser, database: Database, opened: OpenSession) -> None:
    issued(opened, on=TODAY)
    desk.get("/admin/")
    assert "Not due 1 500.00" in said(desk, "ages-SEK")
    with database.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=TODAY + dt.timedelta(days=61), real=TODAY)
    desk.get("/admin/")
    assert "Not due 0 0.00 1–30 days 0 0.00 31–60 days 1 500.00" in said(desk, "ages-SEK")
    assert "Altogether 1 500.00" in said(desk, "ages-SEK")


def test_the_page_asks_the_database_equally_often_however_much_there_is(
    desk: Browser, database: Database, opened: OpenSession, made: Organisation
) -> None:
    def asked() -> int:
        count = []
        engine = database.engine(Role.STAFF)
        event.listen(engine, "before_cursor_execute", listener := lambda *_: count.append(1))
        desk.get("/admin/")
        event.remove(engine, "before_cursor_execute", listener)
        return len(count)

    before = asked()
    issued(opened, on=TODAY)
    banked(opened, camt(made.agreement, [paid(100) for _ in range(20)], on=TODAY), on=TODAY)
    assert asked() == before
    assert before <= 13  # three of them say who asks, what they may do, and what waits for a second person


def test_a_house_without_a_clock_still_has_a_shell(desk: Browser, database: Database) -> None:
    with database.unit_of_work(Role.JOBS) as session:
        session.execute(text("DELETE FROM business_clock"))
    assert desk.get("/admin/you/").heading == "You"
