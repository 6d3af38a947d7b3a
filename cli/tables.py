"""What all commands that take a table have in common: how it is read, its run, and what is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from sqlalchemy import select

from cli.answer import Answer
from dues.actor import COMMAND_LINE
from dues.groups.models import Group
from dues.invoicing.charge_columns import Reading
from dues.invoicing.charge_file import faults, keep_table, reading_of, table_of
from dues.invoicing.errors import UnknownGroupError
from dues.runs.preview import preview_of
from dues.runs.start import confirm

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from cli.desk import House
    from dues.invoicing.charge_models import ChargeFile
    from dues.runs.models import Run


def kept(session: Session, *, content: bytes, name: str, slug: str, kind: str) -> ChargeFile:
    """Keep a table for a group; raise UnknownGroupError and what `keep_table` raises."""
    group = session.scalar(select(Group).where(Group.slug == slug))
    if group is None:
        raise UnknownGroupError(slug)
    return keep_table(session, content=content, name=name, group=group, by=COMMAND_LINE, kind=kind)


def reading(session: Session, file: ChargeFile, said: dict[str, Any]) -> Reading:
    """Return how a table is read: as is guessed or was the last time, except for what was said."""
    known = reading_of(session, file=file, table=table_of(file)).stored()
    columns = {**known["columns"], **said["columns"]}
    return Reading.of({**known, **{name: value for name, value in said.items() if value}, "columns": columns})


def confirmed(house: House, run_id: int) -> Run:
    """Confirm what a preview shows, and drive it on."""
    with house.work() as session:
        shown = preview_of(session, run_id=run_id)
        confirm(session, run_id=run_id, seen=shown.fingerprint if shown else None)
    return house.drive(run_id)


def told(house: House, run: Run, *, done: str, would: str, nothing: str) -> Answer:
    """Tell what became of a table: what was done, what would be, or the faults for which nothing was."""
    figures = {"run": run.id, "state": run.state, "total": run.total, **run.result}
    if run.result.get("refused"):
        with house.work() as session:
            wrong = [
                f"line {one.line}, {one.column or '–'} {one.value!r}: {one.reason % one.said}"
                for one in faults(session, run_id=run.id)
            ]
        return Answer({**figures, "errors": wrong}, [f"Refused, {nothing}:", *wrong], ok=False)
    if "issued" in run.result:
        lines = [f"Run {run.id}: {run.result['issued']} invoices {done}"]
    else:
        lines = [f"Run {run.id}: {run.total} invoices {would}; confirm with: kontingent runs confirm {run.id}"]
    left_out = run.result.get("excluded") or {}
    return Answer(figures, lines + [f"  {count} left out: {reason}" for reason, count in left_out.items()])


def parted(written: str, fields: Collection[str]) -> tuple[str, str]:
    """Return the field and the column's name of FIELD=NAME; raise BadParameter."""
    what, mark, name = written.partition("=")
    if not mark or what not in fields:
        raise click.BadParameter(f"{written!r} is not FIELD=NAME with one of {', '.join(fields)}.")
    return what, name
