"""How an amount is written: digits for columns, and sign and digits for the public."""

from typing import Final

from babel import Locale
from babel.numbers import format_compact_decimal

from language.currencies import decimals

MINUS: Final = "\N{MINUS SIGN}"
_GAP: Final = "\N{NO-BREAK SPACE}"

# "kr" means three currencies, so it is written only to a reader who has one of them at home.
_SIGNS: Final = {("sv", "SEK"): "kr", ("nb", "NOK"): "kr", ("en", "GBP"): "£"}
_THOUSAND: Final = 1_000
_SIGN_FIRST: Final = {"nl", "en"}


def amount(minor: int, currency: str, locale: Locale) -> str:
    """Return `minor` units of `currency` as digits in the writing of `locale`, with all decimals of the currency."""
    return ("" if minor >= 0 else MINUS) + _digits(abs(minor), decimals(currency), locale)


def money(minor: int, currency: str, code: str, locale: Locale) -> str:
    """Return `minor` units of `currency` with its sign or ISO code, as a reader of language `code` expects it."""
    sign = "€" if currency == "EUR" else _SIGNS.get((code, currency), currency)
    digits = _without_zero_ore(abs(minor), sign, currency, locale)
    minus = "" if minor >= 0 else MINUS
    if code not in _SIGN_FIRST:
        return f"{minus}{digits}{_GAP}{sign}"
    if code == "nl":
        return f"{sign}{_GAP}{minus}{digits}"
    return f"{minus}{sign}{digits}" if len(sign) == 1 else f"{sign}{_GAP}{minus}{digits}"


def about(minor: int, currency: str, locale: Locale) -> str:
    """Return `minor` units in two or three digits where there is little room: 600, 1,2 tn, 12K; lines may break."""
    whole, rest = divmod(abs(minor), 10 ** decimals(currency))
    nearest = whole + (2 * rest >= 10 ** decimals(currency))
    words = str(format_compact_decimal(nearest, locale=locale))
    if words[1:2].isdecimal() or nearest < _THOUSAND:
        words = _digits(nearest, 0, locale) if words.isdecimal() else words  # German has no short word for thousands
    else:
        words = str(format_compact_decimal(nearest, locale=locale, fraction_digits=1))
    return ("" if minor >= 0 else MINUS) + words.replace(_GAP, " ")


def _without_zero_ore(minor: int, sign: str, currency: str, locale: Locale) -> str:
    """Whole kronor are said without öre: 300 kr, but 300,50 kr."""
    places = decimals(currency)
    if sign == "kr" and minor % 10**places == 0:
        return _digits(minor // 10**places, 0, locale)
    return _digits(minor, places, locale)


def _digits(minor: int, places: int, locale: Locale) -> str:
    """Integers all the way: an amount never passes through a float."""
    symbols = locale.number_symbols["latn"]
    whole, rest = divmod(minor, 10**places)
    grouped = f"{whole:,}".replace(",", str(symbols["group"]))
    return f"{grouped}{symbols['decimal']}{rest:0{places}}" if places else grouped
