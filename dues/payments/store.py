"""Keeps the raw bytes of bank files, in pieces, so that a large one never stands in memory."""

import hashlib
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final, cast

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bankfiles.streams import Window
from dues.payments.models import BankFileChunk

PIECE = 1 << 20

_LEVEL: Final = 1
"""How hard files are packed: a bank's text shrinks to a tenth, faster than the server would do it by itself."""


def pieces(stream: BinaryIO) -> Iterator[bytes]:
    """Yield a seekable stream's bytes from its beginning, a mebibyte at a time."""
    stream.seek(0)
    while piece := stream.read(PIECE):
        yield piece


def digest_and_size(stream: BinaryIO) -> tuple[str, int]:
    """Return the SHA-256 (hex) of a stream's bytes and their number."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces(stream):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


class Pieces:
    """The pieces of a seekable stream that somebody else is reading from its beginning, as far as that has come."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._window = Window(stream)
        self._taken = 0

    def due(self) -> list[bytes]:
        """Return the whole pieces before the stream's position that were not returned yet."""
        return list(self._upto(self._stream.tell()))

    def rest(self) -> Iterator[bytes]:
        """Yield what was not returned yet, to the stream's end."""
        while piece := self._window.read(PIECE):
            yield piece

    def _upto(self, offset: int) -> Iterator[bytes]:
        while self._taken + PIECE <= offset:
            self._taken += PIECE
            yield self._window.read(PIECE)


def keep(session: Session, *, file_id: int, pieces: Iterable[bytes], first: int = 0) -> int:
    """Store pieces of a file's bytes, of which the first is the ``first``-th (from 0); return how many they were."""
    count = 0
    for count, piece in enumerate(pieces, start=1):
        chunk = {"file_id": file_id, "position": first + count - 1, "content": zlib.compress(piece, level=_LEVEL)}
        session.execute(insert(BankFileChunk).values(chunk))
    return count


def kept(session: Session, *, file_id: int) -> Iterator[bytes]:
    """Yield a stored file's bytes, piece by piece."""
    wanted = select(BankFileChunk.content).where(BankFileChunk.file_id == file_id).order_by(BankFileChunk.position)
    for packed in session.scalars(wanted.execution_options(yield_per=4)):
        yield zlib.decompress(packed)


@contextmanager
def kept_file(session: Session, *, file_id: int) -> Iterator[BinaryIO]:
    """Open a stored file to be read from any place; a large one lies on disk meanwhile."""
    with tempfile.SpooledTemporaryFile(max_size=PIECE) as stream:
        for piece in kept(session, file_id=file_id):
            stream.write(piece)
        stream.seek(0)
        yield cast("BinaryIO", stream)
