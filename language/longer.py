"""English with every text longer and in brackets: what is too narrow, and what nobody marked for translation, shows."""

from typing import Final

from language.reader import Language

LONGER: Final = "longer"
"""What a reader's choice of language is called that asks for this one."""

_SHARE: Final = 0.4
_FILLER: Final = "more words "


class Longer(Language):
    """A language for looking at pages, not for reading them; dates and amounts are those of English."""

    def gettext(self, message: str, /, **values: object) -> str:
        """Return a text longer than it is."""
        return _stretched(super().gettext(message, **values))

    def ngettext(self, singular: str, plural: str, n: int, /, **values: object) -> str:
        """Return the form that fits `n`, longer than it is."""
        return _stretched(super().ngettext(singular, plural, n, **values))

    def pgettext(self, context: str, message: str, /, **values: object) -> str:
        """Return a text in a sense, longer than it is."""
        return _stretched(super().pgettext(context, message, **values))

    def npgettext(self, context: str, singular: str, plural: str, n: int, /, **values: object) -> str:
        """Return the form that fits `n` in a sense, longer than it is."""
        return _stretched(super().npgettext(context, singular, plural, n, **values))


def _stretched(text: str) -> str:
    """A text that stands in another one already is not stretched twice."""
    if text.startswith("["):
        return text
    more = round(len(text) * _SHARE)
    return f"[{text} {(_FILLER * (more // len(_FILLER) + 1))[:more].strip()}]"
