"""Columns of generated tables: what stands in a cell, and whether it is a number."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from language import gettext_noop as _
from web.speech import gettext, reader

Cell = Callable[[Any], object]
"""Makes a row's cell: text, a number, a day, or markup of our own macros."""

NOTHING: Final = "–"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``words`` is its head, marked for translation.

    Without a ``cell`` the row's attribute of the same name is shown. A ``number`` stands at the right. An ``order``
    names what the list can be sorted by; only lists that an index serves have one.
    """

    key: str
    words: str
    cell: Cell | None = None
    number: bool = False
    order: str = ""


def shown(value: object) -> str | Markup:
    """Return a value as a cell shows it: words for yes, no and nothing, days as the reader writes them."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return gettext(_("Yes")) if value else gettext(_("No"))
    if isinstance(value, dt.datetime):
        return reader().date(value.date())
    if isinstance(value, dt.date):
        return reader().date(value)
    if isinstance(value, int):
        return reader().number(value)
    return value if isinstance(value, Markup) else str(value)
