"""The fields of SWIFT messages (":61:...") with the lines they run over, whatever envelope a bank puts around them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bankfiles.errors import WrongRecord
from bankfiles.lines import lines
from bankfiles.streams import Window

FRAME = b"\x01\x03"  # SOH and ETX stand around a message on the wire
_TAG = re.compile(rb"(?:\{.*\{4:)?:(\d\d[A-Z]?):(.*)")
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
    start, tag = 1, ""
    content: list[bytes] = []
    for number, raw in lines(window, frame=FRAME):
        found = _TAG.match(raw) if raw[:1] in b":{" and raw else None
        if found is None:
            content.append(raw)
            if len(content) > _MOST:
                raise WrongRecord(f"line {number}", "the field from line {start} has no end", start=start)
            continue
        yield _field(start, tag, content)
        start, tag, content = number, found[1].decode("ascii"), [found[2]]
    yield _field(start, tag, content)


def _field(start: int, tag: str, content: list[bytes]) -> Field:
    whole = b"\n".join(content)
    if whole.isascii():
        return Field(start, tag, whole.decode("ascii").split("\n"))
    try:
        text = whole.decode("utf-8")
    except UnicodeDecodeError:
        text = whole.decode("iso-8859-1")
    return Field(start, tag, text.split("\n"))
