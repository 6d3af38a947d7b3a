"""What persons and groups of a country are named with, and the forms that names take in addresses."""

import unicodedata
from dataclasses import dataclass

_PLAIN = str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "ß": "ss", "ı": "i"})


@dataclass(frozen=True, slots=True)
class City:
    """A town and what its postcodes begin with."""

    name: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Words:
    """A country's names.

    A local group is called after a choir, a town and, once those are used up, a quarter of it.
    """

    given: tuple[str, ...]
    family: tuple[str, ...]
    streets: tuple[str, ...]
    cities: tuple[City, ...]
    choirs: tuple[str, ...]
    quarters: tuple[str, ...]
    regions: tuple[str, ...]


def listed(text: str) -> tuple[str, ...]:
    """Return the items of a list written with commas, over as many lines as it takes."""
    return tuple(" ".join(item.split()) for item in text.split(",") if item.strip())


def cities(text: str) -> tuple[City, ...]:
    """Return towns from a list such as ``Uppsala 753, Luleå 972``."""
    pairs = (item.rsplit(" ", 1) for item in listed(text))
    return tuple(City(name, postcode) for name, postcode in pairs)


def plain(text: str) -> str:
    """Return a name in the small letters a to z and digits, words joined by hyphens."""
    letters = unicodedata.normalize("NFKD", text.translate(_PLAIN)).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(c if c.isalnum() else " " for c in letters).split())
