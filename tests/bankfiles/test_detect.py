"""Which format a file has, and why files that are none are turned away."""

from __future__ import annotations

import gzip

import pytest

from bankfiles import errors
from bankfiles.registry import detect
from bankfiles.write import Incoming
from tests.bankfiles.files import CAMT, bgmax, camt054, entry, statement, told

XML = '<?xml version="1.0" encoding="UTF-8"?>'
DOCTYPE = '<!DOCTYPE Document [<!ENTITY x "1">]>'
PLAIN = statement(entry("1.00")).decode()


@pytest.mark.parametrize("kind", ["052", "053", "054"])
@pytest.mark.parametrize("version", range(2, 15))
def test_every_version_of_camt_is_known(kind: str, version: int) -> None:
    data = statement(entry("12.50"), kind=f"{kind}.001.{version:02}")
    found = detect(data)
    assert (found.name, found.version) == (f"camt.{kind}", f"001.{version:02}")
    assert told(data).amounts == [(1250, "EUR")]


def test_bgmax_is_known_with_and_without_a_byte_order_mark() -> None:
    assert detect(bgmax(Incoming(100))).name == "BgMax"
    assert told(b"\xef\xbb\xbf" + bgmax(Incoming(100))).amounts == [(100, "SEK")]


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_called_empty(data: bytes) -> None:
    with pytest.raises(errors.EmptyFile, match="the file is empty"):
        told(data)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7", "a PDF document"),
        (gzip.compress(b"x", mtime=0), "gzip archive; unpack it first"),
        (b"hello, world", 'begins with "hello, world"'),
        (b"\x00\x01\x02\x03", "no format known here"),
        (b"<html><body/></html>", '"html"'),
        (f'{XML}<Document xmlns="{CAMT}055.001.02"/>'.encode(), "camt.055.001.02"),
        (f'{XML}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:other.054.001.02"/>'.encode(), "other.054.001.02"),
        (f'{XML}<Other xmlns="{CAMT}054.001.02"/>'.encode(), '"Other"'),
        (b"01BGMAX               0220260302", 'version "02" of BgMax is not known'),
    ],
)
def test_a_file_of_another_kind_is_named(data: bytes, sentence: str) -> None:
    with pytest.raises(errors.UnknownFormat, match=sentence.replace(".", r"\.")) as refusal:
        told(data)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.replace("<Document", f"{DOCTYPE}<Document").encode(),
        PLAIN.replace("<Document", f"<!-- {'x' * 5000} --><?a b?>\n{DOCTYPE}<Document").encode(),
        PLAIN.replace("UTF-8", "UTF-16").replace("<Document", f"{DOCTYPE}<Document").encode("utf-16"),
        PLAIN.replace("UTF-8", "UTF-16").replace("<Document", f"{DOCTYPE}<Document").encode("utf-16-be"),
        PLAIN.replace("UTF-8", "ISO-8859-1").replace("<Document", f"{DOCTYPE}<Document").encode("iso-8859-1"),
        b"<!DOCTYPE html><html></html>",
    ],
)
def test_a_doctype_is_refused_in_any_encoding(data: bytes) -> None:
    with pytest.raises(errors.DoctypeRefused):
        told(data)


@pytest.mark.parametrize("encoding", ["UTF-7", "IBM037", "UTF-32", "nonsense"])
def test_encodings_that_could_hide_a_doctype_are_refused(encoding: str) -> None:
    with pytest.raises(errors.WrongEncoding):
        told(PLAIN.replace("UTF-8", encoding).encode())
    with pytest.raises(errors.WrongEncoding):
        told(PLAIN.encode("utf-32"))


def test_a_prolog_without_end_is_refused_without_reading_on() -> None:
    with pytest.raises(errors.UnreadableXml, match="no root element"):
        told(f"{XML}<!--{'x' * 100_000}-->{PLAIN}".encode())


def test_utf_16_and_latin_1_are_read() -> None:
    name = "<RltdPties><Dbtr><Nm>Åsa</Nm></Dbtr></RltdPties>"
    text = statement(entry("5.00", f"<TxDtls>{name}</TxDtls>")).decode()
    for encoding in ("UTF-16", "ISO-8859-1"):
        (payment,) = told(text.replace("UTF-8", encoding).encode(encoding)).payments
        assert (payment.amount, payment.payer_name) == (500, "Åsa")


def test_prefixed_names_are_read_like_any() -> None:
    text = PLAIN.replace("<", "<p:").replace("<p:/", "</p:").replace("<p:?", "<?").replace("xmlns=", "xmlns:p=")
    assert told(text.encode()).amounts == [(100, "EUR")]


def test_what_the_writer_writes_is_recognised() -> None:
    found = detect(camt054(Incoming(100), version="001.02"))
    assert (found.name, found.version) == ("camt.054", "001.02")
