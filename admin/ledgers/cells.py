"""Cells of the long lists: amounts, badges and links, drawn by the macros of all faces."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app, g
from markupsafe import Markup, escape

from admin.tables.columns import NOTHING
from web.house import house
from web.speech import named, reader
from web.states import State


def amount(minor: int | None, currency: str) -> Markup:
    """Return an amount: digits, and the ISO code small beside them."""
    return Markup(_macro("parts/money.html", "amount")(minor, currency))  # noqa: S704 -- a macro's own output


def badges(states: Sequence[State]) -> Markup:
    """Return badges in a row; most rows of a list wear the same, which are drawn once a page."""
    drawn: dict[tuple[State, ...], Markup] = g.setdefault("badges", {})
    worn = tuple(states)
    if worn not in drawn:
        drawn[worn] = Markup(_macro("parts/badge.html", "badges")(states))  # noqa: S704 -- a macro's own output
    return drawn[worn]


def link(words: str, address: str) -> str | Markup:
    """Return words that lead somewhere, plain ones where there is nowhere to lead."""
    return Markup('<a href="%s">%s</a>') % (address, words) if address else words


def under(words: object, fact: object) -> Markup:
    """Return words with a line of fact under them."""
    return Markup('%s<span class="under">%s</span>') % (words, fact) if fact else escape(words)


def number(digits: object) -> Markup:
    """Return a number that is a name: its digits are kept together, and none is put between thousands."""
    return Markup('<span class="digits">%s</span>') % (digits,)


def day(when: dt.date | None) -> Markup:
    """Return a day that stays in one line."""
    return number(reader().date(when)) if when else escape(NOTHING)


def moment(at: dt.datetime | None) -> Markup:
    """Return the moment of a recording: day and time where the house stands."""
    if at is None:
        return escape(NOTHING)
    local = at.astimezone(house().settings.time_zone)
    return number(f"{reader().date(local.date())} {local:%H:%M}")


def called(names: Mapping[str, str]) -> str:
    """Return a name of the organisation's in the reader's language."""
    return named(names) or NOTHING


def _macro(template: str, name: str) -> Any:
    return getattr(current_app.jinja_env.get_template(template).module, name)
