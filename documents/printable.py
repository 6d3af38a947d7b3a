"""Texts as they can be printed: on one line, without what draws nothing."""

import unicodedata
from typing import Final

# Control, direction-override and other characters that draw nothing but turn or hide the text around them.
_UNPRINTABLE: Final = {"Cc", "Cf", "Cs", "Co", "Cn"}


def printable(text: str) -> str:
    """Return `text` on one line without what cannot be printed."""
    if text.isascii() and text.isprintable():
        return text
    kept = (character for character in " ".join(text.split()) if unicodedata.category(character) not in _UNPRINTABLE)
    return "".join(kept)
