"""The headers of a ZIP archive, for files that are packed elsewhere and a stretch at a time."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_VERSION: Final = 20
_DEFLATED: Final = 8
_DAY: Final = (1 << 5) | 1
"""1 January 1980: an archive that says nothing of when it was made is the same each time."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an archive: its name, checksum, length, length as it is packed, and where its header begins."""

    name: str
    crc: int
    size: int
    packed: int
    offset: int
    stored: bool = False

    @property
    def _numbers(self) -> tuple[int, ...]:
        method = 0 if self.stored else _DEFLATED
        return (_VERSION, 0, method, 0, _DAY, self.crc, self.packed, self.size, len(self.name))


def local_header(entry: Entry) -> bytes:
    """Return what stands before a file's bytes."""
    return struct.pack("<I5H3I2H", 0x04034B50, *entry._numbers, 0) + entry.name.encode()  # noqa: SLF001 -- its own module


def directory(entries: Sequence[Entry], *, begins: int) -> bytes:
    """Return what stands at the end of an archive: the list of its files, which begins there."""
    listed = b"".join(
        struct.pack("<I6H3I5H2I", 0x02014B50, _VERSION, *entry._numbers, 0, 0, 0, 0, 0, entry.offset)  # noqa: SLF001
        + entry.name.encode()
        for entry in entries
    )
    count = len(entries)
    return listed + struct.pack("<I4H2IH", 0x06054B50, 0, 0, count, count, len(listed), begins, 0)
