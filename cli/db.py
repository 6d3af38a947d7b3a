"""`kontingent db`: the database's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.answer import Answer, answers

if TYPE_CHECKING:
    from cli.desk import Desk


@click.group()
def db() -> None:
    """The database."""


@db.command()
@click.pass_obj
@answers
def upgrade(desk: Desk) -> Answer:
    """Run every migration that is missing; safe to repeat, and at once on several machines."""
    with desk.house() as house:
        revision = house.bring_up()
    return Answer({"revision": revision}, [f"The database is at revision {revision}."])
