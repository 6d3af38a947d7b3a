"""Turns a payer's name, as a bank writes it, into the keys under which the register may have them."""

import re
from typing import Final

from dues.folding import folded, plainly

MOST: Final = 8
_APART: Final = re.compile(r"[\s,;.&+/]+")
_NOT_NAMES: Final = frozenset(
    {"och", "og", "en", "und", "and", "herr", "fru", "frau", "dhr", "mevr", "hr", "mr", "mrs", "ms", "dr"}
)
_SHORTEST_BEGINNING: Final = 5


def name_keys(written: str) -> list[str]:
    """Return possible `name_key`s: family name first, each word tried as the one where the family name begins."""
    words = [word for word in _APART.split(folded(written)) if word and word not in _NOT_NAMES]
    if not words:
        return []
    turned = [words[at:] + words[:at] for at in range(len(words))]
    keys = [folded(written), *(" ".join(order) for order in turned)]
    if len(words) > 2:  # noqa: PLR2004 -- two given names, of which the register has one
        keys += [f"{words[-1]} {words[0]}", f"{words[0]} {words[-1]}"]
    return list(dict.fromkeys(keys))[:MOST]


def plain_keys(written: str) -> list[str]:
    """Return the keys of a name without its accents, in each way in which people leave them out."""
    return list(dict.fromkeys(key for way in plainly(folded(written)) for key in name_keys(way)))


def beginnings(written: str) -> list[str]:
    """Return beginnings of keys for a name of which a given name is only an initial: "Bakker J"."""
    keys = dict.fromkeys((*name_keys(written), *plain_keys(written)))
    return [key for key in keys if " " in key and len(key) >= _SHORTEST_BEGINNING]
