"""Runs: the list of them, and the page of one, from its preview to what came of it."""

from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request

from admin import addresses
from admin.group.here import known_here
from admin.office import run_words
from admin.office.actors import Actors
from admin.office.mending import mending
from admin.office.run_found import may_start, run_or_stop
from admin.office.run_page import page_of
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.collection import remind
from dues.invoicing import issue
from dues.invoicing.undo_queries import undoings
from dues.runs.listing import View, listed
from web.house import session
from web.speech import gettext, pgettext

doors = Blueprint("runs", __name__, url_prefix="/admin/runs")

ROWS: Final = 25


@doors.get("/")
@permission(Permission.RUNS_READ)
def runs() -> str:
    """List runs, newest first."""
    wanted = request.args.get("state", "")
    view = View(wanted) if wanted in set(View) else View.ALL
    at = known_here()
    found = listed(
        session(), view=view, below=at.path if at else "", before=_key(request.args.get("before", "")), limit=ROWS + 1
    )
    shown = found[:ROWS]
    return render_template(
        "admin/runs/list.html",
        runs=shown,
        undone=undoings(session(), runs=[run.id for run in shown]),
        words=run_words,
        actors=Actors.of(session(), [run.actor for run in shown]),
        views=_views(view),
        empty=_empty(view),
        older=_address(view, before=shown[-1].uuid) if len(found) > ROWS else "",
        first=_address(view) if "before" in request.args else "",
        may_begin=addresses.may(Permission.RUNS_STEER) and (may_start(issue.KIND) or may_start(remind.KIND)),
    )


@doors.get("/<uuid:public_id>")
@permission(Permission.RUNS_READ)
def run(public_id: UUID) -> str:
    """Show a run: its preview, how far it is, what came of it."""
    found = run_or_stop(public_id)
    return render_template(
        "admin/runs/run.html", page=page_of(found), run=found, words=run_words, addresses=addresses, mending=mending
    )


def _views(here: View) -> list[tuple[str, str, bool]]:
    """Return the tabs: words, address, whether one is there."""
    words = {
        View.ALL: pgettext("runs", "All"),
        View.READY: pgettext("runs", "Waiting for you"),
        View.WORKING: pgettext("runs", "Working"),
        View.PAUSED: pgettext("runs", "Paused"),
        View.FAILED: pgettext("runs", "Failed"),
        View.MEND: pgettext("runs", "With rows to mend"),
        View.AUTOMATIC: pgettext("runs", "Automatic"),
    }
    return [(words[view], _address(view), view is here) for view in View]


def _empty(view: View) -> str:
    words = {
        View.ALL: gettext("Nothing has run yet. Renewals, reminders and bank files will stand here."),
        View.READY: gettext("No preview waits for your word."),
        View.WORKING: gettext("Nothing is at work right now."),
        View.PAUSED: gettext("Nothing is paused."),
        View.FAILED: gettext("Nothing has failed."),
        View.MEND: gettext("Every row has found its way."),
        View.AUTOMATIC: gettext("The clock has started nothing yet."),
    }
    return words[view]


def _address(view: View, *, before: UUID | None = None) -> str:
    return addresses.door("runs.runs", state=None if view is View.ALL else view.value, before=before)


def _key(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
