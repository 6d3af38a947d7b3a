"""Each command: its figures, its refusals, its exit code."""

from __future__ import annotations

import datetime as dt
import zlib
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from database.connect import Role
from dues.dates import set_clock
from dues.groups.models import BankAgreement
from dues.invoicing.models import Claim
from dues.members.models import Person
from dues.payments.models import BankFile, BankFileChunk
from dues.pricing.models import PriceRule
from tests.factories.members import member
from tests.factories.money import camt, owed, paid
from tests.factories.organisation import FEE, organisation

if TYPE_CHECKING:
    from pathlib import Path

    from database.connect import Database
    from tests.cli.conftest import Terminal

TODAY = dt.date(2026, 11, 22)
ENDS = dt.date(2026, 12, 1)


@pytest.fixture
def town(committing: Database) -> Database:
    """Three members in Sweden whose year ends soon, one of them in the south; one in Norway."""
    with committing.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=TODAY, real=dt.datetime.now(dt.UTC).date())
        swedish = organisation(session, prefix="se")
        for group in (swedish.north, swedish.north, swedish.south):
            member(session, swedish, joined_on=dt.date(2025, 12, 2), paid_through=ENDS, group=group)
        norwegian = organisation(session, prefix="no", country="NO")
        member(session, norwegian, joined_on=dt.date(2025, 12, 2), paid_through=ENDS)
    return committing


def bank_file(town: Database, folder: Path, *amounts: int, name: str = "bank.xml") -> Path:
    """A file in which the Swedish claims are paid in turn, with these amounts."""
    claims = [reference for _, reference, _ in owed(town.opener(Role.JOBS))]
    with town.unit_of_work(Role.JOBS) as session:
        agreement = session.scalars(select(BankAgreement).filter_by(scheme="BGNR")).one()
        content = camt(agreement, [paid(*one) for one in zip(amounts, claims, strict=False)], on=TODAY).getvalue()
    path = folder / name
    path.write_bytes(content)
    return path


def test_upgrade_tells_the_revision_and_starts_the_clock(terminal: Terminal) -> None:
    assert "kontingent db upgrade" in terminal.refusal("clock")
    first = terminal.figures("db", "upgrade")
    assert first["revision"]
    assert terminal.figures("db", "upgrade") == first
    assert abs(
        dt.date.fromisoformat(terminal.figures("clock")["today"]) - dt.datetime.now(dt.UTC).date()
    ) <= dt.timedelta(1)


def test_the_clock_is_shown_set_and_advanced(terminal: Terminal) -> None:
    assert terminal.figures("clock", "--set", "2026-11-22") == {"today": "2026-11-22"}
    assert terminal.figures("clock", "--advance", 40) == {"today": "2027-01-01"}
    assert terminal("clock").out == "2027-01-01\n"


@pytest.mark.parametrize(
    "words",
    [
        ["clock", "--set", "2026-11-22", "--advance", "1"],
        ["clock", "--set", "22/11/2026"],
        ["clock", "--advance", "-1"],
        ["invoices", "run"],
        ["invoices", "run", "--on", "2026-02-30"],
        ["bank", "inspect", "/nowhere/at/all"],
        ["bank", "import"],
        ["bank", "allocate", "one", "2"],
        ["demo", "--members", "0"],
        ["tea"],
    ],
)
def test_wrong_usage_ends_with_two_and_says_why(away: Terminal, words: list[str]) -> None:
    plain = away(*words)
    assert plain.code == 2
    assert plain.out == ""
    assert "Error: " in plain.err
    said = away(*words, "--json")
    assert said.code == 2
    assert said.json["error"] in said.err.replace("\n", " ")


def test_a_preview_issues_nothing_and_is_confirmed_as_it_stands(terminal: Terminal, town: Database) -> None:
    preview = terminal.figures("invoices", "run", "--on", TODAY, "--group", "se", "--preview")
    assert (preview["candidates"], preview["would_issue"], preview["issued"]) == (3, 3, 0)
    assert (preview["amount"], preview["currency"]) == (3 * FEE, "SEK")
    assert owed(town.opener(Role.JOBS)) == []

    confirmed = terminal.figures("runs", "confirm", preview["run"])
    assert (confirmed["state"], confirmed["result"]["issued"]) == ("done", 3)
    assert len(owed(town.opener(Role.JOBS))) == 3
    assert f"Run {preview['run']} is done" in terminal.refusal("runs", "confirm", preview["run"])


