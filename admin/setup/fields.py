"""Fields that only set-up forms have: a group or a creditor by its name, a picture, a time of day, parts in order."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

from werkzeug.datastructures import FileStorage

from admin.office.typed_amount import UnreadableAmountError, typed_amount
from admin.tables.columns import NOTHING
from admin.tables.fields import Text, WordedField
from admin.tables.filters import UnreadableFilterError, read_amount
from dues.groups.lists import Named
from language import gettext_noop as _
from web import postal
from web.speech import gettext, reader

_MOST: Final = 5
_CALLED: Final = re.compile(r".*\(([a-z0-9-]+)\)\s*")
_TIME: Final = re.compile(r"([01]?\d|2[0-3])(?:[:.]?([0-5]\d))?")


@dataclass(frozen=True, slots=True)
class Picked:
    """What was picked: its id, what is written for it, and what tells it from namesakes."""

    id: int
    words: str
    above: str = ""

    @classmethod
    def of(cls, id_: int, named: Named) -> "Picked":
        """Return a group, or what belongs to it, under the group's name and short name."""
        return cls(id_, f"{named.name} ({named.slug})", named.above)


Find = Callable[[str, int], Sequence[Picked]]
"""Finds what begins with, or is exactly called by, what was written: as many as are asked for at most."""


def meant(find: Find, written: str) -> Picked:
    """Return the one that is meant by what was written; raise UnreadableFilterError, naming several that could be."""
    called = _CALLED.fullmatch(written)
    found = find(called[1] if called else written, _MOST + 1)
    same = [one for one in found if one.words.rpartition(" (")[0].casefold() == written.casefold()]
    if len(found) == 1 or len(same) == 1:
        return same[0] if len(same) == 1 else found[0]
    if not found:
        raise UnreadableFilterError(gettext(_("Nothing is called so. Write the beginning of the name.")))
    names = "; ".join(one.words for one in found[:_MOST]) + (" …" if len(found) > _MOST else "")
    raise UnreadableFilterError(gettext(_("Several could be meant. Write one of them: %(names)s"), names=names))


class Pick(WordedField):
    """One of many, by its name: a box that finds, never a list of thousands. ``source`` is where a script asks."""

    kind = "pick"

    def __init__(self, label: str, *, find: Find, source: str, **more: Any) -> None:
        super().__init__(label, **more)
        self._find, self.source = find, source

    @property
    def picked(self) -> int | None:
        """The id of what was picked."""
        return self.data.id if self.data else None

    def read(self, written: str) -> Picked:
        """Return the one that is meant; several that could be are named."""
        return meant(self._find, written)

    def write(self, value: Picked) -> str:
        """Return what is written for it."""
        return value.words


class Secret(Text):
    """What is written once and never shown again; empty keeps what is kept."""

    kind = "secret"

    @property
    def written(self) -> str:
        """Nothing: what was written does not come back to the page."""
        return ""

    @property
    def said(self) -> str:
        """Secrets are not compared in words."""
        return NOTHING

    def tidied(self, text: str) -> str:
        """A blank may be a part of it."""
        return text


class SecretLines(Secret):
    """The same of several lines."""

    kind = "lines"
    longest = 16_000

    def tidied(self, text: str) -> str:
        """Keep the lines as a key's file has them."""
        return text.replace("\r\n", "\n").strip()


class Email(Text):
    """An address that mail can be sent to."""

    def read(self, written: str) -> str:
        """Return the address as mail systems write it."""
        try:
            return postal.email(written)
        except postal.EmailError:
            text = gettext(_("Write an e-mail address, for example name@example.com."))
            raise UnreadableFilterError(text) from None


