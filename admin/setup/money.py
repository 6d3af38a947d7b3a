"""Currencies one may choose, and amounts as cells of lists show them."""

from typing import Final

from babel import Locale
from babel.numbers import get_currency_name
from markupsafe import Markup

from admin.tables.filters import Choices
from language import decimals
from web.speech import reader

CURRENCIES: Final = ("SEK", "NOK", "DKK", "EUR", "ISK", "GBP", "CHF", "PLN", "USD")


def currency_choices() -> Choices:
    """Return currencies with their names in the reader's language."""
    return [(code, f"{code} – {_name(code, reader().locale)}") for code in CURRENCIES]


def _name(code: str, locale: Locale) -> str:
    return get_currency_name(code, locale=locale)


def minor_of(hundredths: int, currency: str) -> int | None:
    """Return minor units of what was read as hundredths; None where the currency has no such fraction."""
    scale: int = 10 ** decimals(currency)
    whole, rest = divmod(hundredths * scale, 100)
    return None if rest else whole


def hundredths_of(minor: int, currency: str) -> int:
    """Return an amount in hundredths, as the form's box takes it."""
    scale: int = 10 ** decimals(currency)
    return minor * 100 // scale


def cell(minor: int, currency: str) -> Markup:
    """Return an amount as the desk's lists write it: digits, and the ISO code small beside them."""
    digits = reader().amount(minor, currency)
    return Markup('<span class="money">{}&nbsp;<small>{}</small></span>').format(digits, currency)
