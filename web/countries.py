"""The countries of an address, named and sorted as the reader does."""

import unicodedata
from functools import cache
from typing import Final

from language import Language

# CLDR's codes for groups of countries, for the unknown, and for tests.
_NONE: Final = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
# Å, Æ, Ä, Ø and Ö are letters of their own here, after Z; elsewhere they sort with A and O.
_LETTERS_OF_THEIR_OWN: Final = frozenset({"sv", "nb"})


@cache
def countries(code: str) -> dict[str, str]:
    """Return ISO 3166 codes and names in a language, in its order of names."""
    language = Language(code)
    territories = (str(country) for country in language.locale.territories)
    named = {
        country: language.country_name(country)
        for country in territories
        if len(country) == len("SE") and country.isalpha() and country not in _NONE
    }
    return dict(sorted(named.items(), key=lambda item: _place(item[1], code)))


def _place(name: str, code: str) -> str:
    return name.lower() if code in _LETTERS_OF_THEIR_OWN else unicodedata.normalize("NFKD", name).lower()
