"""How often something comes back, and to whom it goes, in words."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from babel.dates import get_day_names

from admin.office.audience_words import short_words
from dues.invoicing.series import Listed
from dues.overview.person_file import full_name
from dues.recurrence import LAST, LAST_WEEK, Recurrence, Unit
from language import gettext_noop as _
from web.speech import gettext, ngettext, reader

NTH: Final[Mapping[int, str]] = {
    1: _("the first"),
    2: _("the second"),
    3: _("the third"),
    4: _("the fourth"),
    LAST_WEEK: _("the last"),
}


def weekday_words(weekday: int) -> str:
    """Return what a weekday is called, 1 being Monday."""
    return str(get_day_names("wide", locale=reader().locale)[weekday - 1])


def day_words(day: int) -> str:
    """Return what a day of the month is called: the last one where it is 31."""
    return gettext(_("the last day")) if day == LAST else gettext(_("day %(day)s"), day=day)


def often(calendar: Recurrence) -> str:
    """Return how often: "Every 3 months on the last day"."""
    every = calendar.every
    match calendar.unit:
        case Unit.WEEK:
            span = ngettext("Every week", "Every %(num)s weeks", every)
        case Unit.MONTH:
            span = ngettext("Every month", "Every %(num)s months", every)
        case Unit.QUARTER:
            span = ngettext("Every quarter", "Every %(num)s quarters", every)
        case Unit.YEAR:
            span = ngettext("Every year", "Every %(num)s years", every)
    return gettext(_("%(span)s on %(day)s"), span=span, day=_day(calendar))


def until(calendar: Recurrence) -> str:
    """Return from when and until when."""
    first = reader().long_date(calendar.from_on)
    if calendar.until_on is None:
        return gettext(_("From %(first)s until further notice"), first=first)
    return gettext(_("From %(first)s until %(last)s"), first=first, last=reader().long_date(calendar.until_on))


def next_words(listed_next: dt.date | None, *, paused: bool) -> str:
    """Return when it is made next."""
    if listed_next is None:
        return gettext(_("Ended"))
    return gettext(_("Rests")) if paused else reader().long_date(listed_next)


def audience_words(one: Listed) -> str:
    """Return to whom a series goes, in a line of a list."""
    if one.person is not None:
        return full_name(one.person)
    return short_words(one.series.audience, group=one.group.name if one.group else "")


def _day(calendar: Recurrence) -> str:
    if calendar.weekday is None:
        return day_words(calendar.day or 1)
    weekday = weekday_words(calendar.weekday)
    if calendar.nth is None:
        return weekday
    return gettext(_("%(which)s %(weekday)s"), which=gettext(NTH[calendar.nth]), weekday=weekday)
