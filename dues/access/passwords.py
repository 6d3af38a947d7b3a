"""Passwords: how they are kept (argon2id), and which are refused as too easy to guess."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from dues.access.errors import WeakPasswordError

SHORTEST: Final = 12
_LONGEST: Final = 1024
"""Characters; a longer one is nobody's password but an attempt to keep the server busy."""
_JUDGED: Final = 72
"""Characters that are judged; whoever goes on after so many well-chosen ones has done enough."""
_SAFE: Final = 3
"""Of zxcvbn's scores from 0 to 4: cannot be guessed offline within a fortnight by what is known of passwords."""

_hasher: Final = PasswordHasher()


def hashed(password: str, *, about: Sequence[str] = ()) -> str:
    """Return what is kept of a password; ``about`` are words that everybody connects with its owner.

    Raises WeakPasswordError for one that is short, among the common ones, or made of such words.
    """
    if not SHORTEST <= len(password) <= _LONGEST or _guessable(password, about):
        raise WeakPasswordError(SHORTEST)
    return _hasher.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Tell whether a password is the kept one; takes as long where none is kept, so that nobody learns who exists."""
    try:
        _hasher.verify(kept or _nobodys(), password[:_LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def outdated(kept: str) -> bool:
    """Tell whether a password was hashed with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)


def renewed(password: str) -> str:
    """Return what is kept of a password that was taken before, with today's parameters."""
    return _hasher.hash(password)


def _guessable(password: str, about: Sequence[str]) -> bool:
    return int(zxcvbn(password[:_JUDGED], user_inputs=list(about))["score"]) < _SAFE


@cache
def _nobodys() -> str:
    return _hasher.hash("the password of nobody at all")
