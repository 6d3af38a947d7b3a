"""The catalogues of translated texts: read as they lie, compiled in memory, checked for faults."""

import gettext
import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from language.choice import SUPPORTED, UnsupportedLanguageError

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE: Final = "en"
TRANSLATED: Final = tuple(code for code in SUPPORTED if code != SOURCE)

_PLACEHOLDER: Final = re.compile(r"%\((\w+)\)[sd]")


def gettext_noop(message: str) -> str:
    """Return `message` as it is; marks a text for the catalogues that is translated later, when the reader is known."""
    return message


def pgettext_noop(context: str, message: str) -> tuple[str, str]:
    """Mark a text in the sense that its context names; return both for whoever translates it where it is read."""
    return context, message


def path(locale: str) -> Path:
    """Return where the catalogue of `locale` lies."""
    return ROOT / "translations" / locale / "LC_MESSAGES" / "messages.po"


def read(locale: str) -> Catalog:
    """Return the catalogue of `locale`, an empty one when it has not been started."""
    if not path(locale).exists():
        return Catalog(locale=locale, fuzzy=False)
    with path(locale).open("rb") as file:
        return read_po(file, locale=locale)


@cache
def translations(locale: str) -> gettext.NullTranslations:
    """Return the translations of `locale`; English is the source and needs none.

    The .po file is compiled in memory once per process: no .mo file, no build step. A missing or fuzzy text falls
    back to English. Raises `UnsupportedLanguageError`.
    """
    if locale not in SUPPORTED:
        raise UnsupportedLanguageError(locale)
    if locale == SOURCE:
        return gettext.NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read(locale))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def faults(catalogue: Catalog) -> Iterator[str]:
    """Yield a sentence for each text that is untranslated, fuzzy, or whose placeholders differ from its source."""
    for message in catalogue:
        if message.id:
            yield from _faults_of(message)


def _faults_of(message: Message) -> Iterator[str]:
    sources, targets = _texts(message.id), _texts(message.string)
    if not all(targets):
        yield f"untranslated: {sources[0]}"
    elif message.fuzzy:
        yield f"fuzzy: {sources[0]}"
    elif not _agree(sources, targets):
        yield f"placeholders differ: {sources[0]}"


def _texts(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (value or "",) if isinstance(value, str) or value is None else tuple(value)


def _agree(sources: tuple[str, ...], targets: tuple[str, ...]) -> bool:
    """A form may use what either source form uses: “one year” names no number where “%(num)s years” does."""
    allowed = [set(_PLACEHOLDER.findall(text)) for text in sources]
    return all(set(_PLACEHOLDER.findall(text)) in allowed for text in targets)
