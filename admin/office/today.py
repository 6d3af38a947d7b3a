"""Today: what needs whoever looks, what was done by itself, and how money comes in."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template

from admin.addresses import address
from admin.office.money import by_currency
from admin.office.night import in_a_sentence, works
from admin.office.tasks import Task, tasks
from admin.staff.tasks import second_person_tasks
from admin.user import require
from admin.waits import waits
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.invoicing.ageing import open_by_age
from dues.overview.day import Begun, begun, money_in, night
from web.house import house, session
from web.speech import gettext, ngettext, reader
from web.today import today as business_day

doors = Blueprint("today", __name__, url_prefix="/admin")

_NOON, _EVENING = 12, 18


@dataclass(frozen=True, slots=True)
class Step:
    """A first step of a new installation; without an address it is taken elsewhere."""

    words: str
    why: str
    taken: bool
    address: str


@doors.get("/")
@permission(Permission.DESK_USE)
def today() -> str:
    """Show the day."""
    on = business_day()
    now = house().now()
    start = begun(session())
    found = [*second_person_tasks(), *tasks(waits(), on=on, clerk=require())]
    if not start.members:
        return render_template("admin/today.html", greeting=_greeting(on, now), tasks=found, steps=_steps(start))
    done, all_runs = night(session(), on=on), address("runs.runs")
    return render_template(
        "admin/today.html",
        greeting=_greeting(on, now),
        summary=" ".join(sentence for sentence in (in_a_sentence(done, waits()), _needs(found)) if sentence),
        tasks=found,
        looked_at=_clock(now),
        night=works(done) if all_runs else [],
        night_of=done[0].run.business_day if done else None,
        all_runs=all_runs,
        sums=by_currency(open_by_age(session(), on=on), money_in(session(), on=on), on=on) if _sees_money() else [],
        sees_money=_sees_money(),
    )


def _sees_money() -> bool:
    return require().may(Permission.INVOICES_READ) and require().may(Permission.PAYMENTS_READ)


def _greeting(on: dt.date, now: dt.datetime) -> str:
    name = require().name.split()[0]
    day = reader().full_date(on)
    if now.hour < _NOON:
        return gettext("Good morning, %(name)s. It is %(day)s.", name=name, day=day)
    if now.hour < _EVENING:
        return gettext("Good afternoon, %(name)s. It is %(day)s.", name=name, day=day)
    return gettext("Good evening, %(name)s. It is %(day)s.", name=name, day=day)


def _needs(found: Sequence[Task]) -> str:
    if not found:
        return gettext("Nothing needs you.")
    return ngettext("One thing needs you.", "%(num)s things need you.", len(found))


def _clock(now: dt.datetime) -> str:
    return f"{now:%H:%M}"


def _steps(start: Begun) -> list[Step]:
    return [
        Step(
            gettext("Enter your groups"),
            gettext("The organisation itself, and below it whatever it is made of."),
            start.groups,
            address("groups.index_view"),
        ),
        Step(
            gettext("Say who is owed, and on which account"),
            gettext("A creditor with a bank agreement: its references stand on every invoice."),
            start.account,
            address("creditors.index_view"),
        ),
        Step(
            gettext("Set membership types and prices"),
            gettext("What one can be, and what it costs by age and group."),
            start.prices,
            address("prices.index_view"),
        ),
        Step(
            gettext("Let the first members join"),
            gettext("Share the address of a group's page, or join as a trial yourself."),
            start.members,
            address("home.groups"),
        ),
        Step(
            gettext("Take in the first bank file"),
            gettext("Payments find their invoices by reference and amount."),
            start.bank_file,
            address("bank_files.files"),
        ),
    ]
