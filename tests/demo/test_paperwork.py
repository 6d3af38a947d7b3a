"""The paperwork of the demonstration: each kind of invoice is there, the books agree, and it is the same each time."""

import datetime as dt
from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy.orm import Session

import tests.factories.runs  # noqa: F401 -- binds what does the work of each kind of run
from database.connect import Database, Role
from dues.dates import set_clock
from dues.demo.build import build
from dues.demo.desks import take_in
from dues.demo.paperwork.diary import FEWEST_MEMBERS, keep_diary
from dues.journal.verify import verify
from dues.payments.models import CaseReason
from tests.demo.test_build import figure, rows
from tests.servers import TestServers

TODAY = dt.date(2026, 11, 22)
MEMBERS = 500
MOST = 160
"""Documents there may be: a few dozen, whatever the size of the organisation."""


def filled(database: Database, *, members: int = MEMBERS, seed: int = 1) -> None:
    """Build a demonstration with its staff and its paperwork."""
    with database.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=TODAY, real=TODAY)
        build(session, members=members, seed=seed, today=TODAY)
        take_in(session, on=TODAY)
    jobs, staff = database.opener(Role.JOBS), partial(database.unit_of_work, Role.STAFF)
    keep_diary(jobs, partial(database.unit_of_work, Role.JOBS), staff, today=TODAY, seed=seed)


@pytest.fixture(scope="module")
def demonstration(servers: TestServers) -> Iterator[Database]:
    """A demonstration of 500 members, made once for the tests that only look at it."""
    with servers.copy() as database:
        filled(database)
        yield database


@pytest.fixture
def season(demonstration: Database) -> Iterator[Session]:
    with demonstration.unit_of_work(Role.JOBS) as session:
        yield session


def _runs(kind: str, state: str) -> str:
    return f"FROM run WHERE kind = '{kind}' AND state = '{state}'"


_OF_RUNS = "FROM invoice i JOIN run r ON r.id = i.run_id JOIN claim c ON c.invoice_id = i.id"
_SOLD = "FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id WHERE i.run_id IS NULL AND i.kind = 'invoice'"
_NOTES = "FROM invoice n JOIN invoice i ON i.id = n.credits_id WHERE n.kind = 'credit note'"
_FREED = "FROM membership m JOIN fee_period f ON f.membership_id = m.id AND f.state = 'released'"

