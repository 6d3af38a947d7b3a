"""The command `kontingent` and its parts."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from cli.answer import REFUSED, WRONG_USAGE, say_json
from cli.audit import audit
from cli.bank import bank
from cli.charge import charge
from cli.clock import clock
from cli.db import db
from cli.demo import demo
from cli.desk import Desk
from cli.export import export
from cli.invoices import invoices
from cli.journal import journal
from cli.messages import messages
from cli.process import process
from cli.reminders import reminders
from cli.runs import runs
from cli.staff import staff
from cli.up import up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.desk import Ports


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kontingent")
def kontingent() -> None:
    """Membership dues: charge, collect, book.

    Every command but `up` takes --json, and exits with 0 (done), 1 (refused, with the reason) or 2 (wrong usage).
    """


_PARTS = (
    *(audit, bank, charge, clock, db, demo, export, invoices, journal, messages, process, reminders, runs, staff),
    up,
)
for _part in _PARTS:
    kontingent.add_command(_part)


def main(ports: Ports, arguments: Sequence[str] | None = None) -> int:
    """Run the command line with what the application binds; return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = kontingent.main(given, prog_name="kontingent", standalone_mode=False, obj=Desk(ports))
    except click.ClickException as error:
        error.show()
        if "--json" in given:
            say_json({"error": error.format_message()})
        return WRONG_USAGE if isinstance(error, click.UsageError) else REFUSED
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return REFUSED
    return code if isinstance(code, int) else 0
