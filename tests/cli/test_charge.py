"""`kontingent charge`: a table becomes invoices, or is refused with every fault."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.dates import set_clock
from dues.invoicing.models import Invoice
from tests.factories.members import person
from tests.factories.organisation import organisation
from tests.factories.products import product

if TYPE_CHECKING:
    from pathlib import Path

    from database.connect import Database
    from tests.cli.conftest import Terminal

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def kim(committing: Database) -> int:
    with committing.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=TODAY, real=dt.datetime.now(dt.UTC).date())
        made = organisation(session, prefix="se")
        product(session, made.root)
        return person(session).id


def refused(terminal: Terminal, *words: str) -> str:
    said = terminal(*words, "--json")
    assert said.code == 1, said
    return "; ".join(said.json["errors"])


def test_a_table_is_previewed_confirmed_and_not_charged_twice(
    terminal: Terminal, committing: Database, kim: int, tmp_path: Path
) -> None:
    table = tmp_path / "lines.csv"
    table.write_text(f"Who;Product;Price\n{kim};10;100\n", encoding="utf-8")
    arguments = ("charge", str(table), "--group", "se", "--column", "number=Who", "--due", "2026-12-31")
    told = terminal.figures(*arguments)
    assert (told["state"], told["total"]) == ("ready", 1)
    assert terminal.figures("runs", "confirm", str(told["run"]))["state"] == "done"
    with committing.opener(Role.JOBS)() as session:
        issued = session.execute(select(Invoice.amount, Invoice.due_on)).all()
        assert [tuple(one) for one in issued] == [(10000, dt.date(2026, 12, 31))]
    assert "Nothing is charged twice" in refused(terminal, *arguments)


def test_faults_are_told_with_their_lines(terminal: Terminal, kim: int, tmp_path: Path) -> None:
    table = tmp_path / "lines.csv"
    table.write_text(f"Member number;Product;Price\n{kim};77;1\n", encoding="utf-8")
    said = refused(terminal, "charge", str(table), "--group", "se")
    assert "line 2, Product '77': The group sells no product with this number." in said
