"""`kontingent staff`: the first person of the staff comes in by the command line."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from database.connect import Role
from tests.factories.organisation import organisation

if TYPE_CHECKING:
    from database.connect import Database
    from tests.cli.conftest import Terminal


@pytest.fixture
def organised(terminal: Terminal, committing: Database) -> None:
    """A migrated house with an organisation."""
    terminal.figures("db", "upgrade")
    with committing.unit_of_work(Role.JOBS) as session:
        organisation(session, prefix="se")


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("quiet lamp by the sea\n"))


@pytest.mark.usefixtures("organised", "password")
def test_somebody_is_taken_in_with_roles_and_given_another(terminal: Terminal) -> None:
    add = ("staff", "add", "kim@example.org", "--name", "Kim", "--password-stdin")
    added = terminal.figures(*add, "--role", "system-administrator")
    assert added["email"] == "kim@example.org"
    granted = terminal.figures("staff", "grant", "kim@example.org", "cashier", "--group", "se-norr")
    assert (granted["role"], granted["group"]) == ("cashier", "se-norr")
    assert "no role" in terminal.refusal("staff", "grant", "kim@example.org", "king")
    assert "no group" in terminal.refusal("staff", "grant", "kim@example.org", "cashier", "--group", "nowhere")
    assert "no login" in terminal.refusal("staff", "grant", "nobody@example.org", "cashier")
    assert terminal.figures("staff", "recover", "kim@example.org")["email"] == "kim@example.org"


@pytest.mark.usefixtures("organised")
def test_a_password_that_is_easy_to_guess_is_refused(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("password1234\n"))
    said = terminal.refusal("staff", "add", "weak@example.org", "--name", "Weak", "--password-stdin")
    assert "common ones" in said
