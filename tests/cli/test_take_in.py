"""`kontingent invoices take-in`: invoices of another system come in with their PDFs, or the table is refused."""

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
from tests.invoicing.test_elsewhere_pdfs import PDF, zipped

if TYPE_CHECKING:
    from pathlib import Path

    from database.connect import Database
    from tests.cli.conftest import Terminal

TODAY = dt.date(2026, 11, 22)
HEAD = "Faktura;Member number;Issue date;Due date;OCR;Amount\n"


@pytest.fixture
def kim(committing: Database) -> int:
    with committing.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=TODAY, real=dt.datetime.now(dt.UTC).date())
        organisation(session, prefix="se")
        return person(session).id


def test_a_table_is_taken_in_once_and_its_pdfs_follow(
    terminal: Terminal, committing: Database, kim: int, tmp_path: Path
) -> None:
    table = tmp_path / "old.csv"
    table.write_text(f"{HEAD}A-7;{kim};31.10.2026;30.11.2026;18;250\n", encoding="utf-8")
    arguments = ("invoices", "take-in", str(table), "--group", "se", "--from", "Old", "--references", "ocr")
    told = terminal.figures(*arguments, "--days", "day-first")
    assert (told["state"], told["total"]) == ("ready", 1)
    assert terminal.figures("runs", "confirm", str(told["run"]))["state"] == "done"
    with committing.opener(Role.JOBS)() as session:
        taken = session.execute(select(Invoice.called, Invoice.amount, Invoice.issued_on)).all()
        assert [tuple(one) for one in taken] == [("A-7", 25000, dt.date(2026, 10, 31))]
    archive = tmp_path / "pdfs.zip"
    archive.write_bytes(zipped({"A-7.pdf": PDF}).getvalue())
    assert terminal.figures("invoices", "pdfs", str(told["run"]), str(archive))["attached"] == 1
    archive.write_bytes(b"no archive")
    assert terminal("invoices", "pdfs", str(told["run"]), str(archive)).code == 1
    assert terminal(*arguments, "--json").code == 1
    assert terminal("journal", "verify").code == 0


def test_faults_are_told_with_their_lines(terminal: Terminal, kim: int, tmp_path: Path) -> None:
    table = tmp_path / "old.csv"
    table.write_text(f"{HEAD}A-7;{kim};2026-10-31;2026-11-30;19;250\n", encoding="utf-8")
    arguments = ("invoices", "take-in", str(table), "--group", "se", "--from", "Old", "--references", "ocr")
    said = terminal(*arguments, "--confirm", "--json")
    assert said.code == 1
    assert said.json["errors"] == ["line 2, OCR '19': This is no OCR number: its check digit does not fit."]
