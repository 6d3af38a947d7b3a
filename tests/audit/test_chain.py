"""The chain: what is tampered with is found, writers and sealers lose nothing, and erased values leave it whole."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from database.connect import Database, Role
from dues.actor import AUTOMATIC, COMMAND_LINE
from dues.audit.errors import HeadUnreadableError
from dues.audit.models import Change, ChangeValue, Link
from dues.audit.seal import erase_values, forget, seal
from dues.audit.verify import AuditProof, NotedHead, head, prove, verify
from tests.audit.lines import JOB, OFFICER, lines, sealed, settle, working
from tests.factories.members import person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

LINES = 30


@pytest.fixture
def log(committing: Database) -> Database:
    """A log of thirty lines, each of a transaction of its own, all of them chained."""
    for number in range(LINES):
        with working(committing) as session:
            person(session, given_name=f"Kim {number}")
    assert sealed(committing) == LINES
    return committing


def proof(database: Database, noted: NotedHead | None = None) -> AuditProof:
    with database.unit_of_work(Role.JOBS) as session:
        return verify(session, noted=noted)


@pytest.fixture
def powerful(log: Database) -> Iterator[Connection]:
    """The owner, with the refusals of the log switched off."""
    with log.owner.connect() as connection:
        for table in ("audit_change", "audit_value", "audit_subject", "audit_chain"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield connection


def faults(connection: Connection) -> list[tuple[str, int | None]]:
    """What the proof finds within the owner's transaction."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        return [(fault.what, fault.link) for fault in prove(session).faults]


def test_a_log_that_nobody_touched_is_whole(log: Database) -> None:
    found = proof(log)
    assert (found.ok, found.links, found.waiting, found.head.seq) == (True, LINES, 0, LINES)


@pytest.mark.parametrize(
    ("tampering", "what"),
    [
        ('UPDATE audit_value SET content = \'{"city": ["Uppsala", "Lund"]}\' WHERE change_id = {id}', "changed values"),
        ("UPDATE audit_value SET why = 'because' WHERE change_id = {id}", "changed values"),
        ("UPDATE audit_change SET actor = 'staff:8' WHERE id = {id}", "changed"),
        ("UPDATE audit_change SET recorded_at = recorded_at - interval '1 microsecond' WHERE id = {id}", "changed"),
        ("UPDATE audit_change SET columns = '{{}}' WHERE id = {id}", "changed"),
        ("UPDATE audit_change SET digest = '\\x00' WHERE id = {id}", "changed"),
        ("DELETE FROM audit_subject WHERE change_id = {id}", "changed"),
        ("UPDATE audit_subject SET subject_id = 999 WHERE change_id = {id}", "changed"),
        ("DELETE FROM audit_change WHERE id = {id}", "missing line"),
        ("DELETE FROM audit_value WHERE change_id = {id}", "missing values"),
        ("DELETE FROM audit_chain WHERE change_id = {id}", "missing link"),
        ("UPDATE audit_chain SET hash = sha256('x') WHERE change_id = {id}", "changed"),
    ],
)
def test_what_is_tampered_with_is_found_where_it_is(powerful: Connection, tampering: str, what: str) -> None:
    seq, id_ = powerful.execute(text("SELECT seq, change_id FROM audit_chain WHERE seq = 12")).one()
    powerful.exec_driver_sql(tampering.replace("{id}", str(id_)).replace("{{}}", "{}"))
    found = faults(powerful)
    assert (what, seq) in found or (what, seq + 1) in found


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=st.integers(1, LINES), other=st.integers(1, LINES))
def test_lines_in_another_order_are_found(powerful: Connection, one: int, other: int) -> None:
    with powerful.begin_nested() as undone:
        powerful.execute(
            text(
                "UPDATE audit_chain k SET change_id = -o.change_id FROM audit_chain o"
                " WHERE (k.seq, o.seq) IN ((:one, :other), (:other, :one))"
            ),
            {"one": one, "other": other},
        )
        powerful.execute(text("UPDATE audit_chain SET change_id = -change_id WHERE change_id < 0"))
        assert bool(faults(powerful)) is (one != other)
        undone.rollback()


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept=st.integers(0, LINES - 1))
def test_a_tail_that_was_cut_off_is_found(powerful: Connection, kept: int) -> None:
    with powerful.begin_nested() as undone:
        powerful.execute(
            text("DELETE FROM audit_change WHERE id IN (SELECT change_id FROM audit_chain WHERE seq > :kept)"),
            {"kept": kept},
        )
        powerful.execute(text("DELETE FROM audit_chain WHERE seq > :kept"), {"kept": kept})
        assert ("the chain does not end where its head says", kept) in faults(powerful)
        undone.rollback()


