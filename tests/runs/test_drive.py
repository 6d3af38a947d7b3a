"""The driver of runs: slices committed one by one, progress told, errors written down, work taken over."""

import datetime as dt
from functools import partial

import psycopg
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from database.connect import Database, OpenSession, Role
from dues.actor import AUTOMATIC, COMMAND_LINE
from dues.runs.drive import ATTEMPTS, Kind, Progress, bind, drive
from dues.runs.errors import NotReadyError, UnknownKindError, UnknownRunError
from dues.runs.models import Run, RunState
from dues.runs.queries import abandoned, newest, started_for_day, unattended
from dues.runs.start import confirm, finish, pause, resume, start
from tests.together import together

DAY = dt.date(2026, 3, 10)
KIND = "count to"


def count_up(_session: Session, run: Run) -> bool:
    """Count from nothing to what the run asks for, one a slice, and fail where it says."""
    run.state, run.phase, run.total = RunState.WORKING, "count", run.params["to"]
    if run.done == run.params.get("fail_at"):
        raise ZeroDivisionError("nothing divides by zero")
    if run.done == run.total:
        finish(_session, run, counted=run.done)
        return False
    run.done += 1
    return True


@pytest.fixture(autouse=True)
def _kind() -> None:
    bind(KIND, Kind(count_up))


def begun(open_session: OpenSession, *, kind: str = KIND, confirmed: bool = True, **params: int) -> int:
    with open_session() as session, session.begin():
        return start(session, kind=kind, params=params, on=DAY, by=COMMAND_LINE, confirmed=confirmed).id


def test_a_run_goes_slice_by_slice_and_tells_how_far_it_is(session: Session, ledger: OpenSession) -> None:
    run_id = begun(ledger, to=3)
    seen: list[Progress] = []
    drive(ledger, run_id, watch=seen.append)
    assert seen == [Progress("count", done, 3) for done in (1, 2, 3)]
    run = session.get_one(Run, run_id)
    assert (run.state, run.result, run.lease_until) == (RunState.DONE, {"counted": 3}, None)
    assert run.finished_at is not None
    drive(ledger, run_id, watch=seen.append)
    assert len(seen) == 3


def test_an_error_is_written_down_and_what_was_done_stays(session: Session, ledger: OpenSession) -> None:
    run_id = begun(ledger, to=3, fail_at=2)
    with pytest.raises(ZeroDivisionError):
        drive(ledger, run_id)
    run = session.get_one(Run, run_id)
    assert (run.state, run.done) == (RunState.FAILED, 2)
    assert run.error == "ZeroDivisionError: nothing divides by zero"
    with ledger() as other, other.begin():
        other.execute(update(Run).values(params={"to": 3}))
        resume(other, run_id=run_id)
    drive(ledger, run_id)
    session.expire_all()
    again = session.get_one(Run, run_id)
    assert (again.state, again.error, again.result) == (RunState.DONE, None, {"counted": 3})


