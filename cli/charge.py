"""`kontingent charge`: a table of lines becomes invoices, one for each person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

import click
from sqlalchemy import select

from cli.answer import Answer, answers
from cli.days import DAY
from dues.actor import COMMAND_LINE
from dues.groups.models import Group
from dues.invoicing.charge_columns import Field, Reading
from dues.invoicing.charge_errors import ChargeFileError
from dues.invoicing.charge_file import charge_table, faults, keep_table, reading_of, table_of
from dues.invoicing.errors import UnknownGroupError
from dues.runs.preview import preview_of
from dues.runs.start import confirm
from tablefiles import MAX_BYTES, Notation, TableFileError

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from cli.desk import Desk, House
    from dues.invoicing.charge_models import ChargeFile
    from dues.runs.models import Run


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--group", required=True, metavar="SLUG", help="The group that charges.")
@click.option("--due", type=DAY, metavar="DATE", help="To be paid by; the creditor's days of payment without it.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=NAME",
    help=f"Which column holds what: {', '.join(Field)}. Guessed, or as the last time, without it.",
)
@click.option("--notation", type=click.Choice(list(Notation)), help="How numbers are written.")
@click.option("--system", default="", metavar="NAME", help="Whose external ids they are.")
@click.option("--account", default="", metavar="NUMBER", help="Revenue account of lines that name none.")
@click.option("--confirm", "confirmed", is_flag=True, help="Issue what the preview shows.")
@click.pass_obj
@answers
def charge(  # noqa: PLR0917 -- click passes options by name
    desk: Desk,
    file: BinaryIO,
    group: str,
    due: dt.date | None,
    columns: tuple[str, ...],
    notation: str | None,
    system: str,
    account: str,
    confirmed: bool,
) -> Answer:
    """Charge the lines of FILE, a CSV or XLSX table: all of them, or none and the list of what is wrong.

    Without --confirm it ends with the preview: kontingent runs confirm RUN.
    """
    said: dict[str, Any] = {
        "columns": dict(_parted(one) for one in columns),
        "notation": notation,
        "system": system,
        "account": account,
        "due_on": due.isoformat() if due else "",
    }
    content, name = file.read(MAX_BYTES + 1), str(getattr(file, "name", "-")).rpartition("/")[2]
    with desk.house() as house:
        try:
            run_id = _begun(house, content, name, group, said)
        except (TableFileError, ChargeFileError) as error:
            return Answer({"errors": [str(error)]}, [f"Refused, nothing is charged: {error}"], ok=False)
        run = house.drive(run_id)
        if confirmed and not run.result.get("refused"):
            run = _confirmed(house, run_id)
        return _told(house, run)


def _begun(house: House, content: bytes, name: str, slug: str, said: dict[str, Any]) -> int:
    on = house.today()
    with house.work() as session:
        group = session.scalar(select(Group).where(Group.slug == slug))
        if group is None:
            raise UnknownGroupError(slug)
        file = keep_table(session, content=content, name=name, group=group, by=COMMAND_LINE)
        return charge_table(session, file=file, reading=_reading(session, file, said), on=on, by=COMMAND_LINE).id


def _reading(session: Session, file: ChargeFile, said: dict[str, Any]) -> Reading:
    known = reading_of(session, file=file, table=table_of(file)).stored()
    columns = {**known["columns"], **said["columns"]}
    return Reading.of({**known, **{name: value for name, value in said.items() if value}, "columns": columns})


def _confirmed(house: House, run_id: int) -> Run:
    with house.work() as session:
        kept = preview_of(session, run_id=run_id)
        confirm(session, run_id=run_id, seen=kept.fingerprint if kept else None)
    return house.drive(run_id)


def _told(house: House, run: Run) -> Answer:
    figures = {"run": run.id, "state": run.state, "total": run.total, **run.result}
    if run.result.get("refused"):
        with house.work() as session:
            wrong = [
                f"line {one.line}, {one.column or '–'} {one.value!r}: {one.reason % one.said}"
                for one in faults(session, run_id=run.id)
            ]
        return Answer({**figures, "errors": wrong}, ["Refused, nothing is charged:", *wrong], ok=False)
    if "issued" in run.result:
        lines = [f"Run {run.id}: {run.result['issued']} invoices issued"]
    else:
        lines = [f"Run {run.id}: {run.total} invoices would be issued; confirm with: kontingent runs confirm {run.id}"]
    left_out = run.result.get("excluded") or {}
    return Answer(figures, lines + [f"  {count} left out: {reason}" for reason, count in left_out.items()])


def _parted(written: str) -> tuple[str, str]:
    what, mark, name = written.partition("=")
    if not mark or what not in set(Field):
        raise click.BadParameter(f"{written!r} is not FIELD=NAME with one of {', '.join(Field)}.")
    return what, name
