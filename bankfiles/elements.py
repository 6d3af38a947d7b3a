"""XML as a stream of elements: parsed safely, forgotten as soon as they are read."""

from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element as Element

from bankfiles.errors import DoctypeRefused
from bankfiles.parser import new_parser, xml_refusal
from bankfiles.streams import Readable

_CHUNK = 1 << 16


def elements(window: Readable, tags: list[str]) -> Iterator[Element]:
    """Each element with one of the full names `tags`, as soon as its end has been read.

    Raises UnreadableXml, Truncated, WrongEncoding or DoctypeRefused at the place where the XML breaks.
    """
    parser = new_parser("end", tags)
    try:
        while data := window.read(_CHUNK):
            parser.feed(data)
            yield from _ended(parser)
    except etree.XMLSyntaxError as fault:
        raise xml_refusal(parser, fault) from None
    try:
        root = parser.close()
    except etree.XMLSyntaxError as fault:
        raise xml_refusal(parser, fault, at_end=True) from None
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
