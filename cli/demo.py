"""`kontingent demo`: an organisation to try things out with."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from cli.answer import Answer, answers
from database.connect import Role
from dues import dates
from dues.demo.build import build, measure
from dues.demo.desks import take_in
from dues.demo.paperwork.diary import FEWEST_MEMBERS, keep_diary
from dues.demo.servers import lay_folders_out, write_server_down

if TYPE_CHECKING:
    from cli.desk import Desk, House
    from dues.demo.build import Counts


@click.command()
@click.option("--members", type=click.IntRange(min=1), required=True, metavar="N", help="How many memberships.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same organisation.")
@click.pass_obj
@answers
def demo(desk: Desk, members: int, seed: int) -> Answer:
    """Make a national organisation of groups, creditors, persons and memberships."""
    with desk.house() as house:
        made = fill(house, members=members, seed=seed)
    figures = {"groups": made.groups, "persons": made.persons, "memberships": made.memberships}
    return Answer(figures, [f"{made.groups} groups, {made.persons} persons, {made.memberships} memberships"])


def fill(house: House, *, members: int, seed: int) -> Counts:
    """Build the demonstration; raise NotEmptyError where there is an organisation already."""
    with house.work() as session:
        today = dates.today(session)
        made = build(session, members=members, seed=seed, today=today)
        take_in(session, on=today)
        write_server_down(session, secret=house.settings.signing_key())
        lay_folders_out(session, inbox=house.settings.inbox)
    measure(house.database.owner)
    if members >= FEWEST_MEMBERS:
        jobs, staff = house.database.opener(Role.JOBS), partial(house.database.unit_of_work, Role.STAFF)
        keep_diary(jobs, house.work, staff, today=today, seed=seed)
    return made
