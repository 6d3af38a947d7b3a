"""Archives of bank files: all files come out, and nothing that would do harm."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from bankfiles.write import Incoming
from bankfiles.zipped import ArchiveRefused, Limits, is_archive, unzipped
from tests.bankfiles.files import bgmax, ocr, told

if TYPE_CHECKING:
    from pathlib import Path

FIRST, SECOND = bgmax(Incoming(100)), ocr(Incoming(200))


def archive(*files: tuple[str, bytes]) -> io.BytesIO:
    """A ZIP archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files:
            packed.writestr(name, data)
    return stream


def out(stream: io.BytesIO, limits: Limits | None = None) -> list[tuple[str, bytes]]:
    """What comes out, read at once."""
    return [(name, file.read()) for name, file in unzipped(stream, limits or Limits())]


def test_every_file_comes_out_by_its_plain_name() -> None:
    stream = archive(("march/a.txt", FIRST), ("march/", b""), ("__MACOSX/._a.txt", b"x"), ("../../b.txt", SECOND))
    assert is_archive(stream)
    assert out(stream) == [("a.txt", FIRST), ("b.txt", SECOND)]


def test_the_sample_of_a_bank_comes_out(samples: Path) -> None:
    with (samples / "camt/oca-bsi-16.0_test-camt053.zip").open("rb") as stream:
        found = [file.read().replace(b"15121.12", b"15625.28") for _, file in unzipped(stream)]
    assert [told(data).format for data in found] == ["camt.053"] * len(found)
    assert len(found) > 1


def test_workbooks_and_other_files_are_no_archives() -> None:
    assert not is_archive(archive(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>")))
    assert not is_archive(io.BytesIO(FIRST))
    assert not is_archive(io.BytesIO(b""))


def encrypted() -> io.BytesIO:
    """An archive whose flags say that its file is encrypted, in both of its headers."""
    data = bytearray(archive(("a.txt", FIRST)).getvalue())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return io.BytesIO(bytes(data))


def damaged() -> io.BytesIO:
    """An archive with a wrong byte in its packed data."""
    data = bytearray(archive(("a.txt", FIRST)).getvalue())
    data[60] ^= 255
    return io.BytesIO(bytes(data))


@pytest.mark.parametrize(
    ("stream", "limits", "sentence"),
    [
        (encrypted(), Limits(), "a.txt: the file is encrypted"),
        (archive(("a.txt", FIRST), ("b.zip", b"x")), Limits(), "b.zip: the archive holds another archive"),
        (
            archive(("a.dat", archive(("b", b"x")).getvalue())),
            Limits(),
            "a.dat: the archive holds another archive",
        ),
        (archive(("a", b"1"), ("b", b"2"), ("c", b"3")), Limits(files=2), "holds 3 files, more than 2"),
        (
            archive(("bomb", b"0" * 100_000)),
            Limits(size=5_000),
            "bomb: the files of the archive have more than 5000 bytes",
        ),
        (
            archive(("a", b"0" * 3_000), ("b", b"0" * 3_000)),
            Limits(size=5_000),
            "b: the files of the archive have more than 5000 bytes together",
        ),
        (archive(), Limits(), "holds no file"),
        (archive(("empty/", b"")), Limits(), "holds no file"),
        (damaged(), Limits(), "a.txt: the file cannot be unpacked"),
        (io.BytesIO(archive(("a.txt", FIRST)).getvalue()[:-30]), Limits(), "the ZIP archive is broken"),
    ],
)
def test_what_is_not_unpacked_says_which_file_and_why(stream: io.BytesIO, limits: Limits, sentence: str) -> None:
    with pytest.raises(ArchiveRefused) as refusal:
        out(stream, limits)
    assert sentence in str(refusal.value)
