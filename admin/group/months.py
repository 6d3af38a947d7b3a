"""Members in and out by month as a picture: bars side by side, the conclusion as a sentence, the table behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from admin.office.weeks import Bar, Key
from dues.overview.group_day import Month
from web.speech import gettext, pgettext, reader

_SLOT: Final = 50
_HEIGHT: Final = 100
_WIDE: Final = 16


@dataclass(frozen=True, slots=True)
class Picture:
    """What the chart macro draws, and the rows of its table."""

    conclusion: str
    bars: tuple[Bar, ...]
    labels: tuple[str, ...]
    legend: tuple[Key, ...]
    months: Sequence[Month]
    width: int
    id: str = "in-and-out"
    height: int = _HEIGHT


def picture(found: Sequence[Month]) -> Picture | None:
    """Draw the months; nothing where nobody came and nobody went."""
    most = max((max(month.came, month.went) for month in found), default=0)
    if not most:
        return None
    bars = [
        bar
        for place, month in enumerate(found)
        for bar in (
            _bar("now", place * _SLOT + 8, month.came, most),
            _bar("before", place * _SLOT + 10 + _WIDE, month.went, most),
        )
    ]
    return Picture(
        conclusion=_conclusion(sum(one.came for one in found), sum(one.went for one in found)),
        bars=tuple(bars),
        labels=tuple(reader().short_month(month.first) for month in found),
        legend=(Key("now", pgettext("members", "Joined")), Key("before", gettext("Left"))),
        months=found,
        width=len(found) * _SLOT,
    )


def _bar(kind: str, x: int, value: int, most: int) -> Bar:
    """One member is a little bar, never none."""
    height = max(value * _HEIGHT // most, 1 if value else 0)
    return Bar(kind, x, _HEIGHT - height, _WIDE, height)


def _conclusion(came: int, went: int) -> str:
    return gettext(
        "%(came)s joined and %(went)s left in the last 12 months.",
        came=reader().number(came),
        went=reader().number(went),
    )
