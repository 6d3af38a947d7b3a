"""Reads what somebody wrote into the box to find anything, in every way it can be meant."""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from dues.folding import folded

_LEADS: Final = 4
"""Words that are looked for; nobody writes more of a name, and each leads its own way through the indexes."""
_PHONE: Final = 5
"""Digits that a telephone number has at least."""
_DIGITS: Final = 18
"""Digits that a number of ours has at most."""
_PHONE_LIKE: Final = re.compile(r"\+?[\d\s()./-]+")
_BETWEEN: Final = re.compile(r"[\s./-]")
_MAIL_LIKE: Final = re.compile(r"\S*[@._]\S*")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wrote, read in every way it can be meant; empty or None where it cannot."""

    phrase: str
    words: tuple[str, ...]
    number: int | None
    reference: str | None
    email: str | None
    phone: str | None
    identity: UUID | None

    @property
    def named(self) -> bool:
        """Whether it may be a name: something without letters is none, and neither is an address or a UUID."""
        return (
            bool(self.words) and any(c.isalpha() for c in self.phrase) and "@" not in self.phrase and not self.identity
        )


def read(written: str) -> Asked:
    """Read what somebody wrote into the box."""
    phrase = folded(written)
    bare = _BETWEEN.sub("", phrase).removeprefix("#")
    digits = bare.isascii() and bare.isdecimal()
    return Asked(
        phrase=phrase,
        words=tuple(dict.fromkeys(phrase.replace("-", " ").split()))[:_LEADS],
        number=int(bare) if digits and len(bare) <= _DIGITS else None,
        reference=bare.upper() if bare.isascii() and bare.isalnum() and any(c.isdigit() for c in bare) else None,
        email=phrase if " " not in phrase and _MAIL_LIKE.fullmatch(phrase) else None,
        phone=phrase if _PHONE_LIKE.fullmatch(phrase) and sum(c.isdigit() for c in phrase) >= _PHONE else None,
        identity=_identity(phrase),
    )


def _identity(phrase: str) -> UUID | None:
    try:
        return UUID(phrase)
    except ValueError:
        return None
