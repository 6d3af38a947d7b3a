"""Reads an amount as people write it: 600, 600,50, 1 234.50, 1.234,50; an amount never passes through a float."""

import re
from typing import Final

from language.currencies import decimals

_BLANKS: Final = re.compile(r"[\s']")
_WRITTEN: Final = re.compile(r"(?P<whole>\d{1,12})(?:[.,](?P<part>\d*))?")
_GROUPED: Final = re.compile(
    r"(?P<whole>\d{1,3}(?:(?P<mark>[.,])\d{3})(?:(?P=mark)\d{3})*)(?P<rest>(?!(?P=mark))[.,]\d*)?"
)


class UnreadableAmountError(Exception):
    """It is no amount, or has more decimals than its currency."""


def typed_amount(written: str, currency: str) -> int:
    """Return what was written in minor units; nothing written is nothing. Raises UnreadableAmountError.

    A single mark before exactly three digits groups thousands where the currency has fewer than three decimals.
    """
    text = _BLANKS.sub("", written)
    places = decimals(currency)
    grouped = _GROUPED.fullmatch(text) if places < 3 else None  # noqa: PLR2004 -- digits of a group
    if grouped is not None:
        text = re.sub(r"[.,]", "", grouped["whole"]) + (grouped["rest"] or "")
    found = _WRITTEN.fullmatch(text)
    if not text:
        return 0
    if found is None or len(found["part"] or "") > places:
        raise UnreadableAmountError
    digits = found["whole"] + (found["part"] or "").ljust(places, "0")
    return int(digits)