def test_an_error_of_the_moment_is_tried_again(
    session: Session, ledger: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dues.runs.drive.time.sleep", lambda _: None)
    stumbles = iter([True, True, False, True])

    def stumbling(session: Session, run: Run) -> bool:
        if next(stumbles, False):
            raise OperationalError("", {}, psycopg.errors.DeadlockDetected("deadlock"))
        return count_up(session, run)

    bind(KIND, Kind(stumbling))
    run_id = begun(ledger, to=2)
    drive(ledger, run_id)
    assert session.get_one(Run, run_id).state is RunState.DONE


def test_a_database_that_stays_away_is_no_fault_of_the_run(
    session: Session, ledger: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dues.runs.drive.time.sleep", lambda _: None)
    tried = 0

    def away(_session: Session, _run: Run) -> bool:
        nonlocal tried
        tried += 1
        raise OperationalError("", {}, psycopg.OperationalError("the server is starting up"))

    bind(KIND, Kind(away))
    run_id = begun(ledger, to=2)
    with pytest.raises(OperationalError):
        drive(ledger, run_id)
    assert tried == ATTEMPTS
    assert abandoned(session) == [run_id]


def test_an_error_that_does_not_pass_stops_the_run(
    session: Session, ledger: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dues.runs.drive.time.sleep", lambda _: None)

    def broken(session: Session, _run: Run) -> bool:
        session.execute(text("SELECT 1 / 0"))
        return True

    bind(KIND, Kind(broken))
    run_id = begun(ledger, to=2)
    with pytest.raises(Exception, match="division by zero"):
        drive(ledger, run_id)
    assert session.get_one(Run, run_id).error == "DataError: division by zero"


def test_a_run_of_no_known_kind_and_no_run_are_named(session: Session, ledger: OpenSession) -> None:
    run_id = begun(ledger, kind="gardening")
    with pytest.raises(UnknownKindError, match="'gardening'"):
        drive(ledger, run_id)
    assert session.get_one(Run, run_id).state is RunState.PREPARING
    with pytest.raises(UnknownRunError, match="no run 999999"):
        drive(ledger, 999999)


def test_only_a_ready_run_is_confirmed(session: Session, ledger: OpenSession) -> None:
    run_id = begun(ledger, to=1)
    with pytest.raises(NotReadyError, match="is preparing; only a run that is ready"):
        confirm(session, run_id=run_id)
    with pytest.raises(UnknownRunError):
        confirm(session, run_id=999999)


def test_pausing_and_resuming_change_only_what_they_should(session: Session, ledger: OpenSession) -> None:
    run_id = begun(ledger, to=1)
    pause(session, run_id=run_id)
    assert session.get_one(Run, run_id).state is RunState.PREPARING
    drive(ledger, run_id)
    for verb in (pause, resume):
        verb(session, run_id=run_id)
        assert session.get_one(Run, run_id).state is RunState.DONE


def test_what_shows_no_sign_of_life_is_found(session: Session, ledger: OpenSession) -> None:
    working, leased, lapsed, done = (begun(ledger, to=1) for _ in range(4))
    drive(ledger, done)
    session.execute(text("UPDATE run SET lease_until = now() + interval '1 minute' WHERE id = :id"), {"id": leased})
    session.execute(text("UPDATE run SET lease_until = now() - interval '1 second' WHERE id = :id"), {"id": lapsed})
    assert abandoned(session) == [working, lapsed]
    assert [run.id for run in newest(session, limit=2)] == [done, lapsed]


def test_what_somebody_is_at_is_not_unattended(committing: Database) -> None:
    opened = committing.opener(Role.JOBS)
    held, free = begun(opened, to=1), begun(opened, to=1)
    with opened() as working, opened() as looking:
        working.get_one(Run, held, with_for_update={"key_share": True})
        assert unattended(looking, run_ids=[held, free]) == [free]


def test_a_day_is_started_once(session: Session, ledger: OpenSession) -> None:
    with ledger() as other, other.begin():
        start(other, kind=KIND, params={"memberships": [7]}, on=DAY, by=AUTOMATIC)
        start(other, kind=KIND, params={"scope": "1."}, on=DAY, by=AUTOMATIC)
    asked = partial(started_for_day, session, kind=KIND, actor=str(AUTOMATIC), day=DAY)
    assert not asked()
    with ledger() as other, other.begin():
        start(other, kind=KIND, params={"scope": "", "memberships": None}, on=DAY, by=AUTOMATIC)
    assert asked()
    assert not started_for_day(session, kind=KIND, actor=str(COMMAND_LINE), day=DAY)
    assert not started_for_day(session, kind=KIND, actor=str(AUTOMATIC), day=DAY + dt.timedelta(days=1))


def test_many_drivers_share_a_run_without_doing_anything_twice(committing: Database) -> None:
    opened = committing.opener(Role.JOBS)
    run_id = begun(opened, to=30)
    assert together(*[partial(drive, opened, run_id)] * 4) == [None] * 4
    with opened() as session:
        assert session.scalars(select(Run.result)).one() == {"counted": 30}
