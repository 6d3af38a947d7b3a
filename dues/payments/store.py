"""Keeps the raw bytes of bank files, in pieces, so that a large one never stands in memory."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from dues.payments.models import BankFileChunk

PIECE = 1 << 20


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


def keep(session: Session, *, file_id: int, stream: BinaryIO) -> None:
    """Store a file's bytes."""
    for position, piece in enumerate(pieces(stream)):
        session.execute(insert(BankFileChunk).values(file_id=file_id, position=position, content=piece))


def kept(session: Session, *, file_id: int) -> Iterator[bytes]:
    """Yield a stored file's bytes, piece by piece."""
    wanted = select(BankFileChunk.content).where(BankFileChunk.file_id == file_id).order_by(BankFileChunk.position)
    yield from session.scalars(wanted.execution_options(yield_per=4))


@contextmanager
def kept_file(session: Session, *, file_id: int) -> Iterator[BinaryIO]:
    """Open a stored file to be read from any place; a large one lies on disk meanwhile."""
    with tempfile.SpooledTemporaryFile(max_size=PIECE) as stream:
        for piece in kept(session, file_id=file_id):
            stream.write(piece)
        stream.seek(0)
        yield cast("BinaryIO", stream)
