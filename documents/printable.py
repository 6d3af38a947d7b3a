"""Texts as they can be printed: on one line, without what draws nothing."""

import unicodedata
from functools import lru_cache
from typing import Final

# Control, direction-override and other characters that draw nothing but turn or hide the text around them.
_UNPRINTABLE: Final = {"Cc", "Cf", "Cs", "Co", "Cn"}


@lru_cache(maxsize=10_000)
def printable(text: str) -> str:
    """Return `text` on one line without what cannot be printed; a run prints the same few texts a million times."""
    if text.isascii() and text.isprintable():
        return text
    kept = (character for character in " ".join(text.split()) if unicodedata.category(character) not in _UNPRINTABLE)
    return "".join(kept)
