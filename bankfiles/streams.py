"""Reading positions in a stream: a reader and its look ahead share one file."""

from typing import BinaryIO, Protocol


class Readable(Protocol):
    """Something to read bytes from, piece by piece."""

    def read(self, size: int, /) -> bytes:
        """About `size` bytes from here on, empty at the end."""
        ...


class Window:
    """A reading position of its own in a seekable stream; starts at the beginning."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._offset = 0

    def read(self, size: int) -> bytes:
        """Up to `size` bytes from here on, empty at the end."""
        self._stream.seek(self._offset)
        data = self._stream.read(size)
        self._offset += len(data)
        return data
