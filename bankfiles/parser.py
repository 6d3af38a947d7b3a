"""The XML parser for files of unknown origin, and what its complaints mean."""

from typing import Literal

from lxml import etree

from bankfiles.errors import Truncated, UnreadableXml, WrongEncoding

# libxml2's numbers (xmlerror.h): invalid character, unknown and unsupported encoding, invalid bytes, failed conversion.
_ENCODING_FAULTS = {9, 31, 32, 81, 6003}
_AFTER_THE_END = 5
# Faults of a parser that has seen the whole file and still waits: unclosed start tag, end tag, CDATA, attribute, name.
_UNFINISHED = {39, 40, 63, 65, 68, 73, 74, 76, 77}


def new_parser(event: Literal["start", "end"], tags: list[str] | None = None) -> etree.XMLPullParser:
    """A parser that loads nothing, expands nothing and keeps libxml2's limits; events for `tags`, or all elements."""
    return etree.XMLPullParser(
        events=(event,),
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def xml_refusal(
    parser: etree.XMLPullParser, fault: etree.XMLSyntaxError, *, at_end: bool = False
) -> UnreadableXml | Truncated | WrongEncoding:
    """The fault of a parser as a refusal of the file; `at_end` when all of it had been read."""
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
