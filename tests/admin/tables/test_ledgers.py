"""The long lists: what an officer looks for is found, narrowed, told in words, and leads to its page."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import select, text, update

from app import create_app
from database.connect import Role
from dues.dates import set_clock
from dues.delivery.models import Message, MessageState
from dues.invoicing.models import Claim
from dues.members.models import Membership, MembershipStatus
from settings import Settings
from tests.admin.conftest import entered
from tests.factories.members import person
from tests.factories.staff import employ
from tests.factories.year import RENEWED, year
from tests.web.browser import Browser
from tests.web.waking import Woken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from database.connect import Database
    from tests.servers import TestServers

LISTS: Final = (
    "persons",
    "memberships",
    "invoices",
    "claims",
    "payments",
    "journal",
    "postings",
    "accounts",
    "messages",
)
TODAY: Final = RENEWED + dt.timedelta(days=2)


@pytest.fixture(scope="module")
def books(servers: TestServers) -> Iterator[Database]:
    """A year of two organisations, with members and claims in every state."""
    with servers.copy() as database:
        year(database.opener(Role.JOBS))
        with database.unit_of_work(Role.JOBS) as session:
            set_clock(session, to=TODAY, real=TODAY)
            employ(session)
            _people(session)
        yield database


def _people(session: Any) -> None:
    person(session, given_name="Anna Maria", family_name="van der Berg", email="anna@berg.example", country="NL")
    person(session, given_name="Anna", family_name="Bergström", email="", born=None)
    person(session, given_name="<b>Ylva</b>", family_name="O'Hara & Co")
    first = session.scalars(select(Membership).order_by(Membership.id)).first()
    first.status = MembershipStatus.RESTING
    message = session.scalars(select(Message).order_by(Message.id)).first()
    message.state, message.error = MessageState.FAILED, "The mailbox is full"


@pytest.fixture(scope="module")
def app(books: Database, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application before these books."""
    folder = str(tmp_path_factory.mktemp("desk"))
    found = Settings.from_env({"KONTINGENT_DATA": folder, "KONTINGENT_BASE_URL": "https://dues.example.org"})
    return create_app(found, database=books, wake=Woken())


@pytest.fixture
def desk(app: Flask, books: Database) -> Browser:
    """Somebody of the staff before these books."""
    return entered(Browser(app), books)


def shown(desk: Browser, column: int = 1) -> list[str]:
    """What stands in a column."""
    cells = desk.page.xpath(f"//main//tbody//td[{column}]")
    return [" ".join(cell.text_content().split()) for cell in cells]


def asked(books: Database, sql: str) -> list[Any]:
    with books.unit_of_work(Role.JOBS) as session:
        return list(session.execute(text(sql)).scalars())


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_and_each_row_leads_somewhere(desk: Browser, name: str) -> None:
    desk.get(f"/admin/{name}/")
    assert shown(desk)
    for address in set(desk.page.xpath("//main//tbody//td//a/@href")):
        desk.get(address)


@pytest.mark.parametrize("name", LISTS)
def test_every_saved_view_and_every_filter_can_be_pressed(desk: Browser, name: str) -> None:
    desk.get(f"/admin/{name}/")
    views = [str(one) for one in desk.page.xpath("//ul[@class='views']//a/@href")]
    written = {str(box.get("name")): "1" for box in desk.page.xpath("//main//input[@type='text']")}
    written |= {str(box.get("name")): "2026-03-10" for box in desk.page.xpath("//main//input[@type='date']")}
    written |= {str(box.get("name")): "y" for box in desk.page.xpath("//main//input[@type='checkbox']")}
    for box in desk.page.xpath("//main//select"):
        written[str(box.get("name"))] = str(box.xpath("option[2]/@value")[0])
    for address in views:
        desk.get(address)
    for key, value in written.items():
        desk.get(f"/admin/{name}/?{key}={value}")
    everything = "&".join(f"{key}={value}" for key, value in written.items())
    desk.get(f"/admin/{name}/?q=a&{everything}")


NONSENSE: Final = ("q=%25%27%22%3B--", "view=no", "sort=password", "creditor=x&least=much&from=2026-99-99&age=1&type=0")