def test_a_preview_whose_ground_has_moved_is_shown_again_instead(terminal: Terminal, town: Database) -> None:
    preview = terminal.figures("invoices", "run", "--on", TODAY, "--group", "se", "--preview")["run"]
    with town.unit_of_work(Role.JOBS) as session:
        session.execute(update(PriceRule).values(amount=PriceRule.amount + 100))
    shown = terminal("runs", "confirm", preview)
    assert (shown.code, "Nothing was done: something has changed." in shown.out) == (1, True)
    assert owed(town.opener(Role.JOBS)) == []
    assert terminal.figures("runs", "confirm", preview)["state"] == "done"


def test_a_run_is_undone_after_a_preview_or_at_once(terminal: Terminal, town: Database) -> None:
    run = terminal.figures("invoices", "run", "--on", TODAY, "--group", "se")["run"]
    shown = terminal.figures("invoices", "undo", run, "--preview")
    assert (shown["would_credit"], shown["credited"], shown["amounts"]) == (3, 0, {"SEK": 3 * FEE})
    assert sum(left for _, _, left in owed(town.opener(Role.JOBS))) == 3 * FEE
    assert terminal.figures("runs", "confirm", shown["run"])["result"]["credited"] == 3
    assert sum(left for _, _, left in owed(town.opener(Role.JOBS))) == 0
    again = terminal.figures("invoices", "undo", run)
    assert (again["credited"], again["left_alone"]) == (0, {"credited already": 3})
    assert "only runs of invoices can be undone" in terminal.refusal("invoices", "undo", shown["run"])


@pytest.mark.usefixtures("town")
def test_a_run_issues_each_invoice_once(terminal: Terminal) -> None:
    first = terminal.figures("invoices", "run", "--on", TODAY, "--group", "se-norr")
    assert (first["candidates"], first["issued"], first["excluded"]) == (2, 2, {})
    assert (first["amount"], first["currency"]) == (2 * FEE, "SEK")
    assert 0 < first["seconds"] < 60
    again = terminal.figures("invoices", "run", "--on", TODAY, "--group", "se-norr")
    assert (again["candidates"], again["issued"], again["amount"]) == (0, 0, 0)
    assert again["run"] > first["run"]


@pytest.mark.usefixtures("town")
def test_several_currencies_have_no_sum(terminal: Terminal) -> None:
    run = terminal.figures("invoices", "run", "--on", TODAY)
    assert (run["issued"], run["amount"], run["currency"]) == (4, None, None)
    assert run["amounts"] == {"SEK": 3 * FEE, "NOK": FEE}
    shown = terminal("runs", "show", run["run"])
    assert (shown.code, "4 of 4" in shown.out) == (0, True)


@pytest.mark.usefixtures("town")
def test_an_unknown_group_is_refused_with_a_sentence(terminal: Terminal) -> None:
    assert "no group called 'nope'" in terminal.refusal("invoices", "run", "--on", TODAY, "--group", "nope")
    plain = terminal("invoices", "run", "--on", TODAY, "--group", "nope")
    assert (plain.code, plain.out) == (1, "")
    assert "Traceback" not in plain.err


def test_a_bank_file_is_matched_and_what_is_left_is_decided(terminal: Terminal, town: Database, tmp_path: Path) -> None:
    terminal.figures("invoices", "run", "--on", TODAY, "--group", "se")
    file = bank_file(town, tmp_path, FEE, FEE - 100, FEE)
    (taken,) = terminal.figures("bank", "import", file)["files"]
    assert taken["file"] == "bank.xml"
    assert taken["format"] == "camt.054"
    assert (taken["payments"], taken["amount"], taken["currency"]) == (3, 3 * FEE - 100, "SEK")
    assert (taken["matched"], taken["unmatched"], taken["duplicate"], taken["errors"]) == (2, 1, 0, [])

    (case,) = terminal.figures("bank", "queue")["cases"]
    assert (case["reason"], case["unallocated"]) == ("too little", FEE - 100)
    part = terminal.figures("bank", "allocate", case["payment"], case["claim"], 10000)
    assert part["allocation"] > 0
    assert (part["unallocated"], part["open"]) == (FEE - 10100, FEE - 10000)
    rest = terminal.figures("bank", "allocate", case["payment"], case["claim"])
    assert (rest["unallocated"], rest["open"], rest["credit"]) == (0, 100, 0)
    assert terminal.figures("bank", "queue")["cases"] == []
    assert "nothing left" in terminal.refusal("bank", "allocate", case["payment"], case["claim"])
    back = terminal.figures("bank", "take-back", rest["allocation"])
    assert back["unallocated"] == FEE - 10100
    with town.unit_of_work(Role.JOBS) as session:
        debtor = session.get_one(Person, session.get_one(Claim, case["claim"]).debtor_id).uuid
    terminal.figures("bank", "keep", case["payment"], debtor, 100)
    terminal.figures("bank", "keep", case["payment"], debtor)
    assert terminal.figures("bank", "queue")["cases"] == []
    assert "no person" in terminal.refusal("bank", "keep", case["payment"], "00000000-0000-0000-0000-000000000000")
    assert terminal.figures("journal", "verify")["ok"]