def test_a_chain_that_was_made_anew_does_not_lead_through_the_head_that_was_noted(log: Database) -> None:
    with log.unit_of_work(Role.JOBS) as session:
        noted = NotedHead.read(str(head(session)))
    with working(log) as session:
        person(session)
    sealed(log)
    assert proof(log, noted).ok
    with log.owner.begin() as owner:
        for table in ("audit_change", "audit_chain"):
            owner.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        owner.execute(text("UPDATE audit_change SET actor = 'staff:8' WHERE id = (SELECT min(id) FROM audit_change)"))
        owner.execute(text("INSERT INTO audit_waiting SELECT id, transaction FROM audit_change"))
        owner.execute(text("DELETE FROM audit_chain"))
        owner.execute(text("UPDATE audit_head SET seq = 0, hash = decode(repeat('00', 32), 'hex')"))
    sealed(log)
    assert proof(log).ok
    assert [fault.what for fault in proof(log, noted).faults] == ["the chain does not lead through the noted head"]


def test_a_line_that_was_put_in_past_the_triggers_is_found(powerful: Connection) -> None:
    powerful.execute(
        text(
            "INSERT INTO audit_change (transaction, actor, kind, relation, verb, key, columns, digest)"
            " VALUES (1, 'staff:1', 'money', 'claim', 'changed', '1', '{}', '')"
        )
    )
    assert faults(powerful) == [("not in the chain", None)]


def test_a_line_that_vanishes_before_it_is_chained_is_found(log: Database) -> None:
    with working(log) as session:
        person(session)
    with log.owner.begin() as owner:
        owner.execute(text("ALTER TABLE audit_change DISABLE TRIGGER USER"))
        owner.execute(text("DELETE FROM audit_change WHERE id = (SELECT max(id) FROM audit_change)"))
    assert [fault.what for fault in proof(log).faults] == ["missing line"]


def test_what_is_not_settled_waits_and_nothing_is_passed_over(committing: Database) -> None:
    with committing.opener(Role.JOBS)() as slow:
        person(slow)
        for _ in range(5):
            with working(committing) as session:
                person(session)
        assert sealed(committing, wait=False) == 0  # the slow one began before them
        slow.commit()
    assert sealed(committing) == 6
    with committing.unit_of_work(Role.JOBS) as session:
        order = session.scalars(
            select(Change.transaction).join(Link, Link.change_id == Change.id).order_by(Link.seq)
        ).all()
        assert order == sorted(order)
    assert proof(committing).ok


def test_what_runs_in_another_database_of_the_server_holds_nothing_up(committing: Database, database: Database) -> None:
    with database.opener(Role.JOBS)() as elsewhere:
        person(elsewhere)
        elsewhere.flush()
        with working(committing) as session:
            person(session)
        assert sealed(committing, wait=False) == 1
    assert proof(committing).ok


def test_lines_brought_from_another_server_are_chained_too(log: Database) -> None:
    with working(log) as session:
        person(session)
    with log.owner.begin() as owner:
        owner.execute(text("ALTER TABLE audit_change DISABLE TRIGGER USER"))
        owner.execute(
            text("UPDATE audit_change SET transaction = 1 << 40 WHERE id = (SELECT max(id) FROM audit_change)")
        )
        owner.execute(text("UPDATE audit_waiting SET transaction = 1 << 40"))
        owner.execute(text("ALTER TABLE audit_change ENABLE TRIGGER USER"))
    assert sealed(log) == 1
    assert proof(log).ok


def test_a_second_sealer_finds_nothing_to_do_and_waits_for_nobody(log: Database) -> None:
    with working(log) as session:
        person(session)
    settle(log)
    with log.opener(Role.JOBS)() as first, log.opener(Role.JOBS)() as second:
        assert seal(first) == 1
        assert seal(second) == 0
        first.commit()
    assert proof(log).ok