@pytest.mark.parametrize("name", LISTS)
def test_nonsense_in_an_address_is_no_failure(desk: Browser, name: str) -> None:
    for nonsense in NONSENSE:
        desk.get(f"/admin/{name}/?{nonsense}")
        assert "SELECT" not in desk.answer.get_data(as_text=True)
    desk.get(f"/admin/{name}/?q=%00", status=404)
    desk.get(f"/admin/{name}/?after=%00x", status=404)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("anna maria", ["van der Berg, Anna Maria"]),
        ("Berg Anna", ["Bergström, Anna", "van der Berg, Anna Maria"]),
        ("van der Berg", ["van der Berg, Anna Maria"]),
        ("bergström, anna", ["Bergström, Anna"]),
        ("berg", ["Bergström, Anna", "van der Berg, Anna Maria"]),
        ("ANNA@berg", ["van der Berg, Anna Maria"]),
        ("nobody at all", []),
        (",", []),
    ],
)
def test_a_person_is_found_by_any_part_of_the_name_in_any_order(desk: Browser, search: str, found: list[str]) -> None:
    assert shown(desk.get(f"/admin/persons/?q={search}")) == found


def test_a_name_is_text_and_nothing_else(desk: Browser) -> None:
    assert shown(desk.get("/admin/persons/?q=o'hara")) == ["O'Hara & Co, <b>Ylva</b>"]


def test_persons_are_narrowed_by_group_status_country_and_mail(desk: Browser, books: Database) -> None:
    assert shown(desk.get("/admin/persons/?country=NL&q=anna")) == ["van der Berg, Anna Maria"]
    assert shown(desk.get("/admin/persons/?mail=without&q=anna")) == ["Bergström, Anna"]
    assert len(shown(desk.get("/admin/persons/?status=resting"))) == 1
    assert desk.page.xpath("//*[@class='chips']//a[starts-with(., 'Status: Resting')]")
    assert len(shown(desk.get("/admin/persons/?group=nl"))) == 6
    assert shown(desk.get("/admin/persons/?group=nl&status=resting")) == []
    assert desk.get("/admin/persons/?group=nowhere").error_at("group").startswith("Nothing is called so")
    assert asked(books, "SELECT count(*) FROM groups WHERE slug = 'nl'") == [1]


def test_members_stand_in_tabs_by_status(desk: Browser, books: Database) -> None:
    for tab, status in (("active", "active"), ("resting", "resting"), ("applied", "applied")):
        count = asked(books, f"SELECT count(*) FROM membership WHERE status = '{status}'")[0]
        assert len(shown(desk.get(f"/admin/memberships/?view={tab}"))) == count, tab
    assert desk.get("/admin/memberships/?view=ended").text.count("Nothing here at the moment.") == 1


@pytest.mark.parametrize(
    ("view", "fits"),
    [
        ("open", "c.ended IS NULL"),
        ("overdue", f"c.ended IS NULL AND c.due_on < '{TODAY}'"),
        ("part-paid", "c.ended IS NULL AND c.open_amount < c.amount"),
        ("paid", "c.ended = 'paid'"),
        ("credited", "c.ended = 'credited'"),
    ],
)
def test_invoices_stand_in_tabs_by_settlement(desk: Browser, books: Database, view: str, fits: str) -> None:
    wanted = asked(books, f"SELECT i.number FROM claim c JOIN invoice i ON i.id = c.invoice_id WHERE {fits}")
    assert wanted
    assert sorted(shown(desk.get(f"/admin/invoices/?view={view}"))) == sorted(map(str, wanted))


def test_an_invoice_is_found_by_number_reference_and_payer(desk: Browser, books: Database) -> None:
    number, reference, payer, name = _one_invoice(books)
    assert set(shown(desk.get(f"/admin/invoices/?q={number}"))) == {str(number)}
    assert str(number) in shown(desk.get(f"/admin/invoices/?q={reference[:3]} {reference[3:]}"))
    assert str(number) in shown(desk.get(f"/admin/invoices/?q={name}"))
    desk.get(f"/admin/invoices/?payer={payer}")
    assert str(number) in shown(desk)
    assert name in desk.page.xpath("string(//*[@class='chips'])")


