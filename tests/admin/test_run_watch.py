"""How far a run is, told as it happens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text, update

from admin.office.run_words import progress, seconds_left
from dues.runs.models import Run, RunState
from language import SUPPORTED, Language
from tests.admin.run_office import Office, office, start

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

__all__ = ["office"]


def put(office: Office, run_id: int, **values: object) -> None:
    office.do(lambda session: session.execute(update(Run).where(Run.id == run_id).values(**values)))


def address(office: Office, run_id: int) -> str:
    with office.open_session() as session:
        return f"/admin/runs/{session.get_one(Run, run_id).uuid}"


def listen(office: Office, path: str) -> TestResponse:
    return office.desk._client.get(path, buffered=False)


def test_a_run_that_rests_is_told_once(office: Office) -> None:
    run_id = start(office)
    put(office, run_id, state=RunState.PAUSED, phase="write", done=3, total=9)
    answer = listen(office, address(office, run_id) + "/events")
    event = answer.get_data(as_text=True).split("\n\n")[1]
    assert event.startswith("event: last\n")
    told = json.loads(event.partition("data: ")[2])
    assert told == {
        "state": "paused",
        "rests": True,
        "doing": "Issuing invoices",
        "words": "3 of 9",
        "done": 3,
        "total": 9,
    }
    answer.close()


def test_while_one_listens_nothing_is_held_open(office: Office) -> None:
    run_id = start(office)
    put(office, run_id, state=RunState.WORKING, phase="write", done=3, total=9)
    answer = listen(office, address(office, run_id) + "/events")
    parts = iter(answer.response)
    assert next(parts)
    assert b"3 of 9" in bytes(next(parts))  # type: ignore[arg-type]  # a test client's parts are bytes
    open_transactions = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND (xact_start IS NOT NULL OR state LIKE 'idle in%')"
    )
    with office.open_session() as session:
        assert session.scalar(open_transactions) == 0
    put(office, run_id, state=RunState.DONE, done=9)
    assert b"event: last" in b"".join(bytes(part) for part in parts)  # type: ignore[arg-type]
    answer.close()


def test_who_finds_no_stream_asks_now_and_then(office: Office) -> None:
    run_id = start(office)
    put(office, run_id, state=RunState.WORKING, phase="claim", done=1234, total=18204)
    office.desk.get(address(office, run_id) + "/progress")
    told = office.desk.answer.json
    assert told is not None
    assert (told["words"], told["rests"]) == ("1,234 of 18,204", False)


@pytest.mark.parametrize("path", ["/events", "/progress"])
def test_only_staff_are_told(office: Office, path: str) -> None:
    run_id = start(office)
    office.desk.get("/admin/").submit(form=0)
    where = address(office, run_id) + path
    assert office.desk.get(where).heading == "Log in"


AMOUNTS = st.integers(1, 10**6)


@given(passed=st.floats(0, 3600), before=AMOUNTS, more=st.integers(0, 10**6), rest=st.integers(0, 10**6))
def test_what_is_left_is_a_round_promise(passed: float, before: int, more: int, rest: int) -> None:
    total = before + more + rest
    left = seconds_left(passed=passed, done_before=before, done=before + more, total=total)
    if passed < 5 or more == 0 or rest == 0:
        assert left is None
        return
    assert left is not None
    exact = rest * passed / more
    assert left % 5 == 0
    assert left >= 5
    assert abs(left - exact) <= max(5, exact * 0.5, 30 if exact >= 90 else 0)
    for code in SUPPORTED:
        assert progress(Language(code), done=1, total=2, left=left)


def test_what_is_left_is_said_in_seconds_and_minutes() -> None:
    english = Language("en")
    assert progress(english, done=11870, total=18204, left=20) == "11,870 of 18,204 · about 20 seconds left"
    assert progress(english, done=1, total=10, left=180).endswith("about 3 minutes left")
    assert progress(english, done=1, total=10, left=None) == "1 of 10"
