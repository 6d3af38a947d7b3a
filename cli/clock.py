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

# Far from today nothing is meant, and what the clock starts by itself is not taken back by setting it back.
_FIRST, _LAST = dt.date(1990, 1, 1), dt.date(2199, 12, 31)
_FURTHEST = 366 * 100  # days


@click.command()
@click.option("--set", "to", type=DAY, metavar="DATE", help="Put the clock at this day.")
@click.option("--advance", type=click.IntRange(0, _FURTHEST), metavar="DAYS", help="Move the clock on.")
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
            if not _FIRST <= to <= _LAST:
                raise click.UsageError(f"The clock stands between {_FIRST} and {_LAST}.")
            dates.set_clock(session, to=to, real=house.real_day())
        today = dates.today(session)
    return Answer({"today": today.isoformat()}, [today.isoformat()])
