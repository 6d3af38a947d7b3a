"""Text files of banks, line by line: any line end, any of the usual encodings, in constant memory."""

import re
from collections.abc import Iterator

from bankfiles.errors import WrongRecord
from bankfiles.streams import Window

_CHUNK = 1 << 16
_LONGEST = 4096  # no fixed-width bank format has lines near this; a file without line ends must not fill the memory
# All control characters but TAB, the line ends and the DOS end-of-file mark; databases refuse some, no bank writes any.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x19\x1b-\x1f\x7f]")
_BOM = b"\xef\xbb\xbf"


def lines(window: Window, *, frame: bytes = b"") -> Iterator[tuple[int, bytes]]:
    """Each line with its number from 1, without its end (LF, CRLF or CR) and without a byte order mark.

    `frame` are control characters that the format puts around its messages; they are left out. Raises
    WrongRecord for a control character and for a line of more than 4096 bytes.
    """
    number = 0
    for whole in _whole_lines(window):
        kept = whole.translate(None, frame) if frame else whole
        suspect = _CONTROL.search(kept) is not None
        for line in kept.splitlines():
            number += 1
            if suspect or len(line) > _LONGEST:
                _refuse_damage(number, line)
            yield number, line


def blocks(window: Window, *, frame: bytes = b"") -> Iterator[bytes]:
    """The same lines, many at a time, joined by LF: for formats that look for what stands between lines.

    An empty block is one empty line. Raises what `lines` raises, behind the block of what stands before.
    """
    number = 0
    for whole in _whole_lines(window):
        kept = whole.translate(None, frame) if frame else whole
        found = kept.splitlines()
        if _CONTROL.search(kept) is not None or max(map(len, found), default=0) > _LONGEST:
            for at, line in enumerate(found):
                if len(line) > _LONGEST or _CONTROL.search(line):
                    if at:
                        yield b"\n".join(found[:at])
                    _refuse_damage(number + at + 1, line)
        if found:
            number += len(found)
            yield b"\n".join(found)


def _whole_lines(window: Window) -> Iterator[bytes]:
    """Chunks that end where a line ends; a CR at the end of a chunk waits for its LF."""
    rest = window.read(_CHUNK).removeprefix(_BOM)
    while data := window.read(_CHUNK):
        rest += data
        end = max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, len(rest) - 1)) + 1
        if end:
            yield rest[:end]
            rest = rest[end:]
        elif len(rest) > _CHUNK:
            break  # no line end far beyond the longest line: the caller refuses it
    yield rest


def _refuse_damage(number: int, line: bytes) -> None:
    position = f"line {number}"
    if len(line) > _LONGEST:
        raise WrongRecord(position, "the line has more than {most} characters", most=_LONGEST)
    if found := _CONTROL.search(line):
        raise WrongRecord(
            position,
            "a control character (code {code}) stands in column {column}",
            code=found[0][0],
            column=found.start() + 1,
        )


def decode(line: bytes, width: int) -> str:
    """The text of a fixed-width record: ISO-8859-1, unless somebody has converted the file to UTF-8.

    The formats count characters, and å is two bytes in UTF-8. A record of exactly `width` bytes is therefore not UTF-8,
    whatever its bytes could mean; any other that is valid UTF-8 and fits the width when read so is.
    """
    if line.isascii():
        return line.decode("ascii")
    if len(line) != width:
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            if len(text.rstrip()) <= width:
                return text
    return line.decode("iso-8859-1")
