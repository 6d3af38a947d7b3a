"""Cells of the schedule: whether a task rests, when it begins next, and what came of it the last time."""

import datetime as dt
from collections.abc import Mapping
from typing import cast

from flask import get_template_attribute
from markupsafe import Markup

from admin.addresses import address
from dues.access.models import Staff
from dues.dates import today
from dues.overview.timetable import Standing
from dues.runs.models import Run, RunState, ScheduledTask
from dues.runs.schedule import DAILY, is_paused
from language import gettext_noop as _
from web.house import house, session
from web.number_of import number_of
from web.speech import gettext, pgettext, reader
from web.states import State


def badge(task: ScheduledTask) -> Markup:
    """Return whether a task rests, and until when."""
    draw = get_template_attribute("parts/badge.html", "badge")
    if not is_paused(task, on=today(session())):
        return cast("Markup", draw(State("schedule", pgettext("schedule", "On"), "good", "check")))
    state = State("schedule", pgettext("schedule", "Rests"), "hold", "bars")
    return Markup("{} <span class='fact'>{}</span>").format(draw(state), task.reason)


def coming(standing: Standing) -> str:
    """Return when a task begins next."""
    task, on = standing.row, today(session())
    if is_paused(task, on=on):
        return reader().date(task.paused_until) if task.paused_until else gettext(_("When somebody lets it go on"))
    if task.task not in DAILY:
        return gettext(_("As soon as something waits"))
    begun = standing.run is not None and standing.run.business_day >= on
    day = on + dt.timedelta(days=1) if begun else on
    if task.earliest is None:
        return reader().date(day)
    return gettext(_("%(day)s, from %(time)s"), day=reader().date(day), time=task.earliest.strftime("%H:%M"))


def last_time(standing: Standing) -> str:
    """Return when a task was done the last time."""
    if standing.run is not None:
        return reader().date(standing.run.business_day)
    at = standing.row.last_at
    return _moment(at) if at else ""


def _moment(at: dt.datetime) -> str:
    here = at.astimezone(house().settings.time_zone)
    return f"{reader().date(here.date())} {here.strftime('%H:%M')}"


def result(standing: Standing) -> str | Markup:
    """Return what came of it, with the run behind it."""
    if standing.run is None:
        return _done(standing.row.last_result)
    words = _ended(standing.run)
    to = address("runs.run", public_id=standing.run.uuid)
    return Markup('<a href="{}">{}</a>').format(to, words) if to else words


def _done(noted: Mapping[str, int]) -> str:
    parts = []
    if "sent" in noted:
        parts.append(_count("%(count)s sent", "%(count)s sent", noted["sent"]))
    if noted.get("failed"):
        parts.append(_count("%(count)s not sent", "%(count)s not sent", noted["failed"]))
    if "files" in noted:
        parts.append(_count("%(count)s file", "%(count)s files", noted["files"]))
    return ", ".join(parts)


def _ended(run: Run) -> str:
    if run.state is RunState.DONE and "issued" in run.result:
        return _count("%(count)s issued", "%(count)s issued", int(run.result["issued"]))
    words = {
        RunState.DONE: pgettext("run", "Done"),
        RunState.FAILED: pgettext("run", "Failed"),
        RunState.READY: pgettext("run", "Waits to be confirmed"),
        RunState.PAUSED: pgettext("run", "Paused"),
        RunState.DISCARDED: pgettext("run", "Discarded"),
    }
    return words.get(run.state, pgettext("run", "Under way"))


def _count(one: str, several: str, number: int) -> str:
    return reader().ngettext(one, several, number, count=reader().number(number))


def changed(task: ScheduledTask) -> str:
    """Return who changed a task last, and when."""
    if task.changed_at is None:
        return ""
    kind, _colon, number = (task.changed_by or "").partition(":")
    staff = session().get(Staff, number_of(number) or 0) if kind == "staff" else None
    return f"{_moment(task.changed_at)}, {staff.name if staff else task.changed_by}"
