"""Finds what may be references and invoice numbers in what a payer wrote."""

import re
from typing import Final

from dues.payments.slips import LONGEST

MOST: Final = 40
"""Numbers that are looked up of one text; whoever writes more is copying a list."""

_RUN: Final = re.compile(r"(?:RF)?\d[\d .\-/]*\d|\d", re.IGNORECASE)
_MARKS: Final = re.compile(r"[^\w]|_")
_BLANKS: Final = re.compile(r"[ .\-/]")
_SHORTEST_REFERENCE: Final = 4
_LONGEST_NUMBER: Final = 12


def references_in(text: str) -> list[str]:
    """Return the runs of digits in a text, normalised as references are, blanks and hyphens inside or not."""
    found: dict[str, None] = {}
    for run in _RUN.finditer(text):
        whole = _BLANKS.sub("", run[0]).upper()
        for candidate in (whole, *re.split(r"[ .\-/]+", run[0].upper())):
            if _SHORTEST_REFERENCE <= len(candidate) <= LONGEST:
                found.setdefault(candidate)
    return list(found)[:MOST]


def words_in(text: str) -> list[str]:
    """Return the words of a text that hold a digit, as numbers and references of other systems are looked up."""
    words = (_MARKS.sub("", word).upper() for word in text.split())
    return list(dict.fromkeys(word for word in words if any(sign.isdigit() for sign in word)))[:MOST]


def numbers_in(text: str) -> list[int]:
    """Return the numbers in a text that may be invoice numbers, without those of a single run written apart."""
    found: dict[int, None] = {}
    for run in _RUN.finditer(text):
        for part in re.split(r"[ .\-/]+", run[0]):
            if part.isascii() and part.isdigit() and len(part) <= _LONGEST_NUMBER and int(part) > 0:
                found.setdefault(int(part))
    return list(found)[:MOST]
