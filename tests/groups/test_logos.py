"""Logos are told by their content, and can do nothing but be seen."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from dues.demo.logos import drawings
from dues.groups.errors import LogoKindError, LogoSizeError, LogoUnsafeError
from dues.groups.logos import LARGEST, checked, keep_logo
from dues.groups.models import Logo
from tests.factories.documents import SVG_LOGO, png_logo

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def svg(inside: str) -> bytes:
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {spaces} viewBox="0 0 9 9">{inside}</svg>'.encode()


@pytest.mark.parametrize("content", [SVG_LOGO, *(content for _, content in drawings()[:3])])
def test_plain_svg_is_a_logo(content: bytes) -> None:
    assert checked(content) == "image/svg+xml"


@pytest.mark.parametrize(
    "inside",
    [
        '<defs><radialGradient id="a"><stop/></radialGradient></defs><path fill="url(#a)" d="M0 0h9"/>',
        '<style>.a { fill: #123456 }</style><path class="a" d="M0 0h9"/>',
        '<!-- drawn by hand --><use xlink:href="#a"/>',
        '<s:namedview xmlns:s="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" id="x"/><path d="M0 0h9"/>',
    ],
)
def test_what_drawing_programs_write_is_taken(inside: str) -> None:
    assert checked(svg(inside)) == "image/svg+xml"


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>',
        "<foreignObject><p>x</p></foreignObject>",
        '<image href="https://evil.example/x.png"/>',
        '<use href="https://evil.example/x.svg#a"/>',
        '<use xlink:href=" data:image/svg+xml;base64,AA"/>',
        '<a href="javascript:alert(1)"><path d="M0 0h9"/></a>',
        '<path d="M0 0h9" onclick="alert(1)"/>',
        '<path d="M0 0h9" style="fill: url(https://evil.example/x)"/>',
        '<path d="M0 0h9" fill="url(https://evil.example/x#a)"/>',
        '<path d="M0 0h9" style="background: \\75rl(x)"/>',
        "<style>@import 'https://evil.example/x.css';</style>",
        '<animate attributeName="href" to="x"/>',
        "<?xml-stylesheet href='https://evil.example/x.css'?>",
    ],
)
def test_an_svg_that_does_more_is_refused(inside: str) -> None:
    with pytest.raises(LogoUnsafeError):
        checked(svg(inside))


def test_an_svg_with_a_doctype_is_refused() -> None:
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + svg("<text>&b;</text>")
    with pytest.raises(LogoUnsafeError):
        checked(bomb)
    with pytest.raises(LogoUnsafeError):
        checked(bomb.decode().encode("utf-16"))


def test_a_png_is_whole() -> None:
    whole = png_logo(60, 20)
    assert checked(whole) == "image/png"
    for broken in (
        whole[:-1],
        whole + b"<script>",
        whole[:40] + b"x" + whole[41:],
        whole[:8],
        whole.replace(b"IEND", b"IEND", 1)[:-12],
    ):
        with pytest.raises(LogoKindError):
            checked(broken)


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"<html></html>", b"<svg/>", b"\xff\xd8\xff", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(LogoKindError):
        checked(content)


def test_a_large_picture_is_refused() -> None:
    with pytest.raises(LogoSizeError):
        checked(svg("<!--" + "x" * LARGEST + "-->"))


def test_the_same_picture_is_kept_once_and_is_one_that_can_be_printed(session: Session) -> None:
    first = keep_logo(session, content=SVG_LOGO)
    assert keep_logo(session, content=SVG_LOGO) == first
    assert session.scalar(select(func.count()).select_from(Logo)) == 1
    with pytest.raises(LogoKindError):
        keep_logo(session, content=_spoilt(png_logo(20, 20)))


def _spoilt(whole: bytes) -> bytes:
    """A picture whose pixels are whole as a part and unreadable as pixels."""
    body = b"no pixels at all"
    part = struct.pack(">I", len(body)) + b"IDAT" + body + struct.pack(">I", zlib.crc32(b"IDAT" + body))
    return whole[:33] + part + whole[-12:]
