"""References and numbers that other systems printed: whether they can be right, and what they are looked up by."""

import re
from typing import Final

from stdnum import iso11649, luhn

from dues.invoicing.elsewhere_models import Quoted

_BETWEEN: Final = str.maketrans("", "", " -./")
_LONGEST: Final = 35
"""Letters of a reference in a payment (ISO 20022), and of a number that is printed."""
_DIGITS: Final = range(2, 26)
_WEIGHTS: Final = (2, 3, 4, 5, 6, 7)


def key_of(written: str) -> str:
    """Return what a reference or a number is looked up by: blanks, hyphens, points, slashes and case do not matter.

    As ``normalised_reference`` of the database does with what banks report.
    """
    return "".join(written.split()).translate(_BETWEEN).upper()


def is_number(written: str) -> bool:
    """Tell whether something can be the number of an invoice."""
    return 0 < len(written) <= _LONGEST and written.isprintable() and any(sign.isalnum() for sign in written)


def may_be(written: str, kind: Quoted) -> bool:
    """Tell whether a reference can be one of its kind: its length, its signs, and its check digit where it has one.

    OCR: Luhn (Bankgirot). KID: modulus 10 or 11, of which the latter may end with a hyphen (Nets). RF: ISO 11649.
    """
    key = key_of(written)
    match kind:
        case Quoted.OCR:
            return _passes_luhn(key)
        case Quoted.KID:
            return _passes_luhn(key) or _passes_mod11("".join(written.split()))
        case Quoted.RF:
            return key.isascii() and bool(iso11649.is_valid(key))
        case Quoted.TEXT:
            return 0 < len(written) <= _LONGEST and written.isprintable() and bool(key)


def _passes_luhn(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) in _DIGITS and bool(luhn.is_valid(key))


def _passes_mod11(written: str) -> bool:
    """Weights 2 to 7 from the right; a check digit of 10 is written as a hyphen."""
    if not re.fullmatch("[0-9]{1,24}[0-9-]", written):
        return False
    total = sum(int(digit) * _WEIGHTS[at % len(_WEIGHTS)] for at, digit in enumerate(reversed(written[:-1])))
    rest = (11 - total % 11) % 11
    return ("-" if rest == 10 else str(rest)) == written[-1]  # noqa: PLR2004 -- what no one digit can say
