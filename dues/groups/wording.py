"""The organisation's own words: which places they may leave open, what is refused, and how they are filled."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

from dues.editing import EditingError
from dues.folding import folded
from dues.groups.models import Occasion

LONGEST: Final = 1000
"""Characters; a document has one page for them and for everything else."""


class Place(StrEnum):
    """What may be left open in a text, between braces."""

    NAME = "name"
    AMOUNT = "amount"
    DUE_DATE = "due date"
    PAY_BY = "pay by"
    NUMBER = "number"
    INVOICE = "invoice number"
    PAID_ON = "payment date"
    MEMBERSHIP = "membership"
    PERIOD = "period"
    REFERENCE = "reference"
    GROUP = "group"
    CREDITOR = "creditor"


_ALWAYS: Final = (Place.GROUP, Place.CREDITOR)
_TO_PAY: Final = (Place.NAME, Place.AMOUNT, Place.DUE_DATE, Place.NUMBER, Place.REFERENCE)
_INVOICE: Final = (*_TO_PAY, Place.MEMBERSHIP, Place.PERIOD, *_ALWAYS)
PLACES: Final[Mapping[Occasion, tuple[Place, ...]]] = {
    Occasion.INVOICE: _INVOICE,
    Occasion.RENEWAL: _INVOICE,
    Occasion.REMINDER: (
        Place.NAME,
        Place.AMOUNT,
        Place.DUE_DATE,
        Place.PAY_BY,
        Place.INVOICE,
        Place.REFERENCE,
        *_ALWAYS,
    ),
    Occasion.RECEIPT: (Place.NAME, Place.AMOUNT, Place.PAID_ON, *_ALWAYS),
    Occasion.CREDIT_NOTE: (Place.NAME, Place.AMOUNT, Place.NUMBER, Place.INVOICE, *_ALWAYS),
    Occasion.ONE_OFF: (*_TO_PAY, *_ALWAYS),
    Occasion.JOIN_THANKS: (Place.AMOUNT, Place.DUE_DATE, *_ALWAYS),
}
"""What is known on each occasion."""

_OPEN: Final = re.compile(r"\{([^{}]*)\}")
_MARKUP: Final = re.compile(r"</?[a-z!][^>]*>", re.IGNORECASE)


class WordingError(EditingError):
    """A text cannot be taken as it was written."""


class UnknownPlaceError(WordingError):
    """A place between braces is not known on this occasion; ``place`` was written, ``known`` could have been."""

    def __init__(self, place: str, known: Sequence[Place]) -> None:
        super().__init__(f"{{{place}}} is not known here. Known are {', '.join(f'{{{one}}}' for one in known)}.")
        self.place = place
        self.known = known


class LooseBraceError(WordingError):
    """A brace is open or closed without its other half."""

    def __init__(self) -> None:
        super().__init__("A brace { or } stands alone.")


class MarkupError(WordingError):
    """Tags have no meaning in these texts."""

    def __init__(self, tag: str) -> None:
        super().__init__(f"{tag} has no meaning here: write plain text.")
        self.tag = tag


class TooLongError(WordingError):
    """A text is longer than a document has room for."""

    def __init__(self, length: int) -> None:
        super().__init__(f"The text has {length} characters; there is room for {LONGEST}.")
        self.length = length


def checked(written: str, occasion: Occasion) -> str:
    """Return a text as it is kept: its lines without outer blanks, at most one line empty between two paragraphs.

    Raises a WordingError.
    """
    lines = "\n".join(" ".join(_visible(line).split()) for line in written.splitlines()).strip()
    words = re.sub(r"\n{3,}", "\n\n", lines)
    if len(words) > LONGEST:
        raise TooLongError(len(words))
    if (tag := _MARKUP.search(words)) is not None:
        raise MarkupError(tag[0])
    for place in _OPEN.findall(words):
        if folded(place) not in PLACES[occasion]:
            raise UnknownPlaceError(" ".join(place.split()), PLACES[occasion])
    if re.search(r"[{}]", _OPEN.sub("", words)):
        raise LooseBraceError
    return words


def _visible(line: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in line)


def filled(words: str, values: Mapping[Place, str]) -> str:
    """Return a text with its places filled; one that is not known any more stays empty."""
    return _OPEN.sub(lambda found: _value(found[1], values), words)


def _value(place: str, values: Mapping[Place, str]) -> str:
    key = folded(place)
    return values.get(Place(key), "") if key in set(Place) else ""


def paragraphs(words: str) -> Iterator[str]:
    """Yield the lines of a text that say something, for documents, which set each as a paragraph."""
    return (line for line in words.split("\n") if line)