@pytest.mark.kill
def test_writers_and_a_sealer_at_once_lose_nothing(committing: Database) -> None:
    stop = threading.Event()

    def write(writer: int) -> None:
        for number in range(60):
            with committing.opener(Role.JOBS)() as session:
                person(session, family_name=f"Ek {writer} {number}")
                if number % 5:
                    session.commit()

    def chain() -> None:
        while not stop.is_set():
            with committing.unit_of_work(Role.JOBS) as session:
                seal(session, most=7)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    sealers = [threading.Thread(target=chain) for _ in range(2)]
    for thread in (*writers, *sealers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sealers:
        thread.join()
    sealed(committing)
    found = proof(committing)
    assert (found.ok, found.links, found.waiting) == (True, 4 * 48, 0)


def test_a_sealer_that_is_killed_leaves_the_chain_as_it_was(log: Database) -> None:
    with working(log) as session:
        person(session)
    settle(log)
    with log.opener(Role.JOBS)() as session:
        assert seal(session) == 1
        process = session.scalar(select(func.pg_backend_pid()))
        with log.owner.connect() as killer:
            assert killer.scalar(select(func.pg_terminate_backend(process, 5000)))
        with pytest.raises(OperationalError):
            session.execute(text("SELECT 1"))
        session.invalidate()
    assert proof(log).links == LINES
    assert sealed(log) == 1
    assert proof(log).ok


def test_erased_values_leave_the_chain_whole_and_the_lines_readable(log: Database) -> None:
    with log.owner.begin() as owner:  # the lines of today become lines of long ago, and are chained as such
        for table in ("audit_change", "audit_chain"):
            owner.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        owner.execute(text("UPDATE audit_change SET recorded_at = recorded_at - interval '400 days' WHERE id % 2 = 0"))
        owner.execute(text("INSERT INTO audit_waiting SELECT id, transaction FROM audit_change"))
        owner.execute(text("DELETE FROM audit_chain"))
        owner.execute(text("UPDATE audit_head SET seq = 0, hash = decode(repeat('00', 32), 'hex')"))
        for table in ("audit_change", "audit_chain"):
            owner.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    sealed(log)
    with working(log, JOB, Role.JOBS) as session:
        assert erase_values(session, days=365, by=AUTOMATIC) == LINES // 2
    with working(log, JOB, Role.JOBS) as session:
        assert erase_values(session, days=365, by=AUTOMATIC) == 0
    sealed(log)
    assert proof(log).ok
    with log.unit_of_work(Role.JOBS) as session:
        told = lines(session)
        assert len([line for line in told if line.said is None]) == LINES // 2
        assert (told[-1].relation, told[-1].verb, told[-1].touched) == ("audit_value", "erased", LINES // 2)
    with log.owner.begin() as owner:  # what is younger than what was erased must still be there
        owner.execute(text("DELETE FROM audit_value WHERE change_id = (SELECT max(change_id) - 2 FROM audit_value)"))
    assert [fault.what for fault in proof(log).faults] == ["missing values"]


def test_values_are_not_erased_before_thirty_days(log: Database) -> None:
    with pytest.raises(DBAPIError, match="at least 30 days"), working(log, JOB, Role.JOBS) as session:
        erase_values(session, days=29, by=AUTOMATIC)


def test_what_is_told_of_one_person_can_be_forgotten(log: Database) -> None:
    with working(log) as session:
        one = person(session)
        one.city = "Lund"
        id_ = one.id
    sealed(log)
    with working(log, JOB, Role.JOBS) as session:
        assert forget(session, about="person", subject_id=id_, by=COMMAND_LINE) == 2
    assert sealed(log) == 1
    assert proof(log).ok
    with log.unit_of_work(Role.JOBS) as session:
        assert session.scalar(select(func.count()).select_from(ChangeValue)) == LINES + 1


@pytest.mark.parametrize("written", ["", "12", "12:ab", "x:" + "0" * 64, "12:" + "g" * 64])
def test_what_is_no_head_is_refused(written: str) -> None:
    with pytest.raises(HeadUnreadableError):
        NotedHead.read(written)


def test_officers_seal_nothing(log: Database) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), working(log, OFFICER) as session:
        seal(session)
