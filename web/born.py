"""Reads a birth date as people write it: 27 3 2015, 27.3.2015, 2015-03-27, 27/3-15, 27 mars 2015."""

import datetime as dt
import re
import unicodedata
from functools import cache
from typing import Final

from babel import Locale

from language import SUPPORTED

OLDEST: Final = 120
"""Years of age above which a date is taken for a slip of the pen."""

_PARTS: Final = re.compile(r"\d+|[^\W\d_]+")
_GLUE: Final = re.compile(r"[\s.,/:-]*")
# What stands behind a day's number (1st, 2nd, 27:e, 27e) and between the words (27 de marzo is not ours).
_ORDINALS: Final = frozenset({"st", "nd", "rd", "th", "e", "a", "of", "den", "de"})
_LONG_YEAR: Final = 4


class BirthDateError(Exception):
    """A birth date cannot be taken as it was written."""


class UnreadableBirthDateError(BirthDateError):
    """It is no date, or none that exists."""


class AmbiguousBirthDateError(BirthDateError):
    """It could be two different days."""


class FutureBirthDateError(BirthDateError):
    """The day has not come yet."""


class OldBirthDateError(BirthDateError):
    """The day lies more than 120 years back."""


def read(written: str, *, today: dt.date) -> dt.date:
    """Return the day that was written; two-digit years mean the last such year that is not in the future.

    Days come before months, as in all five languages; a four-digit year may come first. Six digits, or two-digit
    numbers joined by hyphens alone, are read when only one reading is a date. Raises a BirthDateError.
    """
    text = unicodedata.normalize("NFKC", written).strip().lower()
    numbers, named = _parts(text)
    if named is not None:
        candidates = _with_month_name(numbers, named)
    elif len(numbers) == 1:
        candidates = _digits_only(numbers[0])
    else:
        candidates = _in_order(numbers, hyphens=set(re.sub(r"\d", "", text)) == {"-"})
    days = {day for candidate in candidates if (day := _day(*candidate, today=today)) is not None}
    return _one_of(days, today=today)


def _parts(text: str) -> tuple[list[str], int | None]:
    """Split into numbers and at most one month's name."""
    parts = _PARTS.findall(text)
    words = [part for part in parts if not part.isdigit() and part not in _ORDINALS]
    numbers = [part for part in parts if part.isdecimal() and part.isascii()]
    rest = _GLUE.fullmatch(_PARTS.sub("", text))
    if rest is None or len(words) > 1 or (words and words[0] not in _month_names()):
        raise UnreadableBirthDateError
    return numbers, _month_names()[words[0]] if words else None


@cache
def _month_names() -> dict[str, int]:
    """Every name and abbreviation of a month in the five languages."""
    found: dict[str, int] = {}
    for code in SUPPORTED:
        months = Locale.parse(code).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                found.update({name.strip(".").lower(): number for number, name in months[context][width].items()})
    return found


Candidate = tuple[str, str, str]
"""Year, month and day as digits."""


def _with_month_name(numbers: list[str], month: int) -> list[Candidate]:
    match numbers:
        case [year, day] if len(year) == _LONG_YEAR:
            return [(year, str(month), day)]
        case [day, year]:
            return [(year, str(month), day)]
        case _:
            return []


def _in_order(numbers: list[str], *, hyphens: bool) -> list[Candidate]:
    match numbers:
        case [year, month, day] if len(year) == _LONG_YEAR:
            return [(year, month, day)]
        case [first, month, third] if hyphens and len(third) != _LONG_YEAR:
            return [(third, month, first), (first, month, third)]
        case [day, month, year]:
            return [(year, month, day)]
        case _:
            return []


def _digits_only(digits: str) -> list[Candidate]:
    match len(digits):
        case 8:
            return [(digits[:4], digits[4:6], digits[6:]), (digits[4:], digits[2:4], digits[:2])]
        case 6:
            return [(digits[:2], digits[2:4], digits[4:]), (digits[4:], digits[2:4], digits[:2])]
        case _:
            return []


def _day(year: str, month: str, day: str, *, today: dt.date) -> dt.date | None:
    """Return the day, or None where there is none such."""
    if len(year) not in {2, _LONG_YEAR} or len(month) > 2 or len(day) > 2:  # noqa: PLR2004 -- 27 or 03
        return None
    try:
        if len(year) == _LONG_YEAR:
            return dt.date(int(year), int(month), int(day))
        return _last_such_year(int(year), int(month), int(day), today=today)
    except ValueError:
        return None


def _last_such_year(year: int, month: int, day: int, *, today: dt.date) -> dt.date:
    """Return the day in this century, or in the last one where this century's is still to come or does not exist."""
    century = today.year // 100 * 100
    try:
        found = dt.date(century + year, month, day)
    except ValueError:
        return dt.date(century - 100 + year, month, day)
    return found if found <= today else dt.date(century - 100 + year, month, day)


def _one_of(days: set[dt.date], *, today: dt.date) -> dt.date:
    if not days:
        raise UnreadableBirthDateError
    likely = {day for day in days if day <= today and day.year >= today.year - OLDEST}
    if len(likely) > 1:
        raise AmbiguousBirthDateError
    if not likely:
        raise FutureBirthDateError if max(days) > today else OldBirthDateError
    return likely.pop()
