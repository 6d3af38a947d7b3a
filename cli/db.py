"""`kontingent db`: the database's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.answer import Answer, answers
from database import migrate
from dues import dates

if TYPE_CHECKING:
    from cli.desk import Desk, House


@click.group()
def db() -> None:
    """The database."""


@db.command()
@click.pass_obj
@answers
def upgrade(desk: Desk) -> Answer:
    """Run every migration that is missing; safe to repeat, and at once on several machines."""
    with desk.house() as house:
        revision = bring_up(house)
    return Answer({"revision": revision}, [f"The database is at revision {revision}."])


def bring_up(house: House) -> str:
    """Migrate the database, start its clock if it has never run, and return the revision."""
    revision = migrate.upgrade(house.database.owner)
    with house.work() as session:
        try:
            dates.today(session)
        except dates.ClockNotSetError:
            day = house.real_day()
            dates.set_clock(session, to=day, real=day)
    return revision
