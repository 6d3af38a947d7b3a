"""The schedule: what begins by itself, whether it rests, from which hour, and how it went the last time."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from flask_wtf import FlaskForm

from admin.setup.fields import Fact, TimeOfDay
from admin.setup.setting import Setting, faults
from admin.setup.timing import badge, changed, coming, last_time, result
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.fields import Day, Text, Tick
from admin.tables.listing import Wanted
from admin.tables.setup_view import Fault, doors_of
from admin.user import require
from dues.access.permissions import Permission
from dues.dates import today
from dues.editing import MissingError
from dues.overview.timetable import Standing, standing_of, standings
from dues.paging import Page
from dues.runs.models import Task
from dues.runs.schedule import DAILY, PausedPastError, schedule
from language import gettext_noop as _
from web.house import session
from web.speech import gettext

TASKS: Final[Mapping[Task, str]] = {
    Task.INVOICES: _("Invoices and renewals"),
    Task.REMINDERS: _("Reminders"),
    Task.MESSAGES: _("Sending of messages"),
    Task.INBOX: _("Reading of the watched folder"),
}
TOLD: Final[Mapping[Task, str]] = {
    Task.INVOICES: _(
        "Each day everything that is due is invoiced. Whoever joins is invoiced at once, also while this rests."
    ),
    Task.REMINDERS: _("Each day everybody is reminded whose invoice is late enough."),
    Task.MESSAGES: _(
        "Mails and letters leave as soon as they wait. Codes that somebody sits and waits for are "
        "sent also while this rests."
    ),
    Task.INBOX: _(
        "Bank files that are put into the watched folder are read as soon as they lie there. Files "
        "can be uploaded also while this rests."
    ),
}


class ScheduleForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """Whether and when something begins by itself."""

    what = Fact(_("What it does"))
    changed = Fact(_("Last changed"))
    paused = Tick(_("It rests"), hint=_("Nothing is lost: what was not done meanwhile is done as soon as it goes on."))
    paused_until = Day(
        _("It goes on by itself on"), optional=True, hint=_("Leave it empty if somebody will let it go on here.")
    )
    reason = Text(_("Why it rests"), optional=True, hint=_("For your colleagues. Needed while it rests."))
    earliest = TimeOfDay(
        _("Not before"),
        optional=True,
        hint=_("Hour and minute of the real day, for example 06:30. Leave it empty to begin with the day."),
    )


class ScheduleView(Setting):
    """What begins by itself."""

    edits = Permission.SCHEDULE_EDIT
    doors: ClassVar[Doors] = doors_of(Permission.SCHEDULE_EDIT)
    door = "schedule"
    address = "/admin/setup/schedule"
    words = _("Schedule")
    about = _("What begins by itself, and how it went the last time. What rests is caught up when it goes on.")
    shelf = _("By itself")
    columns = (
        Column("task", _("What"), lambda row: gettext(TASKS[row.row.task])),
        Column("state", _("State"), lambda row: badge(row.row)),
        Column("next", _("Next"), coming),
        Column("last", _("Last time"), last_time),
        Column("result", _("Result"), result),
    )
    form = ScheduleForm
    can_create = False
    faults = faults(
        "paused",
        {
            PausedPastError: Fault("paused_until", _("Choose a day after today.")),
            MissingError: Fault("reason", _("Write why it rests, for your colleagues.")),
        },
    )

    def read(self, _wanted: Wanted) -> Page[Standing]:
        """Return the tasks."""
        return Page(standings(session()))

    def one(self, key: str) -> Standing | None:
        """Return a task by its name."""
        return standing_of(session(), task=Task(key))

    def key_of(self, row: Standing) -> str:
        """Return the name."""
        return row.row.task.value

    def called(self, row: Standing) -> str:
        """Return what it does."""
        return gettext(TASKS[row.row.task])

    def filled(self, row: Standing) -> Mapping[str, Any]:
        """Return a task as its form shows it."""
        task = row.row
        return {
            "what": gettext(TOLD[task.task]),
            "changed": changed(task),
            "paused": task.paused,
            "paused_until": task.paused_until,
            "reason": task.reason,
            "earliest": task.earliest,
        }

    def fields(self, form: Any) -> list[Any]:
        """Only tasks of each day have an hour."""
        task = form.row.row.task
        hidden = {"earliest"} if task not in DAILY else set()
        if form.row.row.changed_at is None:
            hidden.add("changed")
        return [field for field in super().fields(form) if field.name not in hidden]

    def change(self, row: Standing, form: Any) -> None:
        """Let a task rest, or go on, or begin at another hour."""
        task = row.row.task
        schedule(
            session(),
            task=task,
            paused=form.paused.data,
            until=form.paused_until.data,
            reason=form.reason.data,
            earliest=form.earliest.data if task in DAILY else None,
            on=today(session()),
            by=require().actor,
        )
