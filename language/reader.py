"""One reader's language: texts, dates, money and names in the forms that reader is used to."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from language import money as _money
from language.catalogues import translations
from language.choice import SUPPORTED, UnsupportedLanguageError

# English is British: plain "en" would write 11/30/26.
_LOCALES: Final = {"sv": "sv_SE", "nb": "nb_NO", "nl": "nl_NL", "de": "de_DE", "en": "en_GB"}
_TABLE_DATES: Final = {
    "sv": "yyyy-MM-dd",
    "nb": "dd.MM.yyyy",
    "nl": "dd-MM-yyyy",
    "de": "dd.MM.yyyy",
    "en": "d MMM yyyy",
}

_SHORT_DATES: Final = {"sv": "d MMM", "nb": "d. MMM", "nl": "d MMM", "de": "d. MMM", "en": "d MMM"}


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(_LOCALES[code])


@lru_cache(maxsize=10_000)
def _date(day: dt.date, pattern: str, code: str) -> str:
    """A run writes the same few days a million times."""
    return format_date(day, pattern, locale=_locale(code))


@dataclass(frozen=True, slots=True)
class Language:
    """A supported language and everything that is written differently in it.

    Texts are English in the source, with named placeholders: `gettext("Pay %(amount)s", amount=…)`. Without values
    a text is returned as it stands, percent signs included.
    """

    code: str

    def __post_init__(self) -> None:
        if self.code not in SUPPORTED:
            raise UnsupportedLanguageError(self.code)

    @property
    def locale(self) -> Locale:
        """The Babel locale behind this language; English is en_GB."""
        return _locale(self.code)

    @property
    def name(self) -> str:
        """The language's name in itself: svenska, norsk bokmål, Nederlands, Deutsch, English."""
        return str(self.locale.languages[self.code])

    def gettext(self, message: str, /, **values: object) -> str:
        """Return `message` in this language, its named placeholders filled."""
        text = translations(self.code).gettext(message)
        return text % values if values else text

    def ngettext(self, singular: str, plural: str, n: int, /, **values: object) -> str:
        """Return the form that fits `n`, its placeholders filled; `%(num)s` is `n`."""
        return translations(self.code).ngettext(singular, plural, n) % {"num": n, **values}

    def pgettext(self, context: str, message: str, /, **values: object) -> str:
        """Return `message` in the sense that `context` names, for words with two meanings."""
        text = translations(self.code).pgettext(context, message)
        return text % values if values else text

    def npgettext(self, context: str, singular: str, plural: str, n: int, /, **values: object) -> str:
        """Return the form that fits `n` in the sense that `context` names; `%(num)s` is `n`."""
        return translations(self.code).npgettext(context, singular, plural, n) % {"num": n, **values}

    def date(self, day: dt.date) -> str:
        """Return `day` for tables: 2026-11-30, 30.11.2026, 30-11-2026 or 30 Nov 2026."""
        return _date(day, _TABLE_DATES[self.code], self.code)

    def long_date(self, day: dt.date) -> str:
        """Return `day` for sentences: 30 november 2026, 30. November 2026, 30 November 2026."""
        return _date(day, "long", self.code)

    def full_date(self, day: dt.date) -> str:
        """Return `day` with its weekday: fredag 27 november 2026, Freitag, 27. November 2026."""
        return _date(day, "full", self.code)

    def short_date(self, day: dt.date) -> str:
        """Return `day` without its year, where little room is left: 27 nov., 27. Nov., 27 Nov."""
        return _date(day, _SHORT_DATES[self.code], self.code)

    def month(self, day: dt.date) -> str:
        """Return the month of `day` for sentences: november 2026, November 2026."""
        return _date(day, "LLLL yyyy", self.code)

    def short_month(self, day: dt.date) -> str:
        """Return the month of `day` alone and abbreviated, where little room is left: nov, Nov."""
        return _date(day, "LLL", self.code).rstrip(".")

    def period(self, first: dt.date, last: dt.date) -> str:
        """Return a stretch of days for tables, both days included: 2026-01-01 – 2026-12-31."""
        return f"{self.date(first)} – {self.date(last)}"

    def amount(self, minor: int, currency: str) -> str:
        """Return `minor` units as digits only, for columns that name the currency: 1 234,50 or −60.00.

        Always all decimals of the currency; a true minus sign; no-break spaces.
        """
        return _money.amount(minor, currency, self.locale)

    def money(self, minor: int, currency: str) -> str:
        """Return `minor` units as the public reads them: 300 kr, € 60,00, 60,00 €, NOK 300.00.

        The local sign where it is unambiguous to this reader, else the ISO code; whole kronor lose their decimals.
        Spaces inside do not break.
        """
        return _money.money(minor, currency, self.code, self.locale)

    def about(self, minor: int, currency: str) -> str:
        """Return `minor` units rounded to what fits beside a bar of a picture: 600, 12,3 tn, 1.2M."""
        return _money.about(minor, currency, self.locale)

    def number(self, value: int | Decimal) -> str:
        """Return a count or a quantity, grouped, with the decimals it has."""
        return format_decimal(value, locale=self.locale, decimal_quantization=False).replace("-", _money.MINUS)

    def percent(self, share: Decimal) -> str:
        """Return a share of one as percent with the decimals it has: Decimal("0.125") is 12,5 %."""
        hundredths = (share * 100).normalize()
        gap = "" if self.code in {"nl", "en"} else "\N{NO-BREAK SPACE}"
        return f"{self.number(hundredths)}{gap}%"

    def country_name(self, country: str) -> str:
        """Return the name of an ISO 3166 country code in this language; an unknown code as it is."""
        return str(self.locale.territories.get(country.upper(), country))

    def join(self, items: Sequence[str]) -> str:
        """Return several things as one enumeration: Anna, Bo och Cilla."""
        return format_list(items, locale=self.locale)
