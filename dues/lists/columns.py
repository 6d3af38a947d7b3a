"""What a column of a list that is taken out is: its head, and what stands in it."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from language import Language, decimals, pick
from tablefiles import Value

Words = str | tuple[str, str]
"""Words marked for translation; where they have two meanings, their context and they."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who reads a file: in which language, and where their clocks stand."""

    language: Language
    zone: ZoneInfo

    def said(self, words: Words) -> str:
        """Return marked words as they read them."""
        return self.language.gettext(words) if isinstance(words, str) else self.language.pgettext(*words)

    def named(self, names: Mapping[str, str]) -> str:
        """Return a name of the organisation's in their language, nothing where it has none."""
        return pick(names, self.language.code) if names else ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name among those of its list, its head, and what stands in it of a row."""

    key: str
    words: Words
    cell: Callable[[Any, Eyes], Value]


def plain(key: str, words: Words, attribute: str = "") -> Column:
    """Return a column that shows an attribute of its rows as it is."""
    name = attribute or key
    return Column(key, words, lambda row, _eyes: getattr(row, name))


def moment(key: str, words: Words) -> Column:
    """Return a column of moments, told by the clocks where the organisation is."""
    return Column(key, words, lambda row, eyes: _local(getattr(row, key), eyes.zone))


def major(minor: int | None, currency: str) -> Decimal | None:
    """Return an amount in its currency's main unit, with all its decimals."""
    return None if minor is None else Decimal(minor).scaleb(-decimals(currency))


def _local(at: dt.datetime | None, zone: ZoneInfo) -> dt.datetime | None:
    return None if at is None else at.astimezone(zone).replace(tzinfo=None)
