"""Starting a run: which kind, for which day, over which groups; it makes a preview, and nothing else."""

import datetime as dt
from typing import Final

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask import Response as Plain
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField

from admin.office.run_found import may_start, may_start_or_stop
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.collection import remind
from dues.dates import read_day, today
from dues.folding import folded
from dues.groups.find import Found, find_groups
from dues.invoicing import issue
from dues.runs.listing import alike
from dues.runs.models import Run
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext, reader

doors = Blueprint("run_begin", __name__, url_prefix="/admin/runs")

AHEAD: Final = 366
"""Days that a run may lie ahead."""
FEW: Final = 20
"""Groups that are offered at once."""
_LONGEST: Final = 200


class RunForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What is to run; ``slug`` is the group chosen of several with the same beginning."""

    kind = StringField()
    day = StringField()
    group = StringField()
    slug = StringField()


@doors.get("/new")
@permission(Permission.RUNS_STEER)
def ask() -> str:
    """Ask what is to run."""
    kind = issue.KIND if may_start(issue.KIND) else remind.KIND
    may_start_or_stop(kind)
    return _form(RunForm(kind=kind, day=today(session()).isoformat()), [])


@doors.post("/new")
@permission(Permission.RUNS_STEER)
def begin() -> str | Response:
    """Start it; what runs already in the same way is shown instead of a second one."""
    form = RunForm()
    kind = remind.KIND if form.kind.data == remind.KIND else issue.KIND
    may_start_or_stop(kind)
    day = _day(form)
    group, offered = (None, []) if kind == remind.KIND else _group(form)
    if day is None or form.errors:
        return _form(form, offered)
    run = _started(kind, day, group)
    address, run_id = run.uuid, run.id
    commit(then=lambda: house().wake.run(run_id))
    return redirect(url_for("runs.run", public_id=address), code=303)


@doors.get("/groups")
@permission(Permission.RUNS_STEER)
def groups() -> Plain:
    """Return the groups whose name begins so, for the box that offers them."""
    beginning = request.args.get("q", "")[:_LONGEST]
    found = find_groups(session(), wanted=beginning, limit=FEW) if folded(beginning) else []
    return jsonify([{"words": one.name, "above": ", ".join(one.above)} for one in found])


def _form(form: RunForm, offered: list[Found]) -> str:
    on = today(session())
    return render_template(
        "admin/runs/new.html",
        form=form,
        offered=offered,
        first=on,
        last=on + dt.timedelta(days=AHEAD),
        kinds=[kind for kind in (issue.KIND, remind.KIND) if may_start(kind)],
        renewals=issue.KIND,
        reminders=remind.KIND,
    )


def _day(form: RunForm) -> dt.date | None:
    on = today(session())
    last = on + dt.timedelta(days=AHEAD)
    try:
        day = read_day(str(form.day.data or "").strip())
    except ValueError:
        form.day.errors = [gettext(_("Choose a day, for example %(day)s."), day=on.isoformat())]
        return None
    if not on <= day <= last:
        words = _("Choose a day from %(first)s to %(last)s.")
        form.day.errors = [gettext(words, first=reader().long_date(on), last=reader().long_date(last))]
        return None
    return day


def _group(form: RunForm) -> tuple[Found | None, list[Found]]:
    """Return the group that was written, and the ones to choose from where it could be several."""
    written = folded(str(form.group.data or "")[:_LONGEST])
    if not written:
        return None, []
    found = find_groups(session(), wanted=written, limit=FEW)
    same = [one for one in found if folded(one.name) == written] or found
    if len(same) == 1:
        return same[0], []
    chosen = next((one for one in same if one.slug == form.slug.data), None)
    if chosen is not None:
        return chosen, []
    words = (
        _("Several groups are called like this. Choose one.")
        if same
        else _("No group is called that. Write some of its name or place.")
    )
    form.group.errors = [gettext(words)]
    return None, same


def _started(kind: str, day: dt.date, group: Found | None) -> Run:
    slug = group.slug if group else None
    there = alike(session(), kind=kind, on=day, scope=issue.scope_of(session(), group=slug))
    if there is not None:
        note(gettext(_("This preview is there already.")))
        return there
    if kind == remind.KIND:
        return remind.start_reminders(session(), on=day, by=require().actor)
    return issue.start_issue(session(), on=day, by=require().actor, group=slug)
