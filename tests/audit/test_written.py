"""What is written down: who, what, from what to what; no noise, no secrets, one line for what a run does at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from database.acting import act
from database.connect import Database, Role
from dues.access.models import Staff
from dues.actor import Actor
from dues.audit.models import ChangeSubject
from dues.collection.hold import hold_debtor
from dues.collection.models import HoldReason
from dues.loop.end import end_membership
from dues.members.change import change_details, details_of, fingerprint
from dues.members.models import Membership, MembershipStatus
from tests.audit.lines import JOB, OFFICER, lines, newest
from tests.factories.members import member, person
from tests.factories.organisation import organisation
from tests.factories.runs import issued, opener

DAY = dt.date(2026, 3, 10)
BY = Actor("staff", "7")


def subjects(session: Session, change_id: int) -> set[tuple[str, int]]:
    found = session.execute(
        select(ChangeSubject.kind, ChangeSubject.subject_id).where(ChangeSubject.change_id == change_id)
    )
    return {(kind, id_) for kind, id_ in found}


def test_a_changed_name_is_told_from_what_to_what_by_whom_from_where_and_why(session: Session) -> None:
    one = person(session, given_name="Kim", family_name="Berg", email="kim@example.org")
    act(session, OFFICER)
    before = newest(session)
    held = details_of(one)
    changed = replace(held, family_name="Dahl", city="Lund")
    change_details(session, person_id=one.id, details=changed, seen=fingerprint(held))
    (line,) = lines(session, after=before)
    assert (line.relation, line.verb, line.key, line.actor) == ("person", "changed", str(one.id), "staff:7")
    assert line.said == {"city": ["Uppsala", "Lund"], "family_name": ["Berg", "Dahl"]}
    assert (line.address, line.why) == ("192.0.2.7", "asked by phone")
    assert subjects(session, line.id) == {("person", one.id)}


def test_what_changes_nothing_is_not_written_down(session: Session) -> None:
    one = person(session)
    before = newest(session)
    session.execute(text("UPDATE person SET city = city, given_name = given_name WHERE id = :id"), {"id": one.id})
    session.execute(text("UPDATE groups SET name = name || '!' WHERE id = 0"))
    assert lines(session, after=before) == []


def test_a_password_is_told_of_and_never_written_down(session: Session) -> None:
    act(session, OFFICER)
    clerk = Staff(
        name="Desk", email="d@example.org", email_key="d@example.org", password_hash="first of all", language="en"
    )
    session.add(clerk)
    session.flush()
    before = newest(session)
    clerk.password_hash = "another"
    session.flush()
    (line,) = lines(session, after=before)
    assert (line.columns, line.said) == (["password_hash"], {})
    assert "first of all" not in str(lines(session, "staff"))


def test_the_end_of_a_membership_is_about_its_member_and_its_group(session: Session) -> None:
    org = organisation(session)
    held = member(session, org, joined_on=dt.date(2025, 1, 1))
    act(session, OFFICER)
    before = newest(session)
    end_membership(session, membership_id=held.id, status=MembershipStatus.LEFT, on=DAY, today=DAY, by=BY)
    told = {line.relation: line for line in lines(session, after=before)}
    assert told["membership"].said == {"ended_on": [None, "2026-03-10"]}
    said = told["membership_status"].said or {}
    assert (said["status"], said["from_on"]) == ([None, "left"], [None, "2026-03-10"])
    for line in told.values():
        assert {("person", held.person_id), ("members", held.group_id)} <= subjects(session, line.id)


def test_a_run_over_many_is_a_line_a_slice(session: Session) -> None:
    org = organisation(session)
    for _ in range(30):
        member(session, org, joined_on=DAY)
    session.flush()
    before = newest(session)
    act(session, JOB)
    outcome = issued(opener(session), on=DAY, slice_size=15)
    assert outcome.done == 30
    told = lines(session, after=before)
    assert [line.relation for line in told if line.relation != "run"] == ["entry", "entry"]
    assert len(told) < 10


def test_a_statement_of_a_job_on_many_rows_is_one_line_with_their_number_and_range(session: Session) -> None:
    found = [person(session).id for _ in range(25)]
    act(session, JOB)
    before = newest(session)
    session.execute(text("UPDATE person SET country = 'NO' WHERE id = ANY(:ids)"), {"ids": found})
    (line,) = lines(session, after=before)
    assert (line.touched, line.key, line.columns, line.said) == (25, str(min(found)), ["country"], {})


def test_a_statement_at_a_desk_is_a_line_a_row(session: Session) -> None:
    found = [person(session).id for _ in range(25)]
    act(session, OFFICER)
    before = newest(session)
    session.execute(text("UPDATE person SET country = 'NO' WHERE id = ANY(:ids)"), {"ids": found})
    assert [line.said for line in lines(session, after=before)] == [{"country": ["SE", "NO"]}] * 25


def test_a_hold_is_about_the_invoice_and_its_debtor(session: Session) -> None:
    held = member(session, organisation(session), joined_on=DAY)
    issued(opener(session), on=DAY)
    act(session, OFFICER)
    before = newest(session)
    hold_debtor(
        session,
        person_id=held.person_id,
        reason=HoldReason.COMPLAINT,
        until=DAY + dt.timedelta(days=30),
        note="wrong amount",
        on=DAY,
        by=BY,
    )
    (line,) = lines(session, after=before)
    assert line.relation == "claim_hold"
    assert (line.said or {})["note"] == [None, "wrong amount"]
    assert {kind for kind, _ in subjects(session, line.id)} == {"invoice", "person"}


def test_what_is_undone_leaves_no_line(session: Session) -> None:
    before = newest(session)
    undone = session.begin_nested()
    person(session)
    assert len(lines(session, after=before)) == 1
    undone.rollback()
    assert lines(session, after=before) == []


@pytest.mark.parametrize("role", [Role.JOBS, Role.STAFF, Role.PUBLIC, Role.MEMBER])
@pytest.mark.parametrize(
    "statement",
    [
        (
            "INSERT INTO audit_change (transaction, actor, kind, relation, verb, key, columns, digest)"
            " VALUES (1, 'staff:1', 'money', 'claim', 'changed', '1', '{}', '')"
        ),
        "UPDATE audit_change SET actor = 'staff:2'",
        "DELETE FROM audit_change",
        "UPDATE audit_value SET why = ''",
        "DELETE FROM audit_value",
        "DELETE FROM audit_waiting",
        "UPDATE audit_chain SET hash = ''",
        "DELETE FROM audit_subject",
        "UPDATE audit_head SET seq = 0",
        "TRUNCATE audit_change",
        "SELECT audit_write('claim', 'money', 'changed', '1', NULL, 1, '{}', '{}', '{}')",
        "ALTER TABLE person DISABLE TRIGGER audit_update",
        (
            "CREATE TEMP TABLE claim (id bigint); CREATE TRIGGER mine AFTER INSERT ON pg_temp.claim REFERENCING NEW"
            " TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION audit_statement('money', 'id', '', '')"
        ),
    ],
)
def test_nobody_who_works_with_the_program_writes_into_the_log(database: Database, role: Role, statement: str) -> None:
    with database.engine(role).connect() as connection, pytest.raises(DBAPIError) as error:
        connection.exec_driver_sql(statement)
    assert getattr(error.value.orig, "sqlstate", "") == "42501"


def test_the_owner_cannot_rewrite_a_line_either(database: Database) -> None:
    with database.owner.connect() as connection, pytest.raises(DBAPIError, match="never changed"):
        connection.execute(text("UPDATE audit_change SET actor = 'staff:2'"))


def test_whoever_is_not_named_is_told_of_by_their_role(session: Session) -> None:
    before = newest(session)
    person(session)
    (line,) = lines(session, after=before)
    assert line.actor == "role:kontingent_jobs"


def test_a_membership_that_is_only_moved_on_is_not_written_down(session: Session) -> None:
    held = member(session, organisation(session), joined_on=DAY)
    before = newest(session)
    session.get_one(Membership, held.id).paid_through = DAY
    session.flush()
    assert lines(session, after=before) == []
