"""`kontingent invoices`: everything that is due to be invoiced on a day."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from cli.answer import Answer, answers, money
from cli.days import DAY
from cli.identifiers import IDENTIFIER
from cli.take_in import pdfs, take_in
from dues import dates
from dues.actor import COMMAND_LINE
from dues.invoicing.issue import start_issue
from dues.invoicing.queries import Outlook, outlook
from dues.invoicing.undo import start_undo
from dues.invoicing.undo_queries import undo_outlook

if TYPE_CHECKING:
    import datetime as dt

    from cli.desk import Desk
    from dues.runs.models import Run


@click.group()
def invoices() -> None:
    """Invoices for what is due, and those that another system issued."""


invoices.add_command(take_in)
invoices.add_command(pdfs)


@invoices.command("run")
@click.option("--on", type=DAY, required=True, metavar="DATE", help="The day whose dues are invoiced.")
@click.option("--group", metavar="SLUG", help="Only this group and what is below it.")
@click.option("--preview", is_flag=True, help="Write down what would be issued, and issue nothing.")
@click.pass_obj
@answers
def run_(desk: Desk, on: dt.date, group: str | None, preview: bool) -> Answer:
    """Issue everything that is due on a day.

    A preview can be confirmed as it stands: kontingent runs confirm RUN.
    """
    begun = time.monotonic()
    with desk.house() as house:
        with house.work() as session:
            started = start_issue(session, on=on, by=COMMAND_LINE, group=group, confirmed=not preview).id
        run = house.drive(started)
        with house.work() as session:
            found = outlook(session, run_id=run.id)
    return report(run, found, seconds=time.monotonic() - begun)


@invoices.command("undo")
@click.argument("run", type=IDENTIFIER)
@click.option("--preview", is_flag=True, help="Write down what would be credited, and credit nothing.")
@click.pass_obj
@answers
def undo_(desk: Desk, run: int, preview: bool) -> Answer:
    """Credit all that RUN has issued and that is not paid yet.

    What is paid, credited or charged on since is left alone. A preview can be confirmed as it stands: kontingent runs
    confirm with the number of the undoing.
    """
    begun = time.monotonic()
    with desk.house() as house:
        with house.work() as session:
            on = dates.today(session)
            started = start_undo(session, run_id=run, on=on, by=COMMAND_LINE, confirmed=not preview).id
        done = house.drive(started)
        with house.work() as session:
            found = undo_outlook(session, run_id=started)
    return _undone(done, found, seconds=time.monotonic() - begun)


def _undone(run: Run, found: Outlook, *, seconds: float) -> Answer:
    figures = {
        "run": run.id,
        "undoes": run.undoes_id,
        "state": run.state,
        "credited": run.result.get("credited", 0),
        "would_credit": found.ready,
        "left_alone": found.excluded,
        "amounts": found.amounts,
        "seconds": round(seconds, 3),
    }
    done = "credited" if "credited" in run.result else f"to credit; confirm with: kontingent runs confirm {run.id}"
    sums = ", ".join(money(minor, code) for code, minor in found.amounts.items()) or "no money"
    lines = [f"Run {run.id} undoes run {run.undoes_id}: {found.ready} invoices ({sums}) {done}"]
    lines += [f"  {count} left alone: {reason}" for reason, count in found.excluded.items()]
    return Answer(figures, lines)


def report(run: Run, found: Outlook, *, seconds: float) -> Answer:
    """Tell what a run of invoices issued, or what its preview would issue."""
    amount, currency = found.single
    figures = {
        "run": run.id,
        "state": run.state,
        "candidates": run.result.get("candidates", 0),
        "issued": run.result.get("issued", 0),
        "would_issue": found.ready,
        "excluded": found.excluded,
        "amount": amount,
        "currency": currency,
        "amounts": found.amounts,
        "seconds": round(seconds, 3),
    }
    issued = "issued" if "issued" in run.result else f"would be issued; confirm with: kontingent runs confirm {run.id}"
    sums = ", ".join(money(minor, code) for code, minor in found.amounts.items()) or "no money"
    lines = [f"Run {run.id}: {figures['candidates']} candidates, {found.ready} ({sums}) {issued}"]
    lines += [f"  {count} left out: {reason}" for reason, count in found.excluded.items()]
    return Answer(figures, lines)
