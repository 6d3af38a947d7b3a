"""Matching at the desk: look once more at what waits, and try a rule on what has come."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from admin import addresses
from admin.office.match_words import DOUBTS, HOW, RULES, done_words
from admin.user import require
from dues import dates
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.groups.below import creditors
from dues.groups.models import Creditor
from dues.payments.match import start_matching
from dues.payments.match_models import Rule
from dues.payments.match_trial import MOST, Done, Trial, try_rule, who_received
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.number_of import number_of
from web.speech import gettext

doors = Blueprint("matching", __name__, url_prefix="/admin/matching")

_SHOWN: Final = 100
_LONGEST: Final = dt.timedelta(days=366)


@doors.post("/check")
@permission(Permission.PAYMENTS_ALLOCATE)
def check() -> Response:
    """Look once more at all that waits; what is certain is booked in the background."""
    run = start_matching(session(), on=dates.today(session()), by=require().actor)
    run_id, name = run.id, run.uuid
    commit(then=lambda: house().wake.run(run_id))
    note(gettext(_("What waits is looked at again. What is certain is booked.")))
    return redirect(addresses.address("runs.run", public_id=name) or addresses.door("queue.pile"), code=303)


@doors.get("/try")
@permission(Permission.PAYMENTS_READ)
def tried() -> str:
    """Show what a rule would have found in the payments of some days, and what was done with them."""
    today = dates.today(session())
    until = _day("until", today)
    first = _day("from", until - dt.timedelta(days=30))
    fault = ""
    if first > until:
        fault = gettext(_("The first day comes after the last."))
    elif until - first > _LONGEST:
        fault = gettext(_("Choose a year at most."))
    rule = request.args.get("rule", "")
    known = creditors(session())
    creditor_id = number_of(request.args.get("creditor", "")) or _first_paid(known, first, until)
    asked = rule in set(Rule) and creditor_id in {one.id for one in known}
    found = _trial(creditor_id, Rule(rule), first, until) if asked and not fault else None
    return render_template(
        "admin/matching/try.html",
        rules=[(one.value, gettext(words)) for one, words in RULES.items()],
        how={one.value: gettext(words) for one, words in HOW.items()},
        creditors=known,
        creditor_id=creditor_id,
        rule=rule,
        first=first,
        until=until,
        fault=fault,
        found=found,
        shown=found.hits[:_SHOWN] if found else (),
        most=MOST,
        kinds=Done,
        done_words=done_words,
        doubts={one: gettext(words) for one, words in DOUBTS.items()},
    )


def _trial(creditor_id: int, rule: Rule, first: dt.date, until: dt.date) -> Trial:
    return try_rule(session(), creditor_id=creditor_id, rule=rule, first=first, until=until)


def _first_paid(known: Sequence[Creditor], first: dt.date, until: dt.date) -> int:
    """Return the first creditor to whom money came on some days, else the first of all."""
    paid = who_received(session(), first=first, until=until)
    return next((one.id for one in known if one.id in paid), known[0].id if known else 0)


def _day(name: str, otherwise: dt.date) -> dt.date:
    try:
        return dates.read_day(request.args.get(name, ""))
    except ValueError:
        return otherwise
