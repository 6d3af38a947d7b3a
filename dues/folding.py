"""Folds text to the keys that searches compare byte by byte."""

import unicodedata


def folded(text: str) -> str:
    """Return a text in composed form (NFC) and lower case, with every run of blanks as one space and none outside.

    Folding parts and joining them with a space gives the same as folding the whole, so that SQL may put keys
    together from folded parts.
    """
    return " ".join(unicodedata.normalize("NFC", text).lower().split())
