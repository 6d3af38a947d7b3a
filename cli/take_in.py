"""`kontingent invoices take-in` and `pdfs`: invoices that another system issued, and the PDFs that it made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

import click

from cli import tables
from cli.answer import Answer, answers
from cli.identifiers import IDENTIFIER
from dues.actor import COMMAND_LINE
from dues.invoicing.charge_columns import TAKEN_IN
from dues.invoicing.charge_errors import ChargeFileError
from dues.invoicing.charge_file import TAKE_IN
from dues.invoicing.elsewhere_models import Quoted
from dues.invoicing.elsewhere_pdfs import attach_pdfs
from dues.invoicing.pdf_errors import PdfArchiveError
from dues.invoicing.take_in_file import take_table_in
from tablefiles import MAX_BYTES, DateOrder, Notation, TableFileError

if TYPE_CHECKING:
    from cli.desk import Desk, House

_DAYS = {"iso": DateOrder.ISO, "day-first": DateOrder.DAY_FIRST, "month-first": DateOrder.MONTH_FIRST}


@click.command("take-in")
@click.argument("file", type=click.File("rb"))
@click.option("--group", required=True, metavar="SLUG", help="The group whose creditor they are owed to.")
@click.option("--from", "source", required=True, metavar="NAME", help="The system that issued them.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=NAME",
    help=f"Which column holds what: {', '.join(TAKEN_IN)}. Guessed, or as the last time, without it.",
)
@click.option(
    "--references", type=click.Choice([kind.value for kind in Quoted]), help="What sort of reference they bear."
)
@click.option("--days", type=click.Choice(list(_DAYS)), help="How days are written.")
@click.option(
    "--notation", type=click.Choice([notation.value for notation in Notation]), help="How numbers are written."
)
@click.option("--system", default="", metavar="NAME", help="Whose external ids they are.")
@click.option("--account", default="", metavar="NUMBER", help="Revenue account of lines that name none.")
@click.option("--confirm", "confirmed", is_flag=True, help="Take in what the preview shows.")
@click.pass_obj
@answers
def take_in(  # noqa: PLR0917 -- click passes options by name
    desk: Desk,
    file: BinaryIO,
    group: str,
    source: str,
    columns: tuple[str, ...],
    references: str | None,
    days: str | None,
    notation: str | None,
    system: str,
    account: str,
    confirmed: bool,
) -> Answer:
    """Take in the invoices that FILE, a CSV or XLSX table, lists: all of them, or none and the list of what is wrong.

    They were issued by another system: they keep its numbers, references and days, and are never sent. Without
    --confirm it ends with the preview: kontingent runs confirm RUN.
    """
    said: dict[str, Any] = {
        "columns": dict(tables.parted(one, TAKEN_IN) for one in columns),
        "quoted": references,
        "dates": _DAYS[days] if days else None,
        "notation": notation,
        "system": system,
        "account": account,
        "source": source,
    }
    content, name = file.read(MAX_BYTES + 1), str(getattr(file, "name", "-")).rpartition("/")[2]
    with desk.house() as house:
        try:
            run_id = _begun(house, content, name, group, said)
        except (TableFileError, ChargeFileError) as error:
            return Answer({"errors": [str(error)]}, [f"Refused, nothing is taken in: {error}"], ok=False)
        run = house.drive(run_id)
        if confirmed and not run.result.get("refused"):
            run = tables.confirmed(house, run_id)
        return tables.told(house, run, done="taken in", would="would be taken in", nothing="nothing is taken in")


@click.command()
@click.argument("run", type=IDENTIFIER)
@click.argument("archive", type=click.File("rb"))
@click.pass_obj
@answers
def pdfs(desk: Desk, run: int, archive: BinaryIO) -> Answer:
    """Attach the PDFs of ARCHIVE, a ZIP, to the invoices that RUN took in: each is called by its invoice's number."""
    with desk.house() as house:
        try:
            with house.work() as session:
                found = attach_pdfs(session, run_id=run, archive=archive, by=COMMAND_LINE)
        except PdfArchiveError as error:
            return Answer({"errors": [str(error)]}, [f"Refused, nothing is attached: {error}"], ok=False)
    figures = {
        "attached": len(found.attached),
        "there": found.there,
        "unknown": found.unknown,
        "no_pdf": found.no_pdf,
    }
    lines = [f"{len(found.attached)} PDFs attached"]
    lines += [f"  has one already: {name}" for name in found.there]
    lines += [f"  no such invoice: {name}" for name in found.unknown]
    lines += [f"  is no PDF: {name}" for name in found.no_pdf]
    return Answer(figures, lines, ok=not (found.unknown or found.no_pdf))


def _begun(house: House, content: bytes, name: str, slug: str, said: dict[str, Any]) -> int:
    on = house.today()
    with house.work() as session:
        file = tables.kept(session, content=content, name=name, slug=slug, kind=TAKE_IN)
        reading = tables.reading(session, file, said)
        return take_table_in(session, file=file, reading=reading, on=on, by=COMMAND_LINE).id
