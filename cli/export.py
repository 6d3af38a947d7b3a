"""`kontingent export`: a list, narrowed like at the desk, as a file."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.answer import Answer, answers
from dues.actor import COMMAND_LINE
from dues.lists.columns import Eyes
from dues.lists.export import start_export
from dues.lists.ledgers import LEDGERS, ledger
from dues.lists.models import Format
from dues.lists.narrowed import wanted_of
from dues.lists.pieces import erase, kept
from dues.lists.queries import export_of_run
from language import SUPPORTED, Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.desk import Desk, House

_COLUMNS = "; ".join(f"{name}: {', '.join(one.key for one in found.columns)}" for name, found in LEDGERS.items())


@click.command(epilog=f"Columns: {_COLUMNS}")
@click.argument("name", metavar="LIST", type=click.Choice(list(LEDGERS)))
@click.option("--to", "target", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file.")
@click.option("--format", "written_as", type=click.Choice(list(Format)), help="As the name of the file ends, without.")
@click.option("--where", "wishes", multiple=True, metavar="NAME=VALUE", help="Narrows the list; may be given often.")
@click.option("--column", "columns", multiple=True, metavar="NAME", help="Only this column; may be given often.")
@click.option("--language", type=click.Choice(list(SUPPORTED)), default="en", show_default=True)
@click.option("--filters", is_flag=True, help="Only say what the list can be narrowed by.")
@click.pass_obj
@answers
def export(  # noqa: PLR0917 -- click passes options by name
    desk: Desk,
    name: str,
    target: Path,
    written_as: str | None,
    wishes: tuple[str, ...],
    columns: tuple[str, ...],
    language: str,
    filters: bool,
) -> Answer:
    """Write a LIST into a file: all rows of the house, or those that --where leaves.

    Amounts in --where are minor units, days are like 2026-11-30. The file is written aside and takes its place when it
    is whole; the audit log says that an operator has taken it out.
    """
    if filters:
        names = [field.name for field in dataclasses.fields(ledger(name).wanted)]
        return Answer({"list": name, "filters": names}, [f"{name}: {', '.join(names)}"])
    written = Format(written_as) if written_as else _by_name(target)
    with desk.house() as house:
        run_id = _begun(house, name, wishes, columns or _all(name), (written, language))
        run = house.drive(run_id)
        size = _taken(house, run_id, target)
    told = {"run": run_id, "list": name, "rows": run.result["rows"], "bytes": size, "file": str(target)}
    return Answer(told, [f"{run.result['rows']} rows written to {target} ({size} bytes)"])


def _by_name(target: Path) -> Format:
    ending = target.suffix.removeprefix(".").lower()
    if ending not in set(Format):
        raise click.BadParameter(f"{target.name!r} says neither .csv nor .xlsx; say --format.")
    return Format(ending)


def _all(name: str) -> Sequence[str]:
    return [column.key for column in ledger(name).columns]


def _begun(house: House, name: str, wishes: Sequence[str], columns: Sequence[str], written: tuple[Format, str]) -> int:
    on, found = house.today(), ledger(name)
    wanted = wanted_of(found.wanted, dict(_parted(one) for one in wishes))
    with house.work() as session:
        return start_export(
            session,
            name=name,
            wanted=wanted,
            columns=columns,
            written_as=written[0],
            eyes=Eyes(Language(written[1]), house.settings.time_zone),
            on=on,
            by=COMMAND_LINE,
        ).run_id


def _taken(house: House, run_id: int, target: Path) -> int:
    """Write the file beside its place, put it there whole, and keep no copy in the database."""
    aside = target.with_name(f".{target.name}.part")
    with house.work() as session:
        made = export_of_run(session, run_id=run_id)
        if made is None:
            raise RuntimeError("the run takes nothing out")
        aside.touch(mode=0o600)  # personal data: whoever wrote it decides who else reads it
        with aside.open("wb") as file:
            size = sum(file.write(piece) for piece in kept(session, export_id=made.id))
        aside.replace(target)
        erase(session, export=made)
    return size


def _parted(written: str) -> tuple[str, str]:
    name, mark, value = written.partition("=")
    if not mark:
        raise click.BadParameter(f"{written!r} is not NAME=VALUE.")
    return name.strip().replace("-", "_"), value