def _one_invoice(books: Database) -> tuple[int, str, object, str]:
    with books.unit_of_work(Role.JOBS) as session:
        sql = (
            "SELECT i.number, r.value, p.uuid, p.given_name || ' ' || p.family_name FROM invoice i"
            " JOIN claim c ON c.invoice_id = i.id JOIN payment_reference r ON r.claim_id = c.id"
            " JOIN person p ON p.id = i.payer_id ORDER BY i.id LIMIT 1"
        )
        number, reference, payer, name = session.execute(text(sql)).one()
        return number, reference, payer, name


def test_invoices_are_narrowed_by_kind_day_amount_and_delivery(desk: Browser, books: Database) -> None:
    notes = asked(books, "SELECT number FROM invoice WHERE kind = 'credit note'")
    assert sorted(shown(desk.get("/admin/invoices/?kind=credit note"))) == sorted(map(str, notes))
    assert "Credit note" in desk.text
    day = asked(books, "SELECT min(issued_on) FROM invoice")[0]
    first = asked(books, f"SELECT count(*) FROM invoice WHERE issued_on = '{day}'")[0]
    assert len(shown(desk.get(f"/admin/invoices/?issued-to={day}"))) == first
    assert shown(desk.get("/admin/invoices/?least=500,01")) == []
    assert shown(desk.get("/admin/invoices/?least=499,99&most=500"))
    failed = asked(
        books, "SELECT i.number FROM invoice i JOIN message m ON m.subject_id = i.id WHERE m.state = 'failed'"
    )
    assert shown(desk.get("/admin/invoices/?delivery=failed")) == [str(failed[0])]


NARROWED: Final = {
    "due-from=2026-02-01&due-to=2026-03-31": "i.due_on BETWEEN '2026-02-01' AND '2026-03-31' AND i.kind = 'invoice'",
    "paid-from=2026-01-01&paid-to=2026-12-31": "c.ended = 'paid' AND c.ended_on BETWEEN '2026-01-01' AND '2026-12-31'",
    "level=1": "c.dunning_level = 1",
    "level=0&view=open": "c.dunning_level = 0 AND c.ended IS NULL",
    "delivery=sent": "m.state = 'sent' AND m.channel = 'email'",
    "delivery=printed": "m.state = 'sent' AND m.channel = 'print'",
    "delivery=waiting": "m.state IN ('queued', 'sending')",
    "delivery=none": "m.id IS NULL",
    "type={type}": "ms.type_id = {type}",
    "type={type}&view=overdue&least=1": "ms.type_id = {type} AND c.ended IS NULL AND c.due_on < '{day}'",
    "run={run}": "i.run_id = (SELECT id FROM run WHERE uuid = '{run}')",
    "run={run}&due-from=2025-01-01": "i.run_id = (SELECT id FROM run WHERE uuid = '{run}')",
    "person={person}": "l.person_id = (SELECT id FROM person WHERE uuid = '{person}')",
}
OF_INVOICES: Final = (
    "SELECT DISTINCT i.number, i.creditor_id FROM invoice i LEFT JOIN claim c ON c.invoice_id = i.id"
    " LEFT JOIN invoice_line l ON l.invoice_id = i.id LEFT JOIN membership ms ON ms.id = l.membership_id"
    " LEFT JOIN (SELECT DISTINCT ON (subject_id) * FROM message WHERE kind = 'invoice' ORDER BY subject_id, copy DESC)"
    " m ON m.subject_id = i.id WHERE "
)


@pytest.mark.parametrize("arguments", NARROWED)
def test_invoices_are_found_by_what_became_of_them_and_where_they_come_from(
    desk: Browser, books: Database, arguments: str
) -> None:
    known = {
        "day": TODAY,
        "type": asked(books, "SELECT type_id FROM membership ORDER BY id LIMIT 1")[0],
        "run": asked(books, "SELECT r.uuid FROM run r JOIN invoice i ON i.run_id = r.id ORDER BY i.id LIMIT 1")[0],
        "person": asked(books, "SELECT p.uuid FROM person p JOIN invoice_line l ON l.person_id = p.id LIMIT 1")[0],
    }
    wanted = asked(books, OF_INVOICES + NARROWED[arguments].format(**known))
    found = shown(desk.get(f"/admin/invoices/?{arguments.format(**known)}"))
    assert sorted(found) == sorted(map(str, wanted))


