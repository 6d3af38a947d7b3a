"""`kontingent charge`: a table of lines becomes invoices, one for each person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

import click

from cli import tables
from cli.answer import Answer, answers
from cli.days import DAY
from dues.actor import COMMAND_LINE
from dues.invoicing.charge_columns import CHARGED
from dues.invoicing.charge_errors import ChargeFileError
from dues.invoicing.charge_file import KIND, charge_table
from tablefiles import MAX_BYTES, Notation, TableFileError

if TYPE_CHECKING:
    import datetime as dt

    from cli.desk import Desk, House


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--group", required=True, metavar="SLUG", help="The group that charges.")
@click.option("--due", type=DAY, metavar="DATE", help="To be paid by; the creditor's days of payment without it.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=NAME",
    help=f"Which column holds what: {', '.join(CHARGED)}. Guessed, or as the last time, without it.",
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
        "columns": dict(tables.parted(one, CHARGED) for one in columns),
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
            run = tables.confirmed(house, run_id)
        return tables.told(house, run, done="issued", would="would be issued", nothing="nothing is charged")


def _begun(house: House, content: bytes, name: str, slug: str, said: dict[str, Any]) -> int:
    on = house.today()
    with house.work() as session:
        file = tables.kept(session, content=content, name=name, slug=slug, kind=KIND)
        reading = tables.reading(session, file, said)
        return charge_table(session, file=file, reading=reading, on=on, by=COMMAND_LINE).id
