"""Looking at bank files: no database, no server, nothing left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Terminal

HOUSE = Path(__file__).parents[2]


def test_the_program_itself_inspects_without_any_server(samples: Path, tmp_path: Path) -> None:
    """The real entry point, in a folder that is not the program's and with no settings at all."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(HOUSE)}
    program = [sys.executable, "-P", "-m", "wiring", "bank", "inspect", str(samples / "bgmax/barsoom_minimal.txt")]
    said = subprocess.run(
        [*program, "--json"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    figures = json.loads(said.stdout)
    assert (figures["format"], figures["errors"]) == ("BgMax", [])
    assert figures["payments"] == len(figures["entries"]) == 1
    assert figures["amount"] == sum(entry["amount"] for entry in figures["entries"])
    assert list(tmp_path.iterdir()) == []


def test_every_entry_is_told(away: Terminal, samples: Path) -> None:
    figures = away.figures("bank", "inspect", samples / "camt/genkgo_camt053.v2.multi.statement.xml")
    assert figures["format"] == "camt.053"
    assert figures["payments"] == len(figures["entries"]) == 2
    assert (figures["amount"], figures["currency"]) == (185, "EUR")
    entry = figures["entries"][0]
    assert {"amount", "currency", "booked_on", "references", "kind", "position"} <= entry.keys()


def test_a_file_that_must_not_be_used_shows_only_why(away: Terminal, samples: Path) -> None:
    broken = samples / "bgmax/barsoom_BgMaxfil4_broken.txt"
    said = away("bank", "inspect", broken, "--json")
    assert said.code == 1
    assert (said.json["payments"], said.json["entries"]) == (0, [])
    assert "line" in said.json["errors"][0]
    assert f"{broken.name} would be refused: " in away("bank", "inspect", broken).out


def test_a_foreign_file_is_refused_with_what_is_known(away: Terminal, samples: Path) -> None:
    said = away("bank", "inspect", samples / "bgmax/barsoom_not_bgmax_at_all.pdf", "--json")
    assert (said.code, "known are camt.052" in said.json["errors"][0]) == (1, True)


def test_people_are_shown_the_sum_and_the_first_entries(away: Terminal, samples: Path) -> None:
    said = away("bank", "inspect", samples / "bgmax/barsoom_BgMaxfil4.txt")
    assert said.code == 0
    first, *others = said.out.splitlines()
    assert first.startswith("barsoom_BgMaxfil4.txt: BgMax")
    assert len(others) <= 30


def test_a_report_on_orders_shows_what_became_of_each(away: Terminal, samples: Path) -> None:
    report = samples / "returns/oca-ap-16.0_test-sepa-pain-unpaid.xml"
    first, *others = away("bank", "inspect", report).out.splitlines()
    assert first.endswith("pain.002 001.03, about pain.008.001.02 MSGID12345678912, 4 orders, no money")
    assert "\n".join(others).split()[:5] == ["rejected", "€100.00", "E2EID1", "AC01", "ACC"]
    figures = away.figures("bank", "inspect", report)
    assert (figures["payments"], figures["amount"], len(figures["orders"])) == (0, 0, 4)
    assert figures["orders"][3]["reasons"] == [{"code": "AM04", "text": ""}]
