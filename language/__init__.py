"""The five languages people read: texts, dates, money and names as each of them writes them."""

from language.catalogues import gettext_noop, pgettext_noop, translations
from language.choice import SUPPORTED, NamelessError, UnsupportedLanguageError, best, pick
from language.currencies import decimals
from language.reader import Language

__all__ = [
    "SUPPORTED",
    "Language",
    "NamelessError",
    "UnsupportedLanguageError",
    "best",
    "decimals",
    "gettext_noop",
    "pgettext_noop",
    "pick",
    "translations",
]
