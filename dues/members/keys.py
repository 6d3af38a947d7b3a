"""The search keys of a person: what `name_key`, `email_key` and `phone_key` hold, and what a search is folded to."""

import re
from collections.abc import Iterable

import phonenumbers

from dues.folding import folded


def name_key(given_name: str, family_name: str) -> str:
    """Return the key a person is sorted and looked up by: family name first, then the given one.

    An organisation has no given name. A search for the beginning of a name compares with `folded` of what was typed.
    """
    return folded(f"{family_name} {given_name}")


def email_key(email: str) -> str:
    """Return the key of an e-mail address; mail systems ignore case in practice, so the key does, too."""
    return folded(email)


def phone_keys(written: str, countries: Iterable[str]) -> list[str]:
    """Return what the digits of a telephone number may begin with, dialled from abroad or within one of the countries.

    +46 70-123 45 67, 0046701234567 and, within SE, 070-123 45 67 all give 46701234567.
    """
    digits = re.sub(r"[^0-9]", "", written)
    if written.strip().startswith("+"):
        return [digits]
    if digits.startswith("00"):
        return [digits.removeprefix("00")]
    codes = sorted({phonenumbers.country_code_for_region(country) for country in countries} - {0})
    return [digits, *(f"{code}{digits.removeprefix('0')}" for code in codes)]
