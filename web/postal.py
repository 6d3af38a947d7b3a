"""Postcodes, telephone numbers, e-mail addresses and names as their owners write them, tidied or refused."""

import re
from dataclasses import dataclass
from typing import Final

import phonenumbers
from email_validator import EmailNotValidError, validate_email


class WrittenWrongError(Exception):
    """Something typed cannot be what its box asks for."""


class PostcodeError(WrittenWrongError):
    """No postcode of that country; ``example`` is one."""

    def __init__(self, example: str) -> None:
        super().__init__(f"Write a postcode such as {example}.")
        self.example = example


class PhoneError(WrittenWrongError):
    """No number that can exist."""


class EmailError(WrittenWrongError):
    """No address that mail can be sent to."""


class WrittenNameError(WrittenWrongError):
    """Not a name: it holds an address of the web or of mail."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """A country's postcodes: what is left without blanks and hyphens, how it is written, an example."""

    pattern: re.Pattern[str]
    written: str
    example: str


# The postal services' own layouts; other countries' codes are taken as they come.
_LAYOUTS: Final = {
    "SE": _Layout(re.compile(r"([1-9]\d\d)(\d\d)"), r"\1 \2", "114 55"),
    "NO": _Layout(re.compile(r"(\d{4})"), r"\1", "0550"),
    "DK": _Layout(re.compile(r"(\d{4})"), r"\1", "2100"),
    "FI": _Layout(re.compile(r"(\d{5})"), r"\1", "00100"),
    "NL": _Layout(re.compile(r"([1-9]\d{3})([A-Z]{2})"), r"\1 \2", "1012 AB"),
    "DE": _Layout(re.compile(r"(\d{5})"), r"\1", "10115"),
}
# A name goes into mails to whoever is named: it must not carry anybody's advertisement.
_ADVERTISEMENT: Final = re.compile(r"://|www\.|[@<>{}\[\]\\]|\.\w{2,}/", re.IGNORECASE)


def postcode(written: str, country: str) -> str:
    """Return a postcode as its country writes it; raise PostcodeError."""
    layout = _LAYOUTS.get(country)
    if layout is None:
        return " ".join(written.upper().split())
    without_country = re.sub(r"^[A-Z]{1,2}-", "", written.strip().upper()).removeprefix(country)
    bare = re.sub(r"[\s-]", "", without_country)
    found = layout.pattern.fullmatch(bare)
    if found is None:
        raise PostcodeError(layout.example)
    return found.expand(layout.written)


def phone(written: str, country: str) -> str:
    """Return a telephone number in E.164, read as dialled in a country; raise PhoneError."""
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException as error:
        raise PhoneError from error
    if not phonenumbers.is_valid_number(number):
        raise PhoneError
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email(written: str) -> str:
    """Return an e-mail address, its domain in the form mail systems use; raise EmailError. Nothing is looked up."""
    try:
        found = validate_email(written.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise EmailError from error
    return found.ascii_email or found.normalized


def name(written: str) -> str:
    """Return a name with single blanks; raise WrittenNameError for what is none."""
    tidy = " ".join(written.split())
    if _ADVERTISEMENT.search(tidy) or not tidy.isprintable():
        raise WrittenNameError
    return tidy
