"""`kontingent audit`: the proof with its exit code, the head that an auditor notes, sealing and forgetting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from database.connect import Role
from tests.factories.members import person

if TYPE_CHECKING:
    from database.connect import Database
    from tests.cli.conftest import Terminal


@pytest.fixture
def renamed(committing: Database) -> int:
    """Somebody who was registered and renamed; their number."""
    with committing.unit_of_work(Role.JOBS) as session:
        one = person(session)
        session.flush()
        one.family_name = "Dahl"
        return one.id


def test_the_log_is_chained_noted_and_proven(terminal: Terminal, renamed: int) -> None:
    assert renamed
    assert terminal.figures("audit", "verify")["waiting"] == 2
    assert terminal.figures("audit", "seal") == {"chained": 2}
    noted = terminal.figures("audit", "head")
    assert terminal("audit", "head").out.strip() == noted["head"] == f"2:{noted['hash']}"
    proof = terminal.figures("audit", "verify", "--head", noted["head"])
    assert (proof["ok"], proof["links"], proof["waiting"], proof["faults"]) == (True, 2, 0, [])
    assert "the chain is whole" in terminal("audit", "verify").out


def test_what_was_tampered_with_is_named_and_exits_with_1(
    terminal: Terminal, renamed: int, committing: Database
) -> None:
    assert renamed
    terminal("audit", "seal")
    with committing.owner.begin() as owner:
        owner.execute(text("ALTER TABLE audit_change DISABLE TRIGGER USER"))
        owner.execute(text("UPDATE audit_change SET actor = 'staff:1' WHERE verb = 'changed'"))
    said = terminal("audit", "verify", "--json")
    assert (said.code, said.json["ok"]) == (1, False)
    assert said.json["faults"] == [{"what": "changed", "link": 2, "line": 2}]
    assert "link 2, line 2: changed" in terminal("audit", "verify").out


def test_what_is_told_of_a_person_is_forgotten_and_the_chain_stays_whole(terminal: Terminal, renamed: int) -> None:
    terminal("audit", "seal")
    assert terminal.figures("audit", "forget", "--person", renamed) == {"erased": 2}
    assert terminal.figures("audit", "verify")["ok"]
    assert terminal.figures("audit", "seal") == {"chained": 1}


def test_what_is_no_head_is_refused(terminal: Terminal) -> None:
    assert "is no head of the chain" in terminal.refusal("audit", "verify", "--head", "12")
