"""The boxes in which a plan of parts is written, read wherever one is chosen."""

import datetime as dt
from typing import Final

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField

from admin.office.boxes import Boxes
from dues.invoicing.due_days import latest_due
from dues.invoicing.instalment_models import PartUnit
from dues.invoicing.instalments import FARTHEST, FEWEST, MOST, Plan
from language import gettext_noop as _
from web.speech import gettext, reader

PARTS: Final = _("Write a number from %(least)s to %(most)s.")
_DAY: Final = _("Choose a day from %(first)s to %(last)s.")


class PlanForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """How many parts, the first by when, every how many weeks or months; what was open, and the key of the form."""

    parts = StringField()
    first_on = StringField()
    every = StringField()
    unit = StringField()
    seen = HiddenField()
    key = HiddenField()


def read_plan(form: FlaskForm, *, amount: int, on: dt.date) -> Plan | None:
    """Return what stands in the boxes as a plan for an amount; None where a fault was left at one of them."""
    boxes = Boxes(form)
    parts = _number(boxes, "parts", FEWEST, min(MOST, max(amount, FEWEST)))
    every = _number(boxes, "every", 1, FARTHEST)
    first = gettext(_DAY, first=reader().long_date(on), last=reader().long_date(latest_due(on)))
    first_on = boxes.day("first_on", first)
    if first_on is not None and not on <= first_on <= latest_due(on):
        boxes.fault("first_on", first)
    unit = PartUnit.WEEK if boxes.text("unit") == PartUnit.WEEK else PartUnit.MONTH
    if not boxes.hand_over() or first_on is None:
        return None
    return Plan(parts, first_on, every, unit)


def _number(boxes: Boxes, box: str, least: int, most: int) -> int:
    written = boxes.text(box)
    number = int(written) if written.isascii() and written.isdecimal() and len(written) <= len(str(MOST)) else 0
    if number not in range(least, most + 1):
        boxes.fault(box, gettext(PARTS, least=least, most=most))
    return number


def units() -> list[tuple[str, str]]:
    """Return what may lie between two parts, with the words for it."""
    return [(PartUnit.MONTH.value, gettext(_("months"))), (PartUnit.WEEK.value, gettext(_("weeks")))]


def parts_offered() -> list[tuple[str, str]]:
    """Return in how many parts something may be paid by the month, with the words for it."""
    many = [(str(number), gettext("in %(number)s instalments", number=number)) for number in range(FEWEST, MOST + 1)]
    return [("1", gettext(_("all at once"))), *many]
