"""Fields of hand-declared forms, with their words: label, hint, whether they may stay empty, and how they are drawn."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, ClassVar, Final

from wtforms import Field
from wtforms.validators import StopValidation

from admin.tables.columns import shown
from admin.tables.filters import Choices, UnreadableFilterError, read_amount, read_day, read_number
from language import SUPPORTED, Language
from language import gettext_noop as _
from web.speech import gettext, reader
from web.words import title_first

_LONGEST: Final = 200
_LONGEST_TEXT: Final = 4000


class WordedField(Field):  # type: ignore[misc]  # WTForms publishes no types
    """A field that knows its words; ``label`` and ``hint`` are marked for translation where the form is declared.

    ``kind`` says how the theme draws it. What was written is kept as it was, also where it cannot be read.
    """

    kind: ClassVar[str] = "text"
    longest: ClassVar[int] = _LONGEST
    data: Any

    def __init__(self, label: str, *, hint: str = "", optional: bool = False, width: str = "", **more: Any) -> None:
        super().__init__(label, description=hint, **more)
        self.optional, self.width = optional, width

    @property
    def words(self) -> str:
        """The label in the reader's language."""
        return reader().gettext(self.label.text)

    @property
    def hint(self) -> str:
        """The hint in the reader's language."""
        return reader().gettext(self.description) if self.description else ""

    @property
    def box(self) -> SimpleNamespace:
        """The field as the macros of all faces draw it: with what was written."""
        return SimpleNamespace(id=self.id, name=self.name, data=self.written, errors=self.errors)

    @property
    def first_id(self) -> str:
        """Where a link to the field leads."""
        return str(self.id)

    @property
    def written(self) -> Any:
        """What stands in the box."""
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None or self.data == "" else self.write(self.data)

    @property
    def said(self) -> str:
        """The value in words."""
        return str(self.written)

    def read(self, written: str) -> Any:
        """Return the value of what was written; raise UnreadableFilterError."""
        return written

    def write(self, value: Any) -> str:
        """Return a value as somebody would write it."""
        return str(value)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what a browser sent; a field that was not sent is empty."""
        text = self.tidied(str(valuelist[0]) if valuelist else "")[: self.longest]
        self.data = None if self.optional else ""
        if not text:
            return
        self.data = None
        self.data = self.read(text)

    def tidied(self, text: str) -> str:
        """Fold blanks and drop control characters."""
        return " ".join("".join(sign for sign in text if sign.isprintable() or sign.isspace()).split())

    def pre_validate(self, _form: object) -> None:
        """Ask for what may not stay empty."""
        if not self.optional and not self.process_errors and self.data in (None, "", {}):
            raise StopValidation(gettext(_("Fill this in.")))


class Text(WordedField):
    """One line; an optional one that is left empty is an empty text."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """An empty line is an empty text, never nothing."""
        super().process_formdata(valuelist)
        self.data = self.data or ""


class Lines(Text):
    """Several lines."""

    kind = "lines"
    longest = _LONGEST_TEXT

    def tidied(self, text: str) -> str:
        """Keep the lines."""
        plain = "".join(sign for sign in text.replace("\r\n", "\n") if sign.isprintable() or sign == "\n")
        return plain.strip()


class Number(WordedField):
    """A whole number between two bounds, none where it is optional and empty."""

    kind = "number"

    def __init__(self, label: str, *, least: int = 0, most: int = 10**9, **more: Any) -> None:
        super().__init__(label, **more)
        self.least, self.most = least, most

    def read(self, written: str) -> int:
        """Return the number."""
        found = read_number(written)
        if not self.least <= found <= self.most:
            text = gettext(_("Write a number from %(least)s to %(most)s."), least=self.least, most=self.most)
            raise UnreadableFilterError(text)
        return found


class Amount(WordedField):
    """An amount, written in the main unit of its currency; the value is minor units of a hundredth."""

    kind = "amount"

    def read(self, written: str) -> int:
        """Return minor units."""
        return read_amount(written)

    def write(self, value: int) -> str:
        """Return the amount with two decimals."""
        return reader().amount(value, "EUR")


class Day(WordedField):
    """A day, chosen in the browser's calendar."""

    kind = "date"

    def read(self, written: str) -> dt.date:
        """Return the day."""
        return read_day(written)

    def write(self, value: dt.date) -> str:
        """Return the day as the browser's calendar takes it."""
        return value.isoformat()


class Choice(WordedField):
    """One of a few; ``choices`` are asked for when the page is drawn, in the reader's language.

    Values are texts; ``read_as`` makes another type of them (int for ids).
    """

    kind = "choice"

    def __init__(
        self, label: str, *, choices: Callable[[], Choices], read_as: Callable[[str], Any] = str, **more: Any
    ) -> None:
        super().__init__(label, **more)
        self._choices, self._read_as = choices, read_as

    @property
    def choices(self) -> Choices:
        """What one may choose; nothing first, where nothing may be chosen."""
        return [("", "–"), *self._choices()] if self.optional or self.data in (None, "") else self._choices()

    @property
    def said(self) -> str:
        """The chosen words."""
        return dict(self._choices()).get(str(self.written), "–")

    def read(self, written: str) -> Any:
        """Return the chosen value."""
        if written not in dict(self._choices()):
            raise UnreadableFilterError(gettext(_("Choose one of the list.")))
        return self._read_as(written)


class Tick(WordedField):
    """Yes or no."""

    kind = "tick"

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, optional=True, **more)

    @property
    def written(self) -> bool:
        """Whether the box is ticked."""
        return bool(self.data)

    @property
    def said(self) -> str:
        """Yes or no."""
        return str(shown(bool(self.data)))

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """A box that was not sent was not ticked."""
        self.data = bool(valuelist and valuelist[0])


class Names(WordedField):
    """A name or text of the organisation in each language: a mapping of codes to texts, blank ones left out.

    At least one language is asked for, unless it is optional. ``lines`` draws boxes of several lines.
    """

    kind = "names"

    def __init__(self, label: str, *, lines: bool = False, **more: Any) -> None:
        super().__init__(label, **more)
        self.lines = lines

    @property
    def first_id(self) -> str:
        """The first language's box."""
        return f"{self.id}-{SUPPORTED[0]}"

    @property
    def boxes(self) -> list[tuple[str, str, SimpleNamespace]]:
        """A box for each language, with its code and its name in itself."""
        return [
            (code, title_first(Language(code).name), self._box(code, errors=self.errors if not place else []))
            for place, code in enumerate(SUPPORTED)
        ]

    @property
    def said(self) -> str:
        """The texts, each behind its language."""
        return " · ".join(f"{code}: {text}" for code, text in (self.data or {}).items())

    def _box(self, code: str, *, errors: Sequence[str]) -> SimpleNamespace:
        texts: Mapping[str, str] = self.data or {}
        return SimpleNamespace(id=f"{self.id}-{code}", name=f"{self.name}-{code}", data=texts.get(code), errors=errors)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take the texts from the boxes where the form was sent, from the row where it was not."""
        super().process(None, data, extra_filters)
        if formdata:
            longest = _LONGEST_TEXT if self.lines else _LONGEST
            texts = {code: str(formdata.get(f"{self.name}-{code}", "")).strip()[:longest] for code in SUPPORTED}
            self.data = {code: text for code, text in texts.items() if text}
