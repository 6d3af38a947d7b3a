"""Passwords: how they are kept (argon2id), and which are refused."""

from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dues.access.errors import WeakPasswordError

SHORTEST: Final = 12
_LONGEST: Final = 1024
"""Characters; a longer one is nobody's password but an attempt to keep the server busy."""

_hasher: Final = PasswordHasher()


def hashed(password: str) -> str:
    """Return what is kept of a password; raise WeakPasswordError for one that is too short."""
    if not SHORTEST <= len(password) <= _LONGEST or len(set(password)) == 1:
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


@cache
def _nobodys() -> str:
    return _hasher.hash("the password of nobody at all")
