"""Money by week as a picture: bars beside those of the weeks before, the conclusion as a sentence, the table behind."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from dues.overview.day import WEEKS, Weeks
from web.speech import gettext, reader

_SLOT: Final = 50
_HEIGHT: Final = 100
_NOW, _BEFORE = 22, 10
"""Widths of a week's two bars within its slot."""

_MANIFOLD: Final = 3
"""Beyond so many times as much, a share says less than the two sums."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in units of the picture; ``kind`` is its class."""

    kind: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Key:
    """What bars of a kind stand for."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Week:
    """A row of the table: the first days of the two weeks, and minor units."""

    begins: dt.date
    now: int
    began: dt.date
    before: int


@dataclass(frozen=True, slots=True)
class Picture:
    """What the chart macro draws, and the rows of its table; ``sums`` stand over the bars of now, rounded."""

    id: str
    currency: str
    conclusion: str
    bars: tuple[Bar, ...]
    sums: tuple[str, ...]
    labels: tuple[str, ...]
    legend: tuple[Key, ...]
    weeks: tuple[Week, ...]
    now: int
    before: int
    width: int = WEEKS * _SLOT
    height: int = _HEIGHT


def picture(found: Weeks, *, on: dt.date) -> Picture:
    """Draw the eight weeks that end on a day beside the eight before."""
    weeks = _weeks(found, on)
    return Picture(
        id=f"money-in-{found.currency.lower()}",
        currency=found.currency,
        conclusion=_conclusion(found),
        bars=_bars(found),
        sums=tuple(reader().about(week.now, found.currency) if week.now else "" for week in weeks),
        labels=tuple(reader().short_date(week.begins) for week in weeks),
        legend=(
            Key("now", gettext("The last 8 weeks, by their first day")),
            Key("before", gettext("The 8 weeks before")),
        ),
        weeks=weeks,
        now=sum(found.now),
        before=sum(found.before),
    )


def _weeks(found: Weeks, on: dt.date) -> tuple[Week, ...]:
    first = on - dt.timedelta(days=7 * WEEKS - 1)
    earlier = first - dt.timedelta(weeks=WEEKS)
    return tuple(
        Week(first + dt.timedelta(weeks=place), now, earlier + dt.timedelta(weeks=place), before)
        for place, (now, before) in enumerate(zip(found.now, found.before, strict=True))
    )


def _bars(found: Weeks) -> tuple[Bar, ...]:
    most = max(*found.now, *found.before, 1)
    return tuple(
        bar
        for place, (now, before) in enumerate(zip(found.now, found.before, strict=True))
        for bar in (
            _bar("now", place * _SLOT + 8, _NOW, now, most),
            _bar("before", place * _SLOT + 8 + _NOW + 2, _BEFORE, before, most),
        )
    )


def _bar(kind: str, x: int, width: int, value: int, most: int) -> Bar:
    """A little money is a little bar, never none."""
    height = max(value * _HEIGHT // most, 1 if value else 0)
    return Bar(kind, x, _HEIGHT - height, width, height)


def _conclusion(found: Weeks) -> str:
    now, before = sum(found.now), sum(found.before)
    came, earlier = (reader().money(sum_, found.currency) for sum_ in (now, before))
    if not now:
        return gettext("Nothing came in over the last 8 weeks, and %(earlier)s in the 8 before.", earlier=earlier)
    if not before:
        return gettext("%(came)s came in over the last 8 weeks, and nothing in the 8 before.", came=came)
    if not 1 <= Fraction(max(now, before), min(now, before)) <= _MANIFOLD:
        return gettext(
            "%(came)s came in over the last 8 weeks, and %(earlier)s in the 8 before.", came=came, earlier=earlier
        )
    percent = round(Fraction(100 * (now - before), before))
    if percent == 0:
        return gettext("%(came)s came in over the last 8 weeks, as much as in the 8 before.", came=came)
    share = reader().percent(Decimal(abs(percent)) / 100)
    if percent > 0:
        return gettext(
            "%(came)s came in over the last 8 weeks, %(share)s more than in the 8 before.", came=came, share=share
        )
    return gettext(
        "%(came)s came in over the last 8 weeks, %(share)s less than in the 8 before.", came=came, share=share
    )
