"""Read what a scanner would read off a page, with nothing but the standard library between."""

import struct
import zlib
from collections.abc import Iterator

import zxingcpp


def scanned(page: bytes) -> list[str]:
    """Return the texts of the QR codes on a page given as an RGBA PNG of 8 bits."""
    width, height = struct.unpack(">II", page[16:24])
    grey = b"".join(row[1::4] for row in _rows(zlib.decompress(b"".join(_data(page))), width * 4))
    image = memoryview(grey).cast("B", (height, width))
    return [code.text for code in zxingcpp.read_barcodes(image)]


def _data(png: bytes) -> Iterator[bytes]:
    place = 8
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        if kind == b"IDAT":
            yield png[place + 8 : place + 8 + length]
        place += 12 + length


def _rows(packed: bytes, width: int) -> Iterator[bytes]:
    """Undo the filters of each row (PNG specification, 9.2)."""
    above = bytes(width)
    for start in range(0, len(packed), width + 1):
        row = packed[start + 1 : start + 1 + width]
        above = _unfiltered(packed[start], row, above)
        yield above


def _unfiltered(kind: int, row: bytes, above: bytes) -> bytes:
    if kind == 0:
        return row
    if kind == 2:
        return bytes((a + b) & 255 for a, b in zip(row, above, strict=True)) if any(row) else above
    done = bytearray(4)
    over = bytes(4) + above
    for place, value in enumerate(row, 4):
        left, up, corner = done[place - 4], over[place], over[place - 4]
        guess = {1: left, 3: (left + up) // 2}.get(kind)
        done.append((value + (_nearest(left, up, corner) if guess is None else guess)) & 255)
    return bytes(done[4:])


def _nearest(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))
