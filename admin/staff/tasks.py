"""What waits for a second person, as rows of Today."""

from flask import url_for

from admin.office.tasks import Task
from admin.user import require
from admin.waits import counted
from dues.access.approvals import proposed_by, waiting_for
from web.house import session
from web.speech import gettext, ngettext
from web.states import State

_MOST = 100


def second_person_tasks() -> list[Task]:
    """Return what whoever asks may agree to, and what they wait for themselves."""
    asks = require()
    others = [one for one in waiting_for(session(), rights=asks.rights, limit=_MOST) if one.proposed_by != asks.id]
    mine = proposed_by(session(), staff_id=asks.id)
    rows = []
    if others:
        words = ngettext("Thing that a colleague wants", "Things that colleagues want", len(others))
        rows.append(_task(len(others), words, gettext("It happens only when a second person agrees."), "hold"))
    if mine:
        words = ngettext("Thing that you want", "Things that you want", len(mine))
        rows.append(_task(len(mine), words, gettext("A colleague has to agree. You may withdraw it."), "quiet"))
    return rows


def _task(count: int, words: str, why: str, tone: str) -> Task:
    state = State("task", gettext("Needs two"), tone, "person")
    return Task(counted(count), words, why, state, url_for("approvals.page"))
