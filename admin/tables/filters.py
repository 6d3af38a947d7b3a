"""Filters of lists as plain fields of a GET form: stable keys, blank ones left out, errors beside their box."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from dues import dates
from language import gettext_noop as _
from web.speech import gettext, reader

Choices = Sequence[tuple[str, str]]
"""Values and their words, in the reader's language."""

_LONGEST: Final = 200
_LARGEST: Final = 10**14
"""Minor units beyond which an amount is a slip of the pen; larger ones do not fit into the database either."""


class UnreadableFilterError(ValueError):
    """What was written cannot be read; the message says what to write, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One field. ``words`` and ``hint`` are marked for translation; ``read`` makes a value of what was written.

    ``say`` writes a value on its chip; ``choices`` are asked for when the page is drawn;
    ``source`` is the door where a script asks what may be picked. A ``hidden`` one has no box: pages lead to it.
    """

    key: str
    words: str
    kind: str = "text"
    hint: str = ""
    read: Callable[[str], Any] = str
    say: Callable[[Any], str] = str
    choices: Callable[[], Choices] | None = None
    source: str = ""

    @property
    def label(self) -> str:
        """The field's name in the reader's language."""
        return reader().gettext(self.words)

    @property
    def told(self) -> str:
        """What to write, in the reader's language."""
        return reader().gettext(self.hint) if self.hint else ""


def choice(key: str, words: str, choices: Callable[[], Choices], hint: str = "") -> Filter:
    """One of a few."""

    def read(written: str) -> str:
        if written not in dict(choices()):
            raise UnreadableFilterError(gettext(_("Choose one of the list.")))
        return written

    return Filter(key, words, "choice", hint, read, lambda value: dict(choices())[value], choices)


def day(key: str, words: str, hint: str = "") -> Filter:
    """A day, chosen in the browser's calendar."""
    return Filter(key, words, "date", hint, read_day, lambda value: reader().date(value))


def amount(key: str, words: str, hint: str = "") -> Filter:
    """An amount in a currency's main unit, written as people do; its value is minor units of a hundredth."""
    return Filter(key, words, "amount", hint, read_amount, lambda value: reader().number(Decimal(value) / 100))


def number(key: str, words: str, hint: str = "") -> Filter:
    """A whole number."""
    return Filter(key, words, "number", hint, read_number, str)


def tick(key: str, words: str) -> Filter:
    """Yes, or not asked for."""
    return Filter(key, words, "tick", "", lambda _written: True, lambda _value: "")


def read_day(written: str) -> dt.date:
    """Return a day written as year, month and day."""
    try:
        return dates.read_day(written)
    except ValueError:
        raise UnreadableFilterError(gettext(_("Write the day as year, month and day, like 2026-11-30."))) from None


def read_amount(written: str) -> int:
    """Return hundredths of what was written with comma or point, with or without signs between thousands."""
    plain = "".join(written.split()).replace("\N{MINUS SIGN}", "-")
    if "," in plain and "." in plain:
        thousands = min(",.", key=plain.rindex)
        plain = plain.replace(thousands, "")
    try:
        minor = Decimal(plain.replace(",", ".")) * 100
    except InvalidOperation:
        raise UnreadableFilterError(gettext(_("Write the amount in digits, like 250 or 249,50."))) from None
    if not minor.is_finite() or minor != minor.to_integral_value() or abs(minor) > _LARGEST:
        raise UnreadableFilterError(gettext(_("Write the amount in digits, like 250 or 249,50.")))
    return int(minor)


def read_number(written: str) -> int:
    """Return a whole number that fits into the database."""
    plain = "".join(written.split())
    if not (plain.isascii() and plain.isdigit()) or int(plain) > _LARGEST:
        raise UnreadableFilterError(gettext(_("Write the number in digits.")))
    return int(plain)


@dataclass(frozen=True, slots=True)
class Given:
    """What was written into filters, what could be read of it, and what could not."""

    written: Mapping[str, str]
    values: Mapping[str, Any]
    faults: Mapping[str, str]


def read_all(filters: Sequence[Filter], arguments: Mapping[str, str]) -> Given:
    """Read the arguments of an address; what is blank was not asked for."""
    written = {one.key: text for one in filters if (text := arguments.get(one.key, "").strip()[:_LONGEST])}
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for one in filters:
        if one.key in written:
            try:
                values[one.key] = one.read(written[one.key])
            except UnreadableFilterError as fault:
                faults[one.key] = str(fault)
    return Given(written, values, faults)
