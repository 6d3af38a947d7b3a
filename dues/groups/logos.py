"""Takes pictures in as logos: small, of a kind told by their content, and able to do nothing but be seen."""

import datetime as dt
import hashlib
import re
import struct
import zlib
from typing import Final

from lxml import etree
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from documents import InvoiceDocument, Kind, Line, Logo, Look, Party, UnprintableError, render
from dues.groups.errors import LogoKindError, LogoSizeError, LogoUnsafeError
from dues.groups.models import Logo as Picture

LARGEST: Final = 40_000
"""Bytes."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_WIDEST: Final = 4000  # pixels; a small file can unfold to a very large picture
_SVG: Final = "http://www.w3.org/2000/svg"
_ELEMENTS: Final = frozenset(
    {
        *("svg", "g", "defs", "symbol", "use", "title", "desc", "metadata", "path", "rect", "circle", "ellipse"),
        *(
            "line",
            "polyline",
            "polygon",
            "text",
            "tspan",
            "textPath",
            "linearGradient",
            "radialGradient",
            "stop",
            "pattern",
        ),
        *("clipPath", "mask", "marker", "style"),
    }
)
# What drawing programs leave behind for themselves; no browser does anything with it.
_INERT: Final = (
    "http://www.inkscape.org/",
    "http://sodipodi.sourceforge.net/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://purl.org/dc/",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
)
_REFERENCE: Final = re.compile(r"url\(\s*['\"]?\s*(?!#)[^)]*\)|@import|javascript:|expression\(", re.IGNORECASE)
_BLANKS: Final = re.compile(r"[\s\x00-\x1f]+")


def keep_logo(session: Session, *, content: bytes) -> int:
    """Take a picture in and return its id; the same picture is kept once. Raises a LogoError."""
    media_type = checked(content)
    _check_print(content)
    digest = hashlib.sha256(content).hexdigest()
    values = {"media_type": media_type, "content": content, "digest": digest}
    session.execute(insert(Picture).values(values).on_conflict_do_nothing(index_elements=["digest"]))
    return session.scalars(select(Picture.id).where(Picture.digest == digest)).one()


def checked(content: bytes) -> str:
    """Return a picture's media type as its content tells it; raise a LogoError for what cannot be a logo."""
    if len(content) > LARGEST:
        raise LogoSizeError(LARGEST)
    if content.startswith(_PNG):
        _check_png(content)
        return "image/png"
    _check_svg(content)
    return "image/svg+xml"


def _check_png(content: bytes) -> None:
    """Every part is whole, the first says the size, the last is the end, and nothing follows it."""
    at, names = len(_PNG), []
    while at < len(content):
        head = content[at : at + 8]
        if len(head) < 8:  # noqa: PLR2004 -- a part's length and name
            raise LogoKindError
        length, name = struct.unpack(">I4s", head)
        body, check = content[at + 8 : at + 8 + length], content[at + 8 + length : at + 12 + length]
        if len(body) < length or check != struct.pack(">I", zlib.crc32(name + body)):
            raise LogoKindError
        names.append(name)
        at += 12 + length
    _check_png_parts(content, names)


def _check_png_parts(content: bytes, names: list[bytes]) -> None:
    if names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or names.count(b"IEND") > 1 or b"IDAT" not in names:
        raise LogoKindError
    width, height = struct.unpack(">II", content[16:24])
    if not (0 < width <= _WIDEST and 0 < height <= _WIDEST):
        raise LogoKindError


def _check_svg(content: bytes) -> None:
    """Refuse whatever could run, fetch or unfold; what is left can only be drawn."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise LogoKindError from error
    if root.tag != f"{{{_SVG}}}svg":
        raise LogoKindError
    if getattr(root.getroottree().docinfo, "doctype", ""):  # the stubs do not know it
        raise LogoUnsafeError("a DOCTYPE")
    for element in root.iter():
        _check_element(element)


def _check_element(element: etree._Element) -> None:
    if not isinstance(element.tag, str):
        if isinstance(element, etree._Comment):  # noqa: SLF001 -- lxml has no other name for a comment's class
            return
        raise LogoUnsafeError("an instruction to programs")
    namespace, _, name = element.tag.removeprefix("{").rpartition("}")
    if not (name in _ELEMENTS if namespace == _SVG else namespace.startswith(_INERT)):
        raise LogoUnsafeError(f"“{name}”")
    if name == "style" and _reaches_out(element.text or ""):
        raise LogoUnsafeError("a reference to something outside")
    for key, value in element.attrib.items():
        _check_attribute(str(key), str(value))


def _check_attribute(key: str, value: str) -> None:
    name = key.rpartition("}")[2].lower()
    if name.startswith("on"):
        raise LogoUnsafeError("a script")
    points_outside = name in {"href", "src", "base"} and not _BLANKS.sub("", value).startswith("#")
    if points_outside or (_reaches_out(value) if name == "style" else _REFERENCE.search(value)):
        raise LogoUnsafeError("a reference to something outside")


def _reaches_out(style: str) -> bool:
    """Tell whether a style fetches something; an escaped letter in it can only be meant to hide that."""
    return "\\" in style or _REFERENCE.search(style) is not None


def _check_print(content: bytes) -> None:
    """A logo that the press cannot set would stop every invoice of its group."""
    day = dt.date(2000, 1, 1)
    sample = InvoiceDocument(
        kind=Kind.INVOICE,
        language="en",
        number="1",
        date=day,
        due_date=day,
        currency="EUR",
        sender=Party("A"),
        recipient=Party("B"),
        lines=(Line("C", 1),),
        look=Look(Logo(content, hashlib.sha256(content).hexdigest())),
    )
    try:
        render(sample)
    except UnprintableError as error:
        raise LogoKindError from error