def test_the_same_file_is_recognised_and_a_bad_one_stops_no_other(
    terminal: Terminal, town: Database, tmp_path: Path
) -> None:
    terminal.figures("invoices", "run", "--on", TODAY, "--group", "se")
    good = bank_file(town, tmp_path, FEE)
    renamed = tmp_path / "renamed.xml"
    renamed.write_bytes(good.read_bytes())
    cut = tmp_path / "cut.xml"
    cut.write_bytes(good.read_bytes()[:-40])
    said = terminal("bank", "import", cut, good, renamed, "--json")
    assert said.code == 1
    bad, first, second = said.json["files"]
    assert bad["payments"] == 0
    assert "cut.xml" in bad["errors"][0]
    assert (first["payments"], first["matched"], first["duplicate"]) == (1, 1, 0)
    assert (second["payments"], second["matched"], second["duplicate"], second["errors"]) == (1, 0, 1, [])
    with town.unit_of_work(Role.JOBS) as session:
        kept = session.scalars(select(BankFile).filter_by(state="refused")).one()
        chunk = session.scalars(select(BankFileChunk).filter_by(file_id=kept.id)).one()
        assert (kept.name, zlib.decompress(chunk.content)) == ("cut.xml", cut.read_bytes())


@pytest.mark.usefixtures("town")
def test_reminders_are_previewed_and_sent_once(terminal: Terminal) -> None:
    terminal.figures("invoices", "run", "--on", TODAY)
    late = TODAY + dt.timedelta(days=60)
    terminal.figures("clock", "--set", late)
    preview = terminal.figures("reminders", "run", "--on", late, "--preview")
    assert (preview["candidates"], preview["issued"]) == (4, 0)
    first = terminal.figures("reminders", "run", "--on", late)
    assert (first["candidates"], first["issued"], first["excluded"]) == (4, 4, {})
    assert terminal.figures("reminders", "run", "--on", late)["issued"] == 0


@pytest.mark.usefixtures("town")
def test_mail_waits_while_there_is_no_server(terminal: Terminal) -> None:
    terminal.figures("invoices", "run", "--on", TODAY)
    assert terminal.figures("messages", "send") == {"sent": 0, "failed": 0, "queued": 4}


@pytest.mark.usefixtures("town")
def test_closed_books_stay_closed(terminal: Terminal) -> None:
    assert terminal.figures("journal", "close", "--through", "2026-10-31") == {"closed_through": "2026-10-31"}
    assert "closed through 2026-10-31" in terminal.refusal("journal", "close", "--through", "2026-09-30")
    assert f"before {TODAY}" in terminal.refusal("journal", "close", "--through", TODAY)


def test_broken_books_are_found(terminal: Terminal, town: Database) -> None:
    terminal.figures("invoices", "run", "--on", TODAY)
    whole = terminal.figures("journal", "verify")
    assert (whole["ok"], whole["entries"] > 0, whole["postings"]) == (True, True, 8)
    with town.owner.begin() as connection:
        connection.exec_driver_sql("UPDATE membership SET paid_through = paid_through + 1 WHERE id = 1")
    broken = terminal("journal", "verify", "--json")
    assert (broken.code, broken.json["ok"]) == (1, False)
    assert [count for count in broken.json["checks"].values() if count] == [1]


def test_a_demo_is_made_in_an_empty_database_only(terminal: Terminal) -> None:
    terminal.figures("db", "upgrade")
    made = terminal.figures("demo", "--members", 60, "--seed", 7)
    assert made["memberships"] == 60
    assert made["groups"] > 3
    assert "not empty" in terminal.refusal("demo", "--members", 60)


@pytest.mark.usefixtures("town")
def test_runs_are_listed_newest_first(terminal: Terminal) -> None:
    assert terminal("runs", "list").out == "No runs yet.\n"
    ids = [terminal.figures("invoices", "run", "--on", TODAY, "--preview")["run"] for _ in range(3)]
    assert [run["run"] for run in terminal.figures("runs", "list", "--limit", 2)["runs"]] == ids[:0:-1]
    assert "no run 99" in terminal.refusal("runs", "show", 99)


def test_a_database_that_is_away_is_told_in_a_sentence(away: Terminal) -> None:
    assert "cannot be reached" in away.refusal("journal", "verify")


def test_a_wrong_setting_is_told_in_a_sentence(away: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL")
    assert "DATABASE_URL and REDIS_URL must be both set" in away.refusal("clock")


@pytest.mark.usefixtures("town")
def test_a_redis_that_is_away_stops_nothing(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    assert terminal.figures("invoices", "run", "--on", TODAY)["issued"] == 4