def test_invoices_narrowed_by_due_days_stand_in_their_order(desk: Browser) -> None:
    desk.get("/admin/invoices/?due-to=2026-12-31")
    days = [str(one) for one in desk.page.xpath("//th[@aria-sort='descending']//text()")]
    assert "Due" in " ".join(days)


def test_a_held_invoice_has_a_tab(desk: Browser, books: Database) -> None:
    assert shown(desk.get("/admin/invoices/?view=held")) == []
    held = update(Claim).where(Claim.id == select(Claim.id).where(Claim.ended.is_(None)).limit(1).scalar_subquery())
    with books.unit_of_work(Role.JOBS) as session:
        session.execute(held.values(hold_reason="complaint", held_until=TODAY))
    assert len(shown(desk.get("/admin/invoices/?view=held"))) == 1
    with books.unit_of_work(Role.JOBS) as session:
        session.execute(update(Claim).values(hold_reason=None, held_until=None))


def test_claims_say_how_long_they_are_overdue_and_what_was_done(desk: Browser, books: Database) -> None:
    overdue = asked(books, f"SELECT id FROM claim WHERE ended IS NULL AND due_on < '{TODAY}'")
    reminded = asked(books, "SELECT id FROM claim WHERE ended IS NULL AND dunning_level > 0")
    assert len(shown(desk.get("/admin/claims/?view=overdue"))) == len(overdue) > 0
    assert len(shown(desk.get("/admin/claims/?view=reminded"))) == len(reminded) > 0
    assert "Reminder 1" in desk.text
    assert " days" in desk.text
    late = "SELECT id FROM claim WHERE ended IS NULL AND DATE '{day}' - due_on "
    older = asked(books, late.format(day=TODAY) + "> 90")
    assert len(shown(desk.get("/admin/claims/?age=older"))) == len(older) > 0
    young = asked(books, late.format(day=TODAY) + "BETWEEN 1 AND 30")
    assert len(shown(desk.get("/admin/claims/?age=30"))) == len(young) < len(overdue)
    assert desk.get("/admin/claims/?view=held").text.count("Nothing here at the moment.") == 1


def test_a_held_claim_is_under_what_is_held(desk: Browser, books: Database) -> None:
    held = update(Claim).where(Claim.id == select(Claim.id).where(Claim.ended.is_(None)).limit(1).scalar_subquery())
    with books.unit_of_work(Role.JOBS) as session:
        session.execute(held.values(hold_reason="complaint", held_until=TODAY))
    assert len(shown(desk.get("/admin/claims/?view=held"))) == 1
    assert "Complaint" in desk.text
    with books.unit_of_work(Role.JOBS) as session:
        session.execute(update(Claim).values(hold_reason=None, held_until=None))


def test_payments_say_whether_they_found_their_use(desk: Browser, books: Database) -> None:
    waiting = asked(books, "SELECT payment_id FROM payment_case WHERE closed_at IS NULL")
    every = asked(books, "SELECT id FROM payment")
    assert len(shown(desk.get("/admin/payments/?view=waiting"))) == len(waiting) > 0
    assert len(shown(desk.get("/admin/payments/?view=matched"))) == len(every) - len(waiting) > 0
    assert "Used" in desk.text
    reference = asked(books, "SELECT reference FROM payment p JOIN allocation a ON a.payment_id = p.id LIMIT 1")[0]
    assert shown(desk.get(f"/admin/payments/?q={reference}"))
    file = asked(books, "SELECT f.uuid FROM bank_file f JOIN payment p ON p.file_id = f.id LIMIT 1")[0]
    of_file = asked(books, f"SELECT p.id FROM payment p JOIN bank_file f ON f.id = p.file_id WHERE f.uuid = '{file}'")
    assert len(shown(desk.get(f"/admin/payments/?file={file}"))) == len(of_file)