KINDS = {
    "a product sold to one person": f"{_SOLD} AND l.product_id IS NOT NULL AND l.vat_rate > 0",
    "a line in words of one's own that takes something off": f"{_SOLD} AND l.product_id IS NULL AND l.amount < 0",
    "a template that follows the library": "FROM invoice_template WHERE lines @> '[{\"price\": null}]'",
    "invoices of a bulk run that were paid": f"{_OF_RUNS} WHERE r.kind = 'bulk' AND c.ended = 'paid'",
    "invoices of a bulk run that were reminded of": f"{_OF_RUNS} WHERE r.kind = 'bulk' AND c.dunning_level = 1",
    "a complaint": "FROM claim_hold WHERE reason = 'complaint'",
    "an automatic series that was sent twice": "FROM invoice_series s JOIN series_day d ON d.series_id = s.id"
    " JOIN run r ON r.id = d.run_id AND r.state = 'done' WHERE s.automatic GROUP BY s.id HAVING count(*) = 2",
    "an open series whose day waits": "FROM invoice_series s JOIN series_day d ON d.series_id = s.id"
    " JOIN run r ON r.id = d.run_id AND r.state = 'ready' WHERE NOT s.automatic",
    "lines from a table": f"{_OF_RUNS} JOIN charge_file f ON f.run_id = r.id",
    "a table with mistakes": "FROM charge_file f JOIN charge_fault w ON w.run_id = f.run_id",
    "a credit note in part": f"{_NOTES} AND n.amount < i.amount",
    "a whole credit note that was sent": f"{_NOTES} AND n.amount = i.amount AND NOT n.withdraws AND n.run_id IS NULL",
    "an invoice cancelled before it was sent": f"{_NOTES} AND n.withdraws",
    "an invoice written anew": "FROM invoice WHERE replaces_id IS NOT NULL",
    "a membership that ended, and whose next year was credited": f"{_FREED} WHERE m.status = 'left'",
    "somebody who left with credit": "FROM credit WHERE balance > 0",
    "somebody who died, and whose next year was credited": f"{_FREED} WHERE m.status = 'deceased'",
    "a run that was undone": _runs("undo", "done"),
    "a renewal run that waits": _runs("invoices", "ready"),
    "a renewal that was paid": f"{_OF_RUNS} WHERE r.kind = 'invoices' AND c.ended = 'paid' AND i.currency = 'SEK'",
    "a creditor with a layout of its own": "FROM creditor WHERE layout ->> 'grouping' = 'member'",
    "words of a creditor's own": "FROM own_text WHERE language = 'nl' AND ended_at IS NULL",
    "a parent in Switzerland who pays for a child": "FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id"
    " WHERE i.currency = 'CHF' AND l.member_name <> ''",
    "one invoice for a parent and a child": "FROM invoice_line GROUP BY invoice_id"
    " HAVING count(DISTINCT person_id) = 2",
    "an invoice in instalments, of which the first is paid": "FROM claim"
    " WHERE parts = 3 AND position = 1 AND ended = 'paid'",
    "invoices of another system: open, paid, and in part": "FROM elsewhere e JOIN claim c USING (invoice_id)"
    " HAVING count(DISTINCT (c.ended, c.open_amount < c.amount)) = 3",
    "somebody whom the night reminds": "FROM claim WHERE open_amount > 0 AND dunning_level = 0"
    " AND due_on < '2026-11-12'",
    "gifts for two funds of one creditor": "FROM gift GROUP BY creditor_id HAVING count(DISTINCT fund_id) = 2",
    "a gift by the rule for what is too much": "FROM gift g JOIN creditor c ON c.id = g.creditor_id"
    " WHERE c.overpaid = 'gift'",
    "cents that were written off": "FROM entry WHERE event = 'small difference'",
    "refunds in every state but one": "FROM refund HAVING count(DISTINCT state) = 4",
    "a refund that waits for an account": "FROM refund WHERE state = 'proposed' AND number IS NULL",
    "a refund that waits for a second person": "FROM approval WHERE kind = 'refund' AND state = 'waiting'",
    "a payment that the bank took back": "FROM payment_return",
    "a payment that a rule of matching found": "FROM allocation_match WHERE rule = 'digit'",
    "a rule for a payer, and one for nobody": "FROM payer_rule WHERE active"
    " HAVING count(DISTINCT (person_id IS NULL)) = 2",
    "what a rule took out, also of a file that came after it": "FROM payment_aside a"
    " JOIN payment p ON p.id = a.payment_id AND p.payer_name LIKE 'Biljett%'"
    " WHERE a.purpose = 'not ours' HAVING count(*) = 2",
    "a payment that was exchanged": "FROM exchange WHERE taken_back_id IS NULL",
    "an employer's lists: one booked, one that names a stranger": "FROM deduction_line"
    " HAVING count(*) = 6 AND count(person_id) = 5 AND count(DISTINCT payment_id) = 2",
    "cash and a card terminal": "FROM payment WHERE kind IN ('cash', 'card terminal') HAVING count(DISTINCT kind) = 2",
    "statements whose balances carry on": "FROM bank_section WHERE series = 'MT940' HAVING count(*) = 3",
    "a mail that came back": "FROM message WHERE state = 'failed'",
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_there(season: Session, kind: str) -> None:
    assert figure(season, f"SELECT count(*) FROM (SELECT 1 {KINDS[kind]}) found") > 0


def test_money_waits_for_every_reason(season: Session) -> None:
    waiting = {row["reason"] for row in rows(season, "SELECT reason FROM payment_case WHERE closed_at IS NULL")}
    assert waiting == set(CaseReason)


def test_the_books_agree_and_no_statement_is_missing(season: Session) -> None:
    assert verify(season).ok
    assert figure(season, "SELECT count(*) FROM bank_gap") == 0


def test_documents_are_numbered_in_the_order_of_their_days(season: Session) -> None:
    ours = "SELECT creditor_id, number, issued_on FROM invoice WHERE number IS NOT NULL"
    found = rows(season, f"{ours} ORDER BY creditor_id, issued_on, number")
    for creditor in {row["creditor_id"] for row in found}:
        numbers = [row["number"] for row in found if row["creditor_id"] == creditor]
        assert numbers == list(range(1, len(numbers) + 1))
    assert max(row["issued_on"] for row in found) <= TODAY


def test_nothing_is_left_to_send_but_what_was_done_today(season: Session) -> None:
    waiting = rows(
        season,
        """
        SELECT i.kind, i.issued_on FROM message m LEFT JOIN invoice i ON i.id = m.subject_id
        WHERE m.state IN ('queued', 'sending')
        """,
    )
    assert {(row["kind"], row["issued_on"]) for row in waiting} == {("credit note", TODAY)}


PAPERS = """
    SELECT i.number, i.kind, i.issued_on, i.due_on, i.amount, i.currency, i.payer_name, c.open_amount, c.ended,
        c.dunning_level, r.value
    FROM invoice i
    LEFT JOIN claim c ON c.invoice_id = i.id
    LEFT JOIN payment_reference r ON r.claim_id = c.id
    ORDER BY i.currency, i.creditor_id, i.number, i.printed, c.position, r.value
"""


def test_the_same_seed_makes_the_same_papers(season: Session, servers: TestServers) -> None:
    with servers.copy() as other:
        filled(other)
        with other.unit_of_work(Role.JOBS) as session:
            assert rows(session, PAPERS) == rows(season, PAPERS)


@pytest.mark.parametrize(("members", "seed"), [(FEWEST_MEMBERS, 2), (3000, 3)])
def test_the_papers_are_as_many_in_a_small_organisation_as_in_a_large_one(
    servers: TestServers, members: int, seed: int
) -> None:
    with servers.copy() as database:
        filled(database, members=members, seed=seed)
        with database.unit_of_work(Role.JOBS) as session:
            assert verify(session).ok
            assert 40 < figure(session, "SELECT count(*) FROM invoice") < MOST
            for kind in KINDS.values():
                assert figure(session, f"SELECT count(*) FROM (SELECT 1 {kind}) found") > 0, kind
