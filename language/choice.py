"""Which language a person gets, and which of several stored names."""

from collections.abc import Iterable, Mapping
from typing import Final

SUPPORTED: Final = ("sv", "nb", "nl", "de", "en")

# Browsers and registers also call bokmål "no"; who reads nynorsk is better served by bokmål than by English.
_ALSO_KNOWN_AS: Final = {"no": "nb", "nn": "nb"}


class UnsupportedLanguageError(ValueError):
    """A language code that no catalogue and no formats exist for."""

    def __init__(self, code: str) -> None:
        super().__init__(f"There is no language “{code}” here; use one of {', '.join(SUPPORTED)}.")


class NamelessError(ValueError):
    """A thing that must have a name in at least one language has none."""

    def __init__(self) -> None:
        super().__init__("A name is missing: give it in at least one language.")


def best(accept: Iterable[str], default: str = "en") -> str:
    """Return the first supported language among `accept`, best first; `default` when there is none.

    Takes tags as browsers and registers write them (`nb-NO`, `sv_SE`, `no`); region and script are ignored.
    """
    for tag in accept:
        code = tag.replace("_", "-").split("-")[0].strip().lower()
        code = _ALSO_KNOWN_AS.get(code, code)
        if code in SUPPORTED:
            return code
    return default


def pick(names: Mapping[str, str], locale: str) -> str:
    """Return the name in `locale`, else in English, else in Swedish, else the first there is.

    `names` is data of the organisation: language code → text. Blank texts count as missing; with no text at all
    `NamelessError` is raised.
    """
    for code in (locale, "en", "sv", *names):
        text = names.get(code, "").strip()
        if text:
            return text
    raise NamelessError