class Fact(WordedField):
    """Something that a form shows and never asks for."""

    kind = "fixed"

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, optional=True, **more)

    def process(self, _formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take what the row says, whatever a browser sends."""
        super().process(None, data, extra_filters)


class Colour(Text):
    """A colour, from the browser's own picker."""

    kind = "colour"


class Picture(WordedField):
    """A file that is taken in; the value is its bytes, None where none was sent."""

    kind = "picture"

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, optional=True, **more)

    @property
    def written(self) -> str:
        """No browser keeps a file."""
        return ""

    @property
    def said(self) -> str:
        """Pictures are not compared in words."""
        return NOTHING

    @property
    def sent(self) -> bool:
        """Whether a file came with the form, and has to be chosen again when the form comes back."""
        return bool(self.data)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take the bytes."""
        file = valuelist[0] if valuelist else None
        self.data = (file.read() or None) if isinstance(file, FileStorage) and file.filename else None


class TimeOfDay(WordedField):
    """A time of day: 6, 6.30, 06:30 or 0630."""

    kind = "time"

    def read(self, written: str) -> dt.time:
        """Return the time."""
        found = _TIME.fullmatch("".join(written.split()))
        if found is None:
            raise UnreadableFilterError(gettext(_("Write hour and minute, for example 06:30.")))
        return dt.time(int(found[1]), int(found[2] or 0))

    def write(self, value: dt.time) -> str:
        """Return hour and minute."""
        return value.strftime("%H:%M")


@dataclass(frozen=True, slots=True)
class Part:
    """Something that can stand in an order: its key, its words, and the place it has, as written."""

    key: int
    id: str
    name: str
    words: str
    place: str


class Order(WordedField):
    """Some of a few things in an order: each has a small box for its place; an empty one is left out.

    ``things`` gives keys and words; the value is the keys in order.
    """

    kind = "order"

    def __init__(self, label: str, *, things: Callable[[], Sequence[tuple[int, str]]], **more: Any) -> None:
        super().__init__(label, **more)
        self._things = things
        self._places: dict[int, str] | None = None

    def narrow(self, keys: Collection[int]) -> None:
        """Offer only some of the things, and those that have a place already."""
        everything, kept = self._things, {*keys, *(self.data or [])}
        self._things = lambda: [thing for thing in everything() if thing[0] in kept]

    @property
    def first_id(self) -> str:
        """The first thing's box."""
        return f"{self.id}-{next((key for key, _words in self._things()), '')}"

    @property
    def parts(self) -> list[Part]:
        """A box for each thing."""
        places = self._places if self._places is not None else _places(self.data or [])
        return [
            Part(key, f"{self.id}-{key}", f"{self.name}-{key}", words, places.get(key, ""))
            for key, words in self._things()
        ]

    @property
    def said(self) -> str:
        """The things in their order."""
        words = dict(self._things())
        return ", ".join(words.get(key, "") for key in self.data or []) or NOTHING

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take the places from the boxes where the form was sent, from the row where it was not."""
        super().process(None, data, extra_filters)
        if formdata:
            self._places = {key: str(formdata.get(f"{self.name}-{key}", "")).strip() for key, _words in self._things()}
            self.data = self._ordered(self._places)

    def _ordered(self, places: dict[int, str]) -> list[int]:
        given = {key: place for key, place in places.items() if place}
        if any(not (place.isascii() and place.isdecimal() and len(place) < 4) for place in given.values()):  # noqa: PLR2004 -- three digits
            self.process_errors = [gettext(_("Write the places as 1, 2, 3 …"))]
            return []
        return sorted(given, key=lambda key: (int(given[key]), key))


def _places(keys: Sequence[int]) -> dict[int, str]:
    return {key: str(place) for place, key in enumerate(keys, start=1)}


def fix(field: WordedField, value: Any) -> None:
    """Show a field as a fact that this form does not change, whatever a browser sends."""
    field.__dict__.update(kind="fixed", data=value, raw_data=None, process_errors=[], optional=True)


class Percent(WordedField):
    """A share in per cent with two decimals at most; the value is in basis points."""

    kind = "amount"

    def read(self, written: str) -> int:
        """Return basis points: hundredths of a per cent."""
        return read_amount(written.rstrip("% "))

    def write(self, value: int) -> str:
        """Return the per cent without decimals that say nothing."""
        return reader().number((Decimal(value) / 100).normalize())


class Prices(WordedField):
    """An amount in each of some currencies: a mapping of codes to minor units, empty boxes left out."""

    kind = "prices"

    def __init__(self, label: str, *, currencies: Callable[[], Sequence[str]], **more: Any) -> None:
        super().__init__(label, **more)
        self._currencies = currencies
        self._written: dict[str, str] | None = None

    @property
    def first_id(self) -> str:
        """The first currency's box."""
        return f"{self.id}-{next(iter(self._codes()), '')}"

    @property
    def boxes(self) -> list[tuple[str, SimpleNamespace]]:
        """A box for each currency, with its code; what is wrong stands at the first."""
        return [
            (code, SimpleNamespace(id=f"{self.id}-{code}", name=f"{self.name}-{code}", data=said, errors=errors))
            for code, said, errors in (
                (code, self._boxed(code), self.errors if not place else []) for place, code in enumerate(self._codes())
            )
        ]

    @property
    def said(self) -> str:
        """The amounts, each with its code."""
        return " · ".join(f"{reader().amount(minor, code)} {code}" for code, minor in (self.data or {}).items())

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take the amounts from the boxes where the form was sent, from the row where it was not."""
        super().process(None, data, extra_filters)
        if formdata:
            self._written = {code: str(formdata.get(f"{self.name}-{code}", "")).strip() for code in self._codes()}
            self.data = {}
            try:
                self.data = {code: _minor(text, code) for code, text in self._written.items() if text}
            except UnreadableFilterError as error:
                self.process_errors = [str(error)]

    def _codes(self) -> list[str]:
        return list(dict.fromkeys([*self._currencies(), *(self.data or {})]))

    def _boxed(self, code: str) -> str:
        if self._written is not None:
            return self._written.get(code, "")
        return reader().amount(self.data[code], code) if code in (self.data or {}) else ""


def _minor(written: str, currency: str) -> int:
    try:
        return typed_amount(written, currency)
    except UnreadableAmountError:
        raise UnreadableFilterError(gettext(_("Write the amount in digits, like 250 or 249,50."))) from None
