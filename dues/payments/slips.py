"""Slips of the pen: which references with right check digits are one slip away from what was given.

Pure: which of these belongs to an invoice, the database says.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stdnum import iso11649

LONGEST: Final = 25
"""Characters of the longest reference that any of our banks takes; a longer text is no reference."""

_SHORTEST: Final = 4
_DIGITS: Final = "0123456789"
_PREFIX: Final = "RF"
_RF: Final = "2715"  # its letters as ISO 11649 counts them
_RF_DIGITS: Final = range(3, 24)  # check digits and number
_DOUBLED: Final = bytes((2 * (code - 48) - 9 * (code > 52)) % 256 for code in range(256))  # noqa: PLR2004 -- "0", "4"


class Slip(StrEnum):
    """What happened between the slip of paper and the bank."""

    WRONG_DIGIT = "wrong digit"
    SWAPPED = "swapped"
    MISSING_ZERO = "missing zero"
    MISSING_DIGIT = "missing digit"
    EXTRA_DIGIT = "extra digit"
    NO_PREFIX = "no prefix"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A reference that may have been meant.

    ``position`` is the place in the given reference, from 0: the wrong or extra digit, the first of two that are
    swapped, or the one before which a digit is missing.
    """

    value: str
    slip: Slip
    position: int


def fits(reference: str) -> bool:
    """Tell whether a reference's check digits fit: ISO 11649 for RF, Luhn (MOD10) for OCR and KID."""
    if reference.startswith(_PREFIX):
        digits = reference[len(_PREFIX) :]
        if digits.isascii() and digits.isdigit() and len(digits) in _RF_DIGITS:
            return int(f"{digits[2:]}{_RF}{digits[:2]}") % 97 == 1
        return bool(iso11649.is_valid(reference))
    return reference.isascii() and reference.isdigit() and _luhn(reference.encode()) % 10 == 0


def _luhn(digits: bytes) -> int:
    """Return Luhn's sum; a page of the pile asks for it several thousand times, which the library takes 40 ms for."""
    single, doubled = digits[-1::-2], digits[-2::-2]
    return sum(single) - len(single) * ord("0") + sum(doubled.translate(_DOUBLED))


def neighbours(given: str) -> dict[str, Neighbour]:
    """Return what is one slip away from a normalised reference and fits, by its value; the likelier slip wins.

    For one wrong digit there is at most one fitting neighbour at each position, because the check digit finds every
    single error: twelve candidates for twelve digits.
    """
    if not _SHORTEST <= len(given) <= LONGEST or not given.isascii():
        return {}
    found: dict[str, Neighbour] = {}
    for candidate in _edits(given):
        if candidate.value != given and fits(candidate.value):
            found.setdefault(candidate.value, candidate)
    return found


_HALVED: Final = bytes(_DOUBLED[48:58].index(digit) for digit in range(10))  # back from what a digit counts doubled


def one_digit_wrong(given: str) -> dict[str, int]:
    """Return the references that differ in one digit and fit, each with the place of that digit, from 0.

    The same as those among `neighbours`, many times as fast where digits alone are given: what Luhn's sum is too high
    by tells at each place the one digit that would be right. Nothing for what fits, or is no reference.
    """
    if not _SHORTEST <= len(given) <= LONGEST or not given.isascii():
        return {}
    if not given.isdigit():
        found = neighbours(given).values() if given.startswith(_PREFIX) and not fits(given) else ()
        return {near.value: near.position for near in found if near.slip is Slip.WRONG_DIGIT}
    over = _luhn(given.encode()) % 10
    if over == 0:
        return {}
    right: dict[str, int] = {}
    for at, digit in enumerate(map(int, given)):
        single = (len(given) - at) % 2
        meant = (digit - over) % 10 if single else _HALVED[(_DOUBLED[48 + digit] - over) % 10]
        right[f"{given[:at]}{meant}{given[at + 1 :]}"] = at
    return right


def with_other_zeros(given: str) -> list[str]:
    """Return the references that fit and differ only in how many zeros they begin with."""
    if not given.isascii() or not given.isdigit() or not _SHORTEST <= len(given) <= LONGEST or not fits(given):
        return []
    bare = given.lstrip("0")
    padded = (bare.rjust(length, "0") for length in range(max(len(bare), _SHORTEST), LONGEST + 1))
    return [value for value in padded if value != given] if bare else []


def _edits(given: str) -> Iterator[Neighbour]:
    """Every slip, the likelier kinds first."""
    start = len(_PREFIX) if given.startswith(_PREFIX) else 0
    if start == 0 and given.isdigit():
        yield Neighbour(_PREFIX + given, Slip.NO_PREFIX, 0)
    places = range(start, len(given))
    for at in places:
        for digit in _DIGITS:
            yield Neighbour(given[:at] + digit + given[at + 1 :], Slip.WRONG_DIGIT, at)
    for at in places[:-1]:
        yield Neighbour(given[:at] + given[at + 1] + given[at] + given[at + 2 :], Slip.SWAPPED, at)
    for at in range(start, len(given) + 1):
        for digit in _DIGITS:
            slip = Slip.MISSING_ZERO if digit == "0" else Slip.MISSING_DIGIT
            yield Neighbour(given[:at] + digit + given[at:], slip, at)
    for at in places:
        yield Neighbour(given[:at] + given[at + 1 :], Slip.EXTRA_DIGIT, at)
