"""What each room of the domain may do: write downwards, never commit, never ask the system what day it is."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.house import (
    ROOT,
    Statement,
    layers,
    may_use,
    name_of,
    python_files,
    rooms_of_tables,
    sql_files,
    statements,
    tree,
)

# Who begins and ends transactions within the domain, and why.
COMMITS = {
    "dues/runs/drive.py": "each slice of a run is committed with its progress",
    "dues/delivery/send.py": "what was sent is written down before the next is sent",
    "dues/trial.py": "what waits for a second person is tried out and taken back",
    "dues/delivery/slice.py": "the claim on messages is seen by other senders before the first is handed over",
}
# Where SQL may ask for the system's time: moments of machines, never business dates.
MOMENTS = {
    "dues/access/invitations.py": "when a link was made void",
    "dues/delivery/staff_mail.py": "a link is good for some days",
    "dues/delivery/sql/claim.sql": "claims of workers run out",
    "dues/delivery/sql/sent.sql": "when a message left the house",
    "dues/delivery/queries.py": "claims of workers run out",
    "dues/delivery/outbox.py": "claims of workers run out, pauses end",
    "dues/groups/texts.py": "when a text ended",
    "dues/invoicing/code_mail.py": "codes are good for minutes",
    "dues/invoicing/instalment_rules.py": "when a rule ended",
    "dues/invoicing/issue.py": "when a run began",
    "dues/payments/sql/returned_write.sql": "when a case was closed",
    "dues/invoicing/undo.py": "when a run began",
    "dues/invoicing/charge_run.py": "when a run began",
    "dues/lists/export.py": "when a run began, and when a file was ready",
    "dues/lists/pieces.py": "when a file was taken, and how long it is kept",
    "dues/members/register.py": "when somebody consented",
    "dues/payments/match.py": "how long ago the last look began",
    "dues/payments/sql/match_book.sql": "when a case was closed",
    "dues/payments/refunds/order.py": "when a run began, and when a file was written",
    "dues/payments/sql/refund_settle.sql": "when a case was closed",
    "dues/payments/sql/surplus_settle.sql": "when a case was closed",
    "dues/payments/sql/hand_use.sql": "when a case was closed",
    "dues/payments/gaps.py": "when somebody said why nothing is missing",
    "dues/payments/sql/gaps.sql": "when what was missing had come",
    "dues/payments/presence.py": "who looks at a case is forgotten after minutes",
    "dues/payments/transfer.py": "when a case was closed",
    "dues/payments/sql/rule_aside.sql": "when a case was closed",
    "dues/payments/sql/rule_settle.sql": "when a case was closed",
    "dues/runs/drive.py": "leases of drivers",
    "dues/runs/queries.py": "leases of drivers",
    "dues/runs/schedule.py": "when somebody changed the schedule, and when a task was done",
    "dues/runs/start.py": "when a run ended",
    "dues/delivery/smtp.py": "the Date of a mail, and when a pause between attempts ends",
}
SYSTEM_TIME = re.compile(
    r"\b(now\(|current_date\b|current_timestamp\b|localtimestamp\b|clock_timestamp\(|current_time\b)"
)
CLOCKS = {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("time", "time")}
ALL = list(statements())


def test_there_are_statements_to_look_at() -> None:
    assert len([one for one in ALL if one.written()]) > 20
    assert len([one for one in ALL if one.read()]) > 40
    assert set(rooms_of_tables().values()) <= {room for layer in layers() for room in layer}


@pytest.mark.parametrize("one", [one for one in ALL if one.written() or one.read()], ids=lambda one: one.where)
def test_sql_uses_tables_of_its_own_room_or_of_rooms_below(one: Statement) -> None:
    rooms = rooms_of_tables()
    upwards = {table for table in one.written() | one.read() if not may_use(one.room, rooms[table])}
    assert not upwards, f"{one.where} reaches up for {upwards}; see docs/decisions/sql-writes-downwards.md"


def calls(path: Path) -> list[tuple[str, str, int]]:
    """Every call of a method in a module as (what it is called on, its name, line)."""
    return [
        (ast.unparse(node.func.value), node.func.attr, node.lineno)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]


def test_only_drivers_and_senders_commit() -> None:
    found = {
        name_of(path)
        for path in python_files("dues")
        for _, method, _ in calls(path)
        if method in {"commit", "begin", "rollback", "prepare"}
    }
    assert found == set(COMMITS)


def test_sql_never_takes_the_systems_time_for_a_business_date() -> None:
    in_files = {
        name_of(path) for path in sql_files() if SYSTEM_TIME.search(Statement("", "", path.read_text()).bare.lower())
    }
    in_texts = {one.where.split(":")[0] for one in ALL if one.where.count(":") and SYSTEM_TIME.search(one.bare.lower())}
    in_python = {
        name_of(p) for p in python_files("dues") for on, method, _ in calls(p) if (on, method) == ("func", "now")
    }
    assert in_files | in_texts | in_python <= set(MOMENTS)


def test_the_domain_never_asks_the_system_what_day_it_is() -> None:
    found = {
        name_of(path)
        for path in python_files("dues")
        for on, method, _ in calls(path)
        if (on.rsplit(".", maxsplit=1)[-1], method) in CLOCKS
    }
    assert found <= {"dues/delivery/smtp.py"}


def test_no_exception_is_kept_for_what_is_gone() -> None:
    for allowed in (COMMITS, MOMENTS):
        assert not [name for name in allowed if not (ROOT / name).is_file()]
    assert SYSTEM_TIME.search((ROOT / "dues/delivery/sql/claim.sql").read_text())
