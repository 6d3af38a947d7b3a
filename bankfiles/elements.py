"""XML as a stream of elements: parsed safely, forgotten as soon as they are read."""

from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element as Element

from bankfiles.errors import DoctypeRefused, Truncated, UnreadableXml, WrongEncoding
from bankfiles.head import new_parser
from bankfiles.streams import Window

_CHUNK = 1 << 16
# libxml2's numbers (xmlerror.h): invalid character, unknown and unsupported encoding, invalid bytes, failed conversion.
_ENCODING_FAULTS = {9, 31, 32, 81, 6003}
_AFTER_THE_END = 5
# Faults of a parser that has seen the whole file and still waits: unclosed start tag, end tag, CDATA, attribute, name.
_UNFINISHED = {39, 40, 63, 65, 68, 73, 74, 76, 77}


def elements(window: Window, tags: list[str]) -> Iterator[Element]:
    """Each element with one of the full names `tags`, as soon as its end has been read.

    Raises UnreadableXml, Truncated, WrongEncoding or DoctypeRefused at the place where the XML breaks.
    """
    parser = new_parser("end", tags)
    try:
        while data := window.read(_CHUNK):
            parser.feed(data)
            yield from _ended(parser)
    except etree.XMLSyntaxError as fault:
        raise _refusal(parser, fault) from None
    try:
        root = parser.close()
    except etree.XMLSyntaxError as fault:
        raise _refusal(parser, fault, at_end=True) from None
    if root.getroottree().docinfo.internalDTD is not None:  # the look at the head should have found it
        raise DoctypeRefused("", "the file has a document type declaration; bank files never have one")
    yield from _ended(parser)


def _ended(parser: etree.XMLPullParser) -> Iterator[Element]:
    for event in parser.read_events():
        if event[0] == "end":
            yield event[1]


def forget(element: Element) -> None:
    """Frees what is within an element that has been read, and its earlier siblings: memory stays flat.

    The element itself stays until the next one comes, because the parser still has to hang the text after it somewhere.
    """
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def _refusal(
    parser: etree.XMLPullParser, fault: etree.XMLSyntaxError, *, at_end: bool = False
) -> UnreadableXml | Truncated | WrongEncoding:
    code: int = fault.code  # type: ignore[attr-defined] # the published stubs lack it
    line, message = fault.lineno, fault.msg
    if not line:  # the parser stumbled earlier and only says so at the end
        for entry in parser.feed_error_log:
            code, line, message = entry.type, entry.line, entry.message
            at_end = False
            break
    position = f"line {line}" if line else ""
    if code in _ENCODING_FAULTS:
        return WrongEncoding(position, "a character is not valid in the encoding of the file ({fault})", fault=message)
    if at_end and (code in _UNFINISHED or not line):
        return Truncated(position, "the file ends too early ({fault})", fault=message)
    if code == _AFTER_THE_END:
        return UnreadableXml(position, "there is something after the end of the document")
    return UnreadableXml(position, "the XML is not well formed ({fault})", fault=message)
