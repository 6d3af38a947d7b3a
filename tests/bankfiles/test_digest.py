"""The digest that finds the same file again when only its line ends or blanks have changed."""

from __future__ import annotations

import io

import pytest

from bankfiles import digest
from bankfiles.digest import normalised_digest
from bankfiles.write import Incoming
from tests.bankfiles.files import bgmax, camt054

TEXT = bgmax(*[Incoming(100 + number, str(number + 1), payer_name="Åsa") for number in range(60)])
XML = camt054(*[Incoming(100 + number, str(number), payer_name="Åsa  B") for number in range(60)])


def of(data: bytes) -> str:
    return normalised_digest(io.BytesIO(data))


@pytest.fixture(params=[7, 100, 1 << 20], ids=["tiny chunks", "small chunks", "real chunks"])
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Sizes that put every kind of border inside a chunk."""
    monkeypatch.setattr(digest, "_CHUNK", request.param)
    return int(request.param)


@pytest.mark.usefixtures("chunk")
def test_line_ends_and_trailing_blanks_do_not_count_in_text() -> None:
    bare = b"\n".join(line.rstrip() for line in TEXT.split(b"\r\n"))
    for changed in (TEXT.replace(b"\r\n", b"\n"), bare, TEXT + b"\r\n\r\n", b"\xef\xbb\xbf" + TEXT):
        assert of(changed) == of(TEXT)


@pytest.mark.usefixtures("chunk")
def test_white_space_between_tags_does_not_count_in_xml() -> None:
    for changed in (XML.replace(b"><", b">\r\n\t<"), XML.replace(b"\n", b"\r\n"), XML + b"\n", XML.strip()):
        assert of(changed) == of(XML)


@pytest.mark.usefixtures("chunk")
def test_everything_else_counts() -> None:
    assert of(TEXT) != of(TEXT.replace(b"159", b"158"))
    assert of(XML) != of(XML.replace(b"1.59", b"1.58"))
    assert of(XML) != of(XML.replace(b"  B", b" B"))
    assert len({of(TEXT), of(XML), of(b""), of(b"\0" * 100)}) == 4
