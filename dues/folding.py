"""Folds text to the keys that searches compare byte by byte, and to the plain words of addresses."""

import re
import unicodedata


def folded(text: str) -> str:
    """Return a text in composed form (NFC) and lower case, with every run of blanks as one space and none outside.

    Folding parts and joining them with a space gives the same as folding the whole, so that SQL may put keys
    together from folded parts.
    """
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "å": "a", "œ": "oe", "đ": "d", "ł": "l"})


def plain_word(text: str) -> str:
    """Return a text as a plain word for addresses: letters a to z and digits, words joined by single hyphens."""
    bare = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
