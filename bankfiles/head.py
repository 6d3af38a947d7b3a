"""The first bytes of a file: is it XML, with which root, and nothing that no bank would send?"""

import codecs
import re
from dataclasses import dataclass

from lxml import etree

from bankfiles.errors import DoctypeRefused, EmptyFile, Truncated, UnreadableXml, WrongEncoding
from bankfiles.parser import new_parser, xml_refusal

HEAD_SIZE = 1 << 16
_WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, b"<\0\0\0", b"\0\0\0<")
_UTF16 = {
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
_ENCODINGS = {
    "utf-8",
    "utf-16",
    "utf-16le",
    "utf-16be",
    "us-ascii",
    "ascii",
    "iso-8859-1",
    "iso-8859-15",
    "windows-1252",
}
_DECLARED = re.compile(r"<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")
_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a file, and the namespace and local name of its root where it is XML."""

    data: bytes
    namespace: str | None = None
    root: str | None = None


def look(data: bytes) -> Head:
    """What the first HEAD_SIZE bytes of a file show.

    Raises EmptyFile, and for XML DoctypeRefused, WrongEncoding, Truncated or UnreadableXml: the check for a DOCTYPE is
    made on the text, before any XML parser sees a byte of it.
    """
    if not data.strip(b" \t\r\n\0\x1a" + codecs.BOM_UTF8):
        raise EmptyFile("", "the file is empty")
    text = _as_text(data)
    if not text.lstrip().startswith("<"):
        return Head(data)
    _refuse_encoding(text)
    _refuse_doctype(text, whole=len(data) < HEAD_SIZE)
    return Head(data, *_root(data))


def _as_text(data: bytes) -> str:
    """The head as far as ASCII matters; encodings that are no superset of ASCII are told apart by their first bytes."""
    if data.startswith(_WIDE):
        raise WrongEncoding("line 1", "the file is in UTF-32; only UTF-8, UTF-16 and ISO-8859-1 are read")
    for mark, encoding in _UTF16.items():
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    return data.removeprefix(codecs.BOM_UTF8).decode("iso-8859-1")


def _refuse_encoding(text: str) -> None:
    declared = _DECLARED.match(text)
    if declared and declared[1].lower() not in _ENCODINGS:
        raise WrongEncoding("line 1", 'the encoding "{encoding}" is not read here', encoding=declared[1])


def _refuse_doctype(text: str, *, whole: bool) -> None:
    """Walks over blanks, processing instructions and comments to the root."""
    prolog = _PROLOG.match(text)
    end = prolog.end() if prolog else 0
    position = f"line {text.count(chr(10), 0, end) + 1}"
    after = text[end : end + 4]
    if after.startswith("<!") and after != "<!--":
        raise DoctypeRefused(position, "the file has a document type declaration; bank files never have one")
    if not re.match(r"<[^!?]", after):
        kind = Truncated if whole else UnreadableXml
        raise kind(position, "no root element follows at the beginning of the XML")


def _root(data: bytes) -> tuple[str, str]:
    """Namespace (maybe empty) and local name of the root, fed in small bites so that later faults are found later."""
    parser = new_parser("start")
    try:
        for start in range(0, len(data), 256):
            parser.feed(data[start : start + 256])
            for event in parser.read_events():
                if event[0] == "start":
                    name = etree.QName(event[1])
                    return name.namespace or "", name.localname
    except etree.XMLSyntaxError as fault:
        raise xml_refusal(parser, fault) from None
    raise Truncated("line 1", "the file ends within its first element")
