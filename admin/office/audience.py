"""To whom a template goes, and on which days, as somebody writes it; refused with a sentence beside the box."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from uuid import UUID, uuid4

from flask import abort, request

from admin.office.boxes import LONGEST, tidy
from dues.folding import folded
from dues.groups.find import Found, find_groups
from dues.invoicing.bulk import Audience
from dues.invoicing.template_models import InvoiceTemplate
from dues.members.models import Person
from dues.overview.person_file import find_person
from dues.recurrence import Recurrence, RecurrenceError, Unit
from language import gettext_noop as _
from web.house import session
from web.speech import gettext

_FEW = 20
_BOXES = ("group", "slug", "type", "person", "every", "unit", "day", "nth", "weekday", "from", "until", "how")


@dataclass(frozen=True)
class Sheet:
    """The boxes as they stand, what is wrong at them, and the groups to choose from where several are called so."""

    boxes: dict[str, str]
    below: bool = True
    key: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    offered: Sequence[Found] = ()

    def box(self, name: str) -> SimpleNamespace:
        """Return a box as the macros of all faces draw it."""
        errors = [self.errors[name]] if name in self.errors else []
        return SimpleNamespace(id=name, name=name, data=self.boxes.get(name, ""), errors=errors)

    @property
    def person(self) -> Person | None:
        """The one person whom it is for; None where it is for a group."""
        written = self.boxes["person"]
        if not written:
            return None
        try:
            found = find_person(session(), public_id=UUID(written))
        except ValueError:
            abort(404)
        return found or abort(404)


def empty_sheet(on: dt.date) -> Sheet:
    """Return the boxes as they stand before anything is written."""
    boxes = dict.fromkeys(_BOXES, "")
    boxes |= {"every": "1", "unit": Unit.MONTH, "day": "1", "nth": "1", "how": "open"}
    boxes |= {"from": (on + dt.timedelta(days=1)).isoformat(), "person": request.args.get("person", "")}
    return Sheet(boxes, key=str(uuid4()))


def read_sheet() -> Sheet:
    """Return the boxes as they were sent."""
    boxes = {name: tidy(request.form.get(name))[:LONGEST] for name in _BOXES}
    try:
        key = str(UUID(request.form.get("key", "")))
    except ValueError:
        key = str(uuid4())
    return Sheet(boxes, below="below" in request.form, key=key)


def read_audience(
    sheet: Sheet, template: InvoiceTemplate, types: Callable[[], Sequence[int]]
) -> tuple[Audience, Sheet]:
    """Return to whom it goes, and the sheet with what is wrong; without a group it is the template's own."""
    person = sheet.person
    if person is not None:
        return Audience(person_id=person.id), sheet
    group_id, sheet = _group(sheet, template)
    type_id = next((one for one in types() if str(one) == sheet.boxes["type"]), None)
    return Audience(group_id, sheet.below, type_id), sheet


def _group(sheet: Sheet, template: InvoiceTemplate) -> tuple[int, Sheet]:
    written = folded(sheet.boxes["group"])
    if not written:
        return template.group_id, sheet
    found = find_groups(session(), wanted=written, limit=_FEW)
    same = [one for one in found if folded(one.name) == written] or found
    chosen = same[0] if len(same) == 1 else next((one for one in same if one.slug == sheet.boxes["slug"]), None)
    if chosen is not None:
        return chosen.id, sheet
    words = _("Several groups are called like this. Choose one.")
    if not same:
        words = _("No group is called that. Write some of its name or place.")
    errors = {**sheet.errors, "group": gettext(words)}
    return template.group_id, Sheet(sheet.boxes, sheet.below, sheet.key, errors, same)


def read_calendar(sheet: Sheet) -> Recurrence | dict[str, str]:
    """Return the days that are written, or what is wrong at which box."""
    boxes, errors = sheet.boxes, {}
    first, last = _day(boxes["from"]), _day(boxes["until"])
    if first is None:
        errors["from"] = gettext(_("Choose the first day."))
    if (boxes["until"] and last is None) or (first and last and last < first):
        errors["until"] = gettext(_("Choose a day after the first one, or leave it empty."))
    weekday = _number(boxes["weekday"])
    unit = Unit(boxes["unit"]) if boxes["unit"] in set(Unit) else Unit.MONTH
    if unit is Unit.WEEK and weekday is None:
        errors["weekday"] = gettext(_("Choose the weekday."))
    if errors or first is None:
        return errors
    of_month = unit is not Unit.WEEK
    try:
        return Recurrence(
            _number(boxes["every"]) or 0,
            unit,
            first,
            last,
            day=_number(boxes["day"]) if of_month and weekday is None else None,
            weekday=weekday,
            nth=_number(boxes["nth"]) if of_month and weekday is not None else None,
        )
    except RecurrenceError:
        return {"every": gettext(_("Write a number from 1 to 99."))}


def _day(written: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        return None


def _number(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 3 else None  # noqa: PLR2004 -- two digits
