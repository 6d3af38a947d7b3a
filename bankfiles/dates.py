"""Dates as bank files write them."""

import re
from datetime import date
from functools import lru_cache

from bankfiles.errors import UnreadableDate

_YEARS = range(1990, 2100)
_ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_COMPACT = re.compile(r"\d{8}", re.ASCII)


@lru_cache(maxsize=256)
def iso_date(text: str) -> date:
    """The day in an xs:date or xs:dateTime, as the bank wrote it (no shift of time zones); raises UnreadableDate."""
    if not _ISO.fullmatch(text):
        raise _unreadable(text)
    return _day(text, text[:10].replace("-", ""))


@lru_cache(maxsize=256)
def compact_date(text: str) -> date:
    """The day written YYYYMMDD; raises UnreadableDate."""
    if not _COMPACT.fullmatch(text):
        raise _unreadable(text)
    return _day(text, text)


def _day(text: str, digits: str) -> date:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise _unreadable(text) from None
    if day.year not in _YEARS:
        raise _unreadable(text)
    return day


def _unreadable(text: str) -> UnreadableDate:
    return UnreadableDate("", '"{text}" is not a date of the years 1990 to 2099', text=text)
