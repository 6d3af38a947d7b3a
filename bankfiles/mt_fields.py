"""The fields of SWIFT messages (":61:...") with the lines they run over, whatever envelope a bank puts around them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bankfiles.errors import WrongRecord
from bankfiles.lines import blocks
from bankfiles.streams import Window

FRAME = b"\x01\x03"  # SOH and ETX stand around a message on the wire
_TAG = re.compile(rb"\n(?:\{[^\n]*\{4:)?:(\d\d[A-Z]?):")
_MOST = 200  # lines of a field; SWIFT allows 6 of 65 characters, banks that do not wrap or wrap twice have more


class Field(NamedTuple):
    """A field: the line where it begins, its tag ("61", "60F") and its lines as text."""

    number: int
    tag: str
    lines: list[str]

    @property
    def position(self) -> str:
        """Where it stands, for a person."""
        return f"line {self.number}, :{self.tag}:"


def fields(window: Window) -> Iterator[Field]:
    """The fields in order. What stands before the first is a field without tag; "-" and "{5:" are lines of the last.

    A text may have a line of "-" itself, so that the end of a message is known by its closing balance alone.
    Raises WrongRecord for a field of more than 200 lines.
    """
    number, tag, rest = 1, b"", b""  # where the field began that goes on, and what it holds so far
    begun = False
    for block in blocks(window, frame=FRAME):
        before, *found = _TAG.split(b"\n" + block)
        more = before[1:]
        rest = b"\n".join((rest, more)) if begun and before else rest or more
        begun = begun or bool(before)
        for next_tag, content in zip(found[::2], found[1::2], strict=True):
            field = _field(number, tag, rest)
            yield field
            number += len(field[2]) if begun else 0
            tag, rest, begun = next_tag, content, True
        if rest.count(b"\n") >= _MOST:
            _refuse(number)
    yield _field(number, tag, rest)


def _refuse(start: int) -> None:
    raise WrongRecord(f"line {start + _MOST}", "the field from line {start} has no end", start=start)


def _field(start: int, tag: bytes, whole: bytes) -> Field:
    try:
        text = whole.decode()
    except UnicodeDecodeError:
        text = whole.decode("iso-8859-1")
    lines = text.split("\n")
    if len(lines) > _MOST:
        _refuse(start)
    return Field(start, tag.decode(), lines)
