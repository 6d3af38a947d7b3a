"""`kontingent export`: a list in a file, narrowed, whole or not there at all."""

from __future__ import annotations

import csv
import datetime as dt
from typing import TYPE_CHECKING

import openpyxl
import pytest
from sqlalchemy import text

from database.connect import Role
from dues.dates import set_clock
from tests.factories.members import member, person
from tests.factories.organisation import organisation
from tests.factories.runs import issued

if TYPE_CHECKING:
    from pathlib import Path

    from database.connect import Database
    from tests.cli.conftest import Terminal

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def full(committing: Database) -> Database:
    """Three members and their invoices."""
    with committing.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=TODAY, real=dt.datetime.now(dt.UTC).date())
        made = organisation(session, prefix="se")
        for name in ("Ask", "Berg", "Carr"):
            member(session, made, joined_on=TODAY, who=person(session, family_name=name))
        session.expunge_all()
    issued(committing.opener(Role.JOBS), on=TODAY)
    return committing


def test_a_list_is_written_into_a_file_and_not_kept(terminal: Terminal, full: Database, tmp_path: Path) -> None:
    target = tmp_path / "people.csv"
    told = terminal.figures("export", "persons", "--to", str(target), "--where", "search=berg", "--column", "family")
    assert (told["rows"], told["bytes"]) == (1, target.stat().st_size)
    assert list(csv.reader(target.read_text("utf-8-sig").splitlines())) == [["Family name"], ["Berg"]]
    with full.opener(Role.JOBS)() as session:
        assert session.scalar(text("SELECT count(*) FROM export_piece")) == 0
        assert session.scalar(text("SELECT count(*) FROM audit_change WHERE relation = 'export'")) == 3
    assert [one.name for one in tmp_path.iterdir()] == ["people.csv"]


@pytest.mark.usefixtures("full")
def test_a_spreadsheet_is_known_by_its_name(terminal: Terminal, tmp_path: Path) -> None:
    target = tmp_path / "invoices.xlsx"
    terminal.figures("export", "invoices", "--to", str(target), "--where", "settled=open", "--language", "sv")
    sheet = openpyxl.load_workbook(target).worksheets[0]
    assert (sheet.title, sheet.max_row) == ("Fakturor", 4)


@pytest.mark.usefixtures("full")
def test_what_a_list_cannot_be_narrowed_by_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    for wrong in ("salary=1", "issued_from=yesterday", "kind=letter"):
        said = terminal("export", "invoices", "--to", str(target), "--where", wrong)
        assert said.code == 1, said
        assert wrong.partition("=")[0] in said.err
    assert terminal("export", "invoices", "--to", str(tmp_path / "x.pdf")).code == 2
    assert not list(tmp_path.iterdir())
    assert "issued_from" in terminal.figures("export", "invoices", "--to", str(target), "--filters")["filters"]
