"""An invoice run over the demonstration: what is due is invoiced once, numbered without gaps, and payable."""

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import RowMapping, text
from stdnum import iso11649, luhn

from database.connect import Database, Role
from dues.actor import COMMAND_LINE
from dues.demo.build import build
from dues.invoicing import issue
from dues.runs.drive import bind, drive
from dues.runs.models import Run, RunState
from tests.servers import TestServers

TODAY = dt.date(2026, 11, 22)
MEMBERS = 500
DUE = 100


@pytest.fixture(scope="module")
def demonstration(servers: TestServers) -> Iterator[Database]:
    with servers.copy() as database:
        with database.unit_of_work(Role.JOBS) as session:
            build(session, members=MEMBERS, seed=1, today=TODAY)
        yield database


@pytest.fixture(scope="module")
def first(demonstration: Database) -> Run:
    """The finished run that the tests look at."""
    return run(demonstration)


def run(database: Database) -> Run:
    """Charge all that is due, as the command line would, and return the finished run."""
    bind(issue.KIND, issue.WORK)
    with database.unit_of_work(Role.JOBS) as session:
        started = issue.start_issue(session, on=TODAY, by=COMMAND_LINE, confirmed=True).id
    drive(database.opener(Role.JOBS), started)
    with database.unit_of_work(Role.JOBS) as session:
        found = session.get_one(Run, started)
        session.expunge(found)
    return found


def rows(database: Database, query: str) -> list[RowMapping]:
    with database.unit_of_work(Role.JOBS) as session:
        return list(session.execute(text(query)).mappings())


def test_everything_due_is_issued_or_left_out_with_a_reason(demonstration: Database, first: Run) -> None:
    assert first.state is RunState.DONE
    assert first.result["candidates"] == DUE
    assert first.result["issued"] + sum(first.result["excluded"].values()) == DUE
    assert set(first.result["excluded"]) <= {"no address"}
    assert rows(demonstration, "SELECT count(*) AS n FROM invoice") == [{"n": first.result["issued"]}]


def test_a_second_run_finds_nothing(demonstration: Database, first: Run) -> None:
    again = run(demonstration)
    assert again.state is RunState.DONE
    assert again.result["candidates"] == sum(first.result["excluded"].values())
    assert again.result["issued"] == 0


@pytest.mark.usefixtures("first")
def test_numbers_of_each_creditor_have_no_gap(demonstration: Database) -> None:
    found = rows(
        demonstration,
        "SELECT count(*) AS n, min(number) AS first, max(number) AS last FROM invoice GROUP BY creditor_id",
    )
    assert len(found) == 4
    assert all((row["first"], row["last"]) == (1, row["n"]) for row in found)


@pytest.mark.usefixtures("first")
def test_every_claim_is_booked_in_full_and_adds_up_from_its_lines(demonstration: Database) -> None:
    astray = """
        SELECT c.id FROM claim c JOIN invoice i ON i.id = c.invoice_id
        WHERE (c.amount, c.amount, c.amount) IS DISTINCT FROM (
            i.amount,
            (SELECT sum(l.amount) FROM invoice_line l WHERE l.invoice_id = i.id),
            (SELECT sum(p.amount) FROM posting p WHERE p.claim_id = c.id))
    """
    assert rows(demonstration, astray) == []


@pytest.mark.usefixtures("first")
def test_references_have_right_check_digits_and_the_agreed_length(demonstration: Database) -> None:
    found = rows(
        demonstration,
        "SELECT c.country, r.value FROM payment_reference r JOIN creditor c ON c.id = r.creditor_id",
    )
    assert {row["country"] for row in found} == {"SE", "NO", "NL", "DE"}
    for row in found:
        if row["country"] in {"NL", "DE"}:
            assert iso11649.is_valid(row["value"])
        else:
            assert luhn.is_valid(row["value"])
            assert len(row["value"]) == 12
        if row["country"] == "SE":
            assert row["value"][-2] == "2"  # the length, modulo 10


@pytest.mark.usefixtures("first")
def test_parents_are_invoiced_for_children_and_groups_get_their_own_part(demonstration: Database) -> None:
    found = rows(
        demonstration,
        """
        SELECT count(*) FILTER (WHERE l.person_id <> i.payer_id) AS for_others,
            count(*) FILTER (WHERE l.person_id <> i.payer_id AND l.member_name = '') AS nameless,
            count(*) FILTER (WHERE f.slug = 'local' AND l.beneficiary_id <> i.group_id) AS misdirected,
            count(*) FILTER (WHERE f.slug = 'national' AND l.beneficiary_id <> c.group_id) AS kept_back
        FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id JOIN fee_component f ON f.id = l.component_id
        JOIN creditor c ON c.id = i.creditor_id
        """,
    )
    assert found[0]["for_others"] > 0
    assert dict(found[0]) == {"for_others": found[0]["for_others"], "nameless": 0, "misdirected": 0, "kept_back": 0}
