"""Languages, as the reader calls them."""

from web.speech import reader
from web.words import title_first


def tongue(code: str) -> str:
    """Return what the reader calls a language, for a sentence: Swedish, schwedisch."""
    return str(reader().locale.languages.get(code, code))


def tongue_alone(code: str) -> str:
    """Return the same where it stands alone."""
    return title_first(tongue(code))
