"""Bank files as they come: one by one, or several in an archive."""

from collections.abc import Iterator
from typing import BinaryIO

from bankfiles.zipped import ArchiveRefused, is_archive, unzipped
from dues.payments.errors import FileRefusedError


def unpacked(stream: BinaryIO, *, name: str) -> Iterator[tuple[str, BinaryIO]]:
    """Yield a file with its name, or each file of an archive; a stream is open until the next one is asked for.

    An archive is unpacked twice, so that one that must be refused is refused before the first of its files is taken.
    Raises FileRefusedError.
    """
    if not is_archive(stream):
        yield name, stream
        return
    try:
        for _ in unzipped(stream):
            pass
    except ArchiveRefused as error:
        raise FileRefusedError.because(name, error) from error
    yield from unzipped(stream)
