"""Folds text to the keys that searches compare byte by byte, and to the plain words of addresses."""

import re
import unicodedata
from typing import Final


def folded(text: str) -> str:
    """Return a text in composed form (NFC) and lower case, with every run of blanks as one space and none outside.

    Folding parts and joining them with a space gives the same as folding the whole, so that SQL may put keys
    together from folded parts.
    """
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_OTHERS: Final = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ø": "o", "đ": "d", "ð": "d", "ł": "l"})
_WRITTEN_OUT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


def plainly(key: str) -> tuple[str, ...]:
    """Return the ways in which people and banks write a folded key without its accents; of a key without any, itself.

    Müller is muller or, written out, mueller. The database says the same with ``without_accents``.
    """
    ways = (key, key.translate(_WRITTEN_OUT))
    return tuple(dict.fromkeys(_ACCENTS.sub("", unicodedata.normalize("NFD", way.translate(_OTHERS))) for way in ways))


_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "å": "a", "œ": "oe", "đ": "d", "ł": "l"})


def plain_word(text: str) -> str:
    """Return a text as a plain word for addresses: letters a to z and digits, words joined by single hyphens."""
    bare = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
