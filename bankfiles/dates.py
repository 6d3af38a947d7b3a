"""Dates as bank files write them."""

import re
from datetime import date
from functools import lru_cache
from typing import Literal

from bankfiles.errors import UnreadableDate

_YEARS = range(1990, 2100)
_ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_COMPACT = re.compile(r"\d{8}", re.ASCII)
_SHORT = re.compile(r"\d{6}", re.ASCII)


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


@lru_cache(maxsize=256)
def short_date(text: str, order: Literal["DMY", "YMD"]) -> date:
    """The day written in six digits, of the years 1990 to 2089; raises UnreadableDate."""
    if not _SHORT.fullmatch(text):
        raise _unreadable(text)
    first, month, last = text[:2], text[2:4], text[4:]
    year, day = (last, first) if order == "DMY" else (first, last)
    century = "19" if year >= "90" else "20"
    return _day(text, f"{century}{year}{month}{day}")


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