def test_an_entry_shows_its_postings_and_corrections_are_together(desk: Browser, books: Database) -> None:
    taken_back = asked(books, "SELECT id FROM entry WHERE event = 'allocation taken back'")[0]
    corrections = asked(books, "SELECT id FROM entry WHERE event IN ('allocation taken back', 'credit note')")
    assert len(shown(desk.get("/admin/journal/?view=corrections"))) == len(corrections)
    postings = asked(books, f"SELECT id FROM posting WHERE entry_id = {taken_back}")
    desk.get(f"/admin/journal/{taken_back}")
    assert len(shown(desk)) == len(postings) > 0
    assert "Use of a payment taken back" in desk.text
    for nonsense in ("999999", "99999999999999999999", "x"):
        desk.get(f"/admin/journal/{nonsense}", status=404)


def test_an_account_leads_to_its_postings(desk: Browser, books: Database) -> None:
    account = asked(books, "SELECT debit_account_id FROM posting LIMIT 1")[0]
    its = asked(books, f"SELECT id FROM posting WHERE {account} IN (debit_account_id, credit_account_id)")
    assert len(shown(desk.get(f"/admin/postings/?account={account}"))) == min(len(its), 50)


def test_a_message_that_failed_says_why_and_is_found_by_its_receiver(desk: Browser, books: Database) -> None:
    failed = desk.get("/admin/messages/?view=failed")
    assert len(shown(failed)) == 1
    assert "The mailbox is full" in failed.text
    name = shown(failed)[0]
    assert name in shown(desk.get(f"/admin/messages/?q={name}"))
    assert {one[: len(name)] for one in shown(desk.get(f"/admin/messages/?q={name}"))} == {name}
    address = asked(books, "SELECT address FROM message WHERE state = 'failed'")[0]
    assert name in shown(desk.get(f"/admin/messages/?q={address}"))


def test_no_name_is_written_into_a_mark(desk: Browser) -> None:
    """Where a page begins is said by an id that means nothing to anybody else."""
    desk.get("/admin/persons/")
    for address in desk.page.xpath("//nav[@aria-label='Pages']//a/@href"):
        assert "Ek" not in address


def test_payments_are_found_by_account_person_group_reason_and_amount_together(desk: Browser, books: Database) -> None:
    found = asked(books, "SELECT id FROM bank_agreement WHERE id IN (SELECT agreement_id FROM payment) ORDER BY id")
    for account in found:
        expected = asked(books, f"SELECT id FROM payment WHERE agreement_id = {account}")
        assert len(shown(desk.get(f"/admin/payments/?account={account}"))) == min(len(expected), 50)
    used = "FROM allocation a JOIN claim c ON c.id = a.claim_id JOIN invoice i ON i.id = c.invoice_id"
    person = asked(books, f"SELECT p.uuid {used} JOIN person p ON p.id = c.debtor_id ORDER BY a.id")[0]
    theirs = asked(
        books,
        "SELECT a.payment_id FROM allocation a LEFT JOIN claim c ON c.id = a.claim_id"
        f" JOIN person p ON p.id = coalesce(c.debtor_id, a.person_id) WHERE p.uuid = '{person}' GROUP BY 1",
    )
    assert len(shown(desk.get(f"/admin/payments/?person={person}"))) == len(theirs) > 0
    name, slug, path = asked(books, f"SELECT array[g.name, g.slug, g.path] {used} JOIN groups g ON g.id = i.group_id")[
        0
    ]
    below = asked(
        books, f"SELECT a.payment_id {used} JOIN groups g ON g.id = i.group_id WHERE g.path ^@ '{path}' GROUP BY 1"
    )
    assert len(shown(desk.get(f"/admin/payments/?group={name} ({slug})"))) == min(len(below), 50) > 0
    reason, amount = asked(
        books,
        "SELECT array[c.reason, (p.amount / 100)::text] FROM payment_case c JOIN payment p ON p.id = c.payment_id"
        " WHERE c.closed_at IS NULL AND p.amount > 0 AND p.amount % 100 = 0 ORDER BY p.id LIMIT 1",
    )[0]
    both = f"/admin/payments/?reason={reason}&least={amount}&most={amount}"
    cases = asked(
        books,
        "SELECT p.id FROM payment_case c JOIN payment p ON p.id = c.payment_id"
        f" WHERE c.closed_at IS NULL AND c.reason = '{reason}' AND p.amount = {amount} * 100",
    )
    assert len(shown(desk.get(both))) == len(cases) > 0
    assert shown(desk.get(f"{both}&currency=EUR")) == [] or "EUR" in desk.text
