"""`kontingent journal`: prove the books, and close them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.answer import Answer, answers
from cli.days import DAY
from dues import dates
from dues.actor import COMMAND_LINE
from dues.journal.close import close
from dues.journal.verify import verify

if TYPE_CHECKING:
    import datetime as dt

    from cli.desk import Desk


@click.group()
def journal() -> None:
    """The books."""


@journal.command("verify")
@click.pass_obj
@answers
def verify_(desk: Desk) -> Answer:
    """Prove every invariant from the rows alone. Exits with 1 when any is broken."""
    with desk.house() as house, house.work() as session:
        proof = verify(session)
    figures = {"ok": proof.ok, "entries": proof.entries, "postings": proof.postings, "checks": proof.checks}
    lines = [f"  {count} rows break: {name}" for name, count in proof.checks.items() if count]
    verdict = "every check holds" if proof.ok else f"{len(lines)} checks are broken"
    held = f"{proof.entries} entries, {proof.postings} postings, {len(proof.checks)} checks: {verdict}"
    return Answer(figures, [held, *lines], ok=proof.ok)


@journal.command("close")
@click.option("--through", type=DAY, required=True, metavar="DATE", help="The last day that is closed.")
@click.pass_obj
@answers
def close_(desk: Desk, through: dt.date) -> Answer:
    """Close every creditor's books: nothing is posted on that day or before any more."""
    with desk.house() as house, house.work() as session:
        closed = close(session, through=through, today=dates.today(session), by=COMMAND_LINE)
    return Answer({"closed_through": closed.isoformat()}, [f"The books are closed through {closed}."])
