"""`kontingent clock`: the business day that every face and process reads."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from cli.answer import Answer, answers
from cli.days import DAY
from dues import dates

if TYPE_CHECKING:
    from cli.desk import Desk


@click.command()
@click.option("--set", "to", type=DAY, metavar="DATE", help="Put the clock at this day.")
@click.option("--advance", type=click.IntRange(min=0), metavar="DAYS", help="Move the clock on.")
@click.pass_obj
@answers
def clock(desk: Desk, to: dt.date | None, advance: int | None) -> Answer:
    """Show or move the business clock. It moves on with the real days by itself."""
    if to is not None and advance is not None:
        raise click.UsageError("Give --set or --advance, not both.")
    with desk.house() as house, house.work() as session:
        if advance is not None:
            to = dates.today(session) + dt.timedelta(days=advance)
        if to is not None:
            dates.set_clock(session, to=to, real=house.real_day())
        today = dates.today(session)
    return Answer({"today": today.isoformat()}, [today.isoformat()])
