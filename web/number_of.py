"""Reads whole numbers as forms and addresses send them: whatever is none, or fits no key, is simply not there."""

from typing import Final

_DIGITS: Final = 18
"""As many as always fit a big integer; and nobody makes Python read a number of thousands of digits."""


def number_of(written: str | None, *, digits: int = _DIGITS) -> int | None:
    """Return a number of at most so many plain digits, None for everything else."""
    if written and written.isascii() and written.isdecimal() and len(written) <= digits:
        return int(written)
    return None
