"""`kontingent bank match`, `try-rule` and `exchange`: what they find, change and refuse, through the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.groups.models import BankAgreement
from dues.invoicing.models import Claim, ClaimEnd
from tests.cli.test_commands import TODAY, town
from tests.factories.money import camt, owed, paid
from tests.factories.organisation import FEE

if TYPE_CHECKING:
    from pathlib import Path

    from database.connect import Database
    from tests.cli.conftest import Terminal

__all__ = ["town"]


@pytest.fixture
def claims(terminal: Terminal, town: Database) -> list[tuple[int, str, int]]:
    """What three members in Sweden owe."""
    terminal.figures("invoices", "run", "--on", TODAY, "--group", "se")
    return owed(town.opener(Role.JOBS))


def test_what_waits_is_looked_at_again_after_a_rule_was_tried_and_a_euro_is_exchanged(
    terminal: Terminal, town: Database, tmp_path: Path, claims: list[tuple[int, str, int]]
) -> None:
    (_, one, _), (_, two, _), (third, _, _) = claims
    with town.unit_of_work(Role.JOBS) as session:
        agreement = session.scalars(select(BankAgreement).filter_by(scheme="BGNR")).one()
        kronor = camt(agreement, [paid(FEE, message=f"avgift {one}"), paid(FEE, two), paid(7)], on=TODAY)
        euro = camt(agreement, [paid(4447, message="tack")], on=TODAY, currency="EUR")
    for name, file in (("kronor.xml", kronor), ("euro.xml", euro)):
        (tmp_path / name).write_bytes(file.getvalue())
        terminal.figures("bank", "import", tmp_path / name)

    tried = terminal.figures("bank", "try-rule", "in text", "--from", TODAY, "--until", TODAY)
    assert (tried["payments"], tried["certain"], tried["done"]) == (4, 1, {"waits": 1})
    (hit,) = tried["differ"]
    assert (hit["amount"], hit["currency"], hit["done"], hit["used_for"]) == (FEE, "SEK", "waits", [])
    assert "waits" in terminal("bank", "try-rule", "in text", "--from", TODAY, "--until", TODAY).out
    assert terminal("bank", "try-rule", "guess", "--from", TODAY, "--until", TODAY).code == 2

    found = terminal.figures("bank", "match")
    assert (found["looked_at"], found["matched"], found["unmatched"], found["by"]) == (3, 1, 2, {"in text": 1})
    assert "0 matched, 2 still wait" in terminal("bank", "match").out

    foreign = next(
        case["payment"] for case in terminal.figures("bank", "queue")["cases"] if case["unallocated"] == 4447
    )
    assert terminal("bank", "exchange", foreign, third, "eleven").code == 2
    assert terminal.refusal("bank", "exchange", foreign, third, "5.0", "--in-full")
    done = terminal.figures("bank", "exchange", foreign, third, "11.2345", "--in-full")
    assert (done["used"], done["currency"], done["worth"], done["settled"]) == (4447, "EUR", 49960, FEE)
    with town.unit_of_work(Role.JOBS) as session:
        ends = [session.get_one(Claim, claim).ended for claim, _, _ in claims]
    assert ends == [ClaimEnd.PAID] * 3
    assert terminal.figures("journal", "verify")["ok"]
