"""The form that asks until when something is left alone, and why."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from flask_wtf import FlaskForm
from wtforms import StringField

from admin.office.boxes import Boxes
from dues.collection.hold import LONGEST
from dues.collection.models import HoldReason
from language import gettext_noop as _
from web.speech import gettext

_DAY: Final = _("Choose the last day of the pause, from today on and within two years.")


class HoldForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """Why, until when, and what colleagues should know."""

    reason = StringField()
    until = StringField()
    note = StringField()


@dataclass(frozen=True, slots=True)
class Pause:
    """What a faultless form says."""

    reason: HoldReason
    until: dt.date
    note: str


def read_pause(form: HoldForm, *, today: dt.date) -> Pause | None:
    """Return what the form says, None where something is to be corrected."""
    boxes = Boxes(form)
    reason = boxes.text("reason")
    if reason not in set(HoldReason):
        boxes.fault("reason", gettext(_("Choose why.")))
    until = boxes.day("until", _DAY)
    if until is not None and not today <= until <= today + LONGEST:
        boxes.fault("until", gettext(_DAY))
    written = boxes.text("note")
    if not boxes.hand_over() or until is None:
        return None
    return Pause(HoldReason(reason), until, written)
