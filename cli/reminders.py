"""`kontingent reminders`: reminders of what has not been paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.answer import Answer, answers
from cli.days import DAY
from dues.actor import COMMAND_LINE
from dues.collection.remind import start_reminders

if TYPE_CHECKING:
    import datetime as dt

    from cli.desk import Desk


@click.group()
def reminders() -> None:
    """Reminders of what has not been paid."""


@reminders.command("run")
@click.option("--on", type=DAY, required=True, metavar="DATE", help="The day on which they are due.")
@click.option("--preview", is_flag=True, help="Write down what would be reminded, and remind nobody.")
@click.pass_obj
@answers
def run_(desk: Desk, on: dt.date, preview: bool) -> Answer:
    """Remind of everything that is due for it on a day."""
    with desk.house() as house:
        with house.work() as session:
            started = start_reminders(session, on=on, by=COMMAND_LINE, confirmed=not preview).id
        run = house.drive(started)
    candidates, issued = run.result.get("candidates", 0), run.result.get("issued", 0)
    excluded: dict[str, int] = run.result.get("excluded", {})
    figures = {
        "run": run.id,
        "state": run.state,
        "candidates": candidates,
        "issued": issued,
        "excluded": excluded,
    }
    lines = [f"Run {run.id}: {candidates} candidates, {issued} reminders issued"]
    if preview:
        lines.append(f"Confirm with: kontingent runs confirm {run.id}")
    return Answer(figures, lines + [f"  {count} left out: {reason}" for reason, count in excluded.items()])
