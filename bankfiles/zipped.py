"""Archives that banks and people send bank files in: every file of a ZIP, one after the other, within limits.

Nothing an archive says of itself is believed: the size of a file is what comes out of it, and what is more than the
limits is refused while it comes out (a "ZIP bomb" unpacks to a thousand times its size). Nothing is written by the
names in it.
"""

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from bankfiles.errors import BankFileError

MAX_FILES = 500
MAX_BYTES = 2 << 30  # unpacked, all files together
_PIECE = 1 << 20
_IN_MEMORY = 1 << 22
_MARK = b"PK\x03\x04"
_EMPTY = b"PK\x05\x06"
_ENCRYPTED = 1  # in a file's flags
_ALONGSIDE = ("__MACOSX/", ".DS_Store")
_SHEETS = ("xl/workbook.xml", "[Content_Types].xml")


class ArchiveRefused(BankFileError):  # noqa: N818 -- named like the other refusals
    """An archive, or a file in it, that is not unpacked; `position` is the file's name in it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many files an archive may hold, and how many bytes they may have together when unpacked."""

    files: int = MAX_FILES
    size: int = MAX_BYTES


def is_archive(stream: BinaryIO) -> bool:
    """Whether a seekable stream is a ZIP archive of files; workbooks are archives, too, and none of these."""
    stream.seek(0)
    start = stream.read(4)
    stream.seek(0)
    if start not in {_MARK, _EMPTY}:
        return False
    try:
        with zipfile.ZipFile(stream) as archive:
            return not set(_SHEETS) & set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return True  # a broken one, which `unzipped` refuses with the reason
    finally:
        stream.seek(0)


def unzipped(stream: BinaryIO, limits: Limits = Limits()) -> Iterator[tuple[str, BinaryIO]]:
    """Each file of an archive: its name, without folders, and a stream that is open until the next one is asked for.

    Folders and what macOS puts beside files are left out. Raises ArchiveRefused for an archive that is broken, empty,
    encrypted, holds another archive or exceeds the limits; files before the one at fault have been told by then.
    """
    stream.seek(0)
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
        raise ArchiveRefused("", "the ZIP archive is broken: {fault}", fault=fault) from None
    with archive:
        members = [one for one in archive.infolist() if not one.is_dir() and not _alongside(one.filename)]
        if not members:
            raise ArchiveRefused("", "the ZIP archive holds no file")
        if len(members) > limits.files:
            sentence = "the ZIP archive holds {found} files, more than {most}"
            raise ArchiveRefused("", sentence, found=len(members), most=limits.files)
        for one in members:
            _refuse_sealed(one)
        left = limits.size
        for one in members:
            with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as unpacked:
                left -= _unpack(archive, one, cast("BinaryIO", unpacked), left, limits)
                yield _plain(one.filename), cast("BinaryIO", unpacked)


def _alongside(name: str) -> bool:
    return name.startswith(_ALONGSIDE[0]) or name.endswith(_ALONGSIDE[1])


def _plain(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def _refuse_sealed(one: zipfile.ZipInfo) -> None:
    """Found out before anything is unpacked, so that an archive is refused as a whole where that can be."""
    if one.flag_bits & _ENCRYPTED:
        raise ArchiveRefused(one.filename, "the file is encrypted; unpack it with its password first")
    if one.filename.lower().endswith(".zip"):
        raise ArchiveRefused(one.filename, "the archive holds another archive; unpack that first")


def _unpack(archive: zipfile.ZipFile, one: zipfile.ZipInfo, to: BinaryIO, left: int, limits: Limits) -> int:
    """Unpacks a file and returns its bytes' number; its checksum is proved at its end."""
    size = 0
    try:
        with archive.open(one) as packed:
            while piece := packed.read(_PIECE):
                size += len(piece)
                if size > left:
                    sentence = "the files of the archive have more than {most} bytes together"
                    raise ArchiveRefused(one.filename, sentence, most=limits.size)
                to.write(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as fault:
        raise ArchiveRefused(one.filename, "the file cannot be unpacked: {fault}", fault=fault) from None
    to.seek(0)
    if to.read(4) in {_MARK, _EMPTY} and is_archive(to):
        raise ArchiveRefused(one.filename, "the archive holds another archive; unpack that first")
    to.seek(0)
    return size
