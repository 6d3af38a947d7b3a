"""`kontingent runs`: long work, how far it is, and what a person decides about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.answer import Answer, answers
from cli.identifiers import IDENTIFIER
from dues.runs import start
from dues.runs.models import RunState
from dues.runs.preview import preview_of
from dues.runs.queries import newest

if TYPE_CHECKING:
    from cli.desk import Desk
    from dues.runs.models import Run

_CONFIRM = "kontingent runs confirm"


@click.group()
def runs() -> None:
    """Long work: invoice runs, imports, reminders."""


@runs.command("list")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many to show.")
@click.pass_obj
@answers
def list_(desk: Desk, limit: int) -> Answer:
    """Show the newest runs."""
    with desk.house() as house, house.work() as session:
        found = newest(session, limit=limit)
        return Answer({"runs": [_figures(run) for run in found]}, [_line(run) for run in found] or ["No runs yet."])


@runs.command()
@click.argument("run", type=IDENTIFIER)
@click.pass_obj
@answers
def show(desk: Desk, run: int) -> Answer:
    """Show one RUN."""
    with desk.house() as house:
        return _told(house.run(run))


@runs.command()
@click.argument("run", type=IDENTIFIER)
@click.pass_obj
@answers
def confirm(desk: Desk, run: int) -> Answer:
    """Let RUN go on from its preview: exactly what it showed is done, or nothing where anything has changed since."""
    with desk.house() as house:
        with house.work() as session:
            kept = preview_of(session, run_id=run)
            start.confirm(session, run_id=run, seen=kept.fingerprint if kept else None)
        done = house.drive(run)
        answer = _told(done)
        if done.state is RunState.READY:
            again = (
                f"Nothing was done: something has changed. The preview was made anew; confirm it with: {_CONFIRM} {run}"
            )
            return Answer(answer.figures, [again, *answer.lines], ok=False)
        return answer


@runs.command()
@click.argument("run", type=IDENTIFIER)
@click.pass_obj
@answers
def pause(desk: Desk, run: int) -> Answer:
    """Stop RUN after its present slice."""
    with desk.house() as house:
        with house.work() as session:
            start.pause(session, run_id=run)
        return _told(house.run(run))


@runs.command()
@click.argument("run", type=IDENTIFIER)
@click.pass_obj
@answers
def resume(desk: Desk, run: int) -> Answer:
    """Let a paused or failed RUN go on where it stopped."""
    with desk.house() as house:
        with house.work() as session:
            start.resume(session, run_id=run)
        return _told(house.drive(run))


def _told(run: Run) -> Answer:
    lines = [_line(run)] + [f"  {name}: {value}" for name, value in run.result.items()]
    return Answer(_figures(run), lines + ([f"  {run.error}"] if run.error else []))


def _figures(run: Run) -> dict[str, object]:
    return {
        "run": run.id,
        "kind": run.kind,
        "state": run.state,
        "phase": run.phase,
        "done": run.done,
        "total": run.total,
        "business_day": run.business_day.isoformat(),
        "actor": run.actor,
        "result": run.result,
        "error": run.error,
    }


def _line(run: Run) -> str:
    return f"run {run.id}  {run.business_day}  {run.kind}  {run.state} ({run.phase})  {run.done} of {run.total}"
