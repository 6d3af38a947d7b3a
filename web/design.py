"""Every component in every state on one page, in the look of either face; for development only."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, abort, render_template, request
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField

from dues.access.declare import public
from dues.invoicing import standing
from web import states
from web.house import house
from web.notes import Note
from web.states import State

doors = Blueprint("design", __name__)

_SHEETS: Final = {"desk": "desk.css", "public": "site.css"}
_DAY: Final = dt.date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of a timeline as the macro takes it."""

    at: dt.date
    when: str
    words: str
    by: str
    minor: int | None = None
    currency: str = "SEK"
    planned: bool = False
    marked: bool = False
    tone: str = "quiet"
    address: str = ""


class SampleForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """One field of each kind."""

    name = StringField()
    birth = StringField()
    language = StringField()
    words = StringField()
    shortcuts = BooleanField()


@doors.get("/design")
@public
def design() -> str:
    """Show all components; there is no such page outside development."""
    if not house().settings.development:
        abort(404)
    face = request.args.get("face", "desk")
    return render_template(
        "design.html",
        sheet=_SHEETS.get(face, _SHEETS["desk"]),
        face=face,
        axes=_axes(),
        strip=_strip(),
        notes=[Note("Booked on 4711.", "/design", "good"), Note("Nothing was booked.", "", "warn")],
        happenings=_happenings(),
        runs=_runs(),
        chart=_chart(),
        form=_form(),
        tones=("good", "info", "warn", "bad", "hold", "quiet"),
        icons=_ICONS,
    )


_ICONS: Final = (
    *("page", "empty", "half", "full", "clock", "envelope", "bell", "bars", "check", "warn", "cross", "info", "search"),
    *(
        "person",
        "group",
        "bank",
        "money",
        "gear",
        "book",
        "day",
        "older",
        "newer",
        "undo",
        "upload",
        "download",
        "plus",
    ),
    *("print", "run", "menu", "out", "list", "home", "look"),
)


def _axes() -> list[list[State]]:
    dunned = [states.dunning(one, level=1) for one in standing.Dunning]
    held = [states.hold(one) for one in standing.Hold]
    return [
        [states.document(one) for one in standing.Document],
        [states.settlement(one) for one in standing.Settlement],
        [states.delivery(one) for one in standing.Delivery],
        [state for state in dunned if state],
        [state for state in held if state],
    ]


def _strip() -> list[State]:
    found = [
        states.document(standing.Document.ISSUED).told("1 October 2026"),
        states.settlement(standing.Settlement.PART_PAID).told("250.00 of 600.00 SEK"),
        states.delivery(standing.Delivery.DELIVERED).told("E-mail, 1 October 2026"),
        states.dunning(standing.Dunning.REMINDED, level=1),
        states.hold(standing.Hold.COMPLAINT),
    ]
    return [state for state in found if state]


def _happenings() -> list[Happening]:
    day = _DAY
    return [
        Happening(day, "3 Dec 2026", "Reminder 2", "", 35000, planned=True),
        Happening(day, "18 Nov 2026", "Complaint registered", "Economist", marked=True, tone="hold"),
        Happening(day, "12 Nov 2026", "Reminder 1 sent by e-mail", "Automatic", marked=True, tone="warn"),
        Happening(
            day, "4 Nov 2026", "Payment received", "Bank file", 25000, marked=True, tone="good", address="/design"
        ),
        Happening(day, "1 Oct 2026", "Invoice 4711 issued", "Automatic", 60000),
    ]


def _runs() -> list[dict[str, Any]]:
    return [
        {
            "name": "Renewals 1 December",
            "state": State("run", "Working", "info", "half"),
            "state_key": "working",
            "total": 18204,
            "done": 11870,
            "moving": True,
            "percent": "65%",
            "words": "11,870 of 18,204, about 20 seconds left",
        },
        {
            "name": "Renewals 1 November",
            "state": State("run", "Done", "good", "check"),
            "state_key": "done",
            "words": "18,204 invoices were issued.",
        },
    ]


def _chart() -> dict[str, Any]:
    heights = ((40, 34), (52, 49), (61, 58), (46, 52), (70, 55), (84, 70), (90, 80), (78, 74))
    bars = [
        bar
        for place, (now, before) in enumerate(heights)
        for bar in (
            {"kind": "now", "x": 10 + place * 50, "y": 110 - now, "width": 22, "height": now},
            {"kind": "before", "x": 34 + place * 50, "y": 110 - before, "width": 8, "height": before},
        )
    ]
    return {
        "id": "sample",
        "width": 410,
        "height": 110,
        "bars": bars,
        "labels": [f"w {place + 40}" for place in range(len(heights))],
        "legend": [{"kind": "now", "words": "Last 8 weeks"}, {"kind": "before", "words": "The 8 weeks before"}],
        "conclusion": "More money came in than in the eight weeks before",
    }


def _form() -> SampleForm:
    form = SampleForm(
        meta={"csrf": False}, name="Alva Fors", birth="31 2 2015", language="nb", words="", shortcuts=True
    )
    form.birth.errors = ["Write the birth date as day, month and year, for example 27 3 2015."]
    return form
