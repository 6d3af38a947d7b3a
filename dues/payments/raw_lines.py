"""The lines of a stored bank file around a place that a reader has named."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from dues.payments.store import kept

LARGEST: Final = 64 << 20
"""Bytes of a file that is read for some of its lines; larger ones are fetched as they came."""
AROUND: Final = 12
"""Lines that are shown before and after the one that is meant."""
LONGEST: Final = 400
"""Signs of a line that are shown: some banks write a whole file into one."""

_PLACE: Final = re.compile(r"line (\d{1,12})")


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line of a file, by its number from 1; ``cut`` says that it goes on."""

    number: int
    text: str
    cut: bool
    meant: bool


def line_of(position: str) -> int | None:
    """Return the line that a place in a file names ("line 12, Ntry"), None where it names none."""
    found = _PLACE.match(position)
    return int(found[1]) if found else None


def lines_around(session: Session, *, file_id: int, line: int) -> list[RawLine]:
    """Return the lines around one, read from the file's beginning in constant memory."""
    first, last = max(line - AROUND, 1), line + AROUND
    found = []
    for number, raw in enumerate(_lines(kept(session, file_id=file_id)), start=1):
        if number > last:
            break
        if number >= first:
            text = _text(raw)
            found.append(RawLine(number, text[:LONGEST], len(text) > LONGEST, number == line))
    return found


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield lines without their ends; a long one is cut off where it would fill the memory."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from (one.rstrip(b"\r") for one in whole)
        rest = rest[: 4 * LONGEST]
    yield rest
