"""A group's one colour, made safe: the five values that screens, mails and documents take from it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from dues.groups.errors import ColourError

Rgb = tuple[float, float, float]
"""Red, green and blue from 0 to 1, as written in sRGB."""

WHITE: Final = "#ffffff"
NEAR_BLACK: Final = "#12171a"
TEXT: Final = 4.5
"""Contrast that text needs on its ground (WCAG 2.2, 1.4.3)."""
EDGE: Final = 3.0
"""Contrast that the edge of a control needs (WCAG 2.2, 1.4.11)."""
INK: Final = 7.0
"""Contrast that our own body text keeps everywhere (WCAG 2.2, 1.4.6)."""
_STEP: Final = 0.005
_TINT: Final = 0.08


_WRITTEN: Final = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")


def colour_of(written: str) -> str:
    """Return a colour as it is kept, ``#rrggbb`` in lower case; raise ColourError for what is none."""
    found = _WRITTEN.fullmatch(written.strip().lower())
    if found is None:
        raise ColourError(written)
    digits = found[1]
    return f"#{digits}" if len(digits) > len("rgb") else "#" + "".join(digit * 2 for digit in digits)


@dataclass(frozen=True, slots=True)
class Scheme:
    """The grounds of a colour scheme and its body text; moving a colour ``towards`` it makes it stand out more."""

    paper: str
    canvas: str
    ink: str
    towards: int


LIGHT: Final = Scheme(paper="#ffffff", canvas="#f5f6f4", ink="#1a2226", towards=-1)
DARK: Final = Scheme(paper="#1a2126", canvas="#12171a", ink="#e8edef", towards=1)


@dataclass(frozen=True, slots=True)
class Shades:
    """A group's colours in one scheme, each ``#rrggbb``.

    ``fill`` carries text in ``on_fill``; ``edge`` borders it; ``text`` is for links and chosen options on paper or
    canvas; ``tint`` is a ground for body text.
    """

    fill: str
    on_fill: str
    edge: str
    text: str
    tint: str


@cache
def shades(colour: str, scheme: Scheme) -> Shades:
    """Derive a scheme's shades from ``#rrggbb``, by moving lightness only (OKLCH), as little as will do."""
    fill = _moved(colour, lambda tried: contrast(tried, _on(tried)) >= TEXT, towards=_away_from_text(colour))
    return Shades(
        fill=fill,
        on_fill=_on(fill),
        edge=_moved(fill, lambda tried: _stands_out(tried, scheme, EDGE), towards=scheme.towards),
        text=_moved(fill, lambda tried: _stands_out(tried, scheme, TEXT), towards=scheme.towards),
        tint=_tint(fill, scheme),
    )


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _on(fill: str) -> str:
    return max((WHITE, NEAR_BLACK), key=lambda text: contrast(text, fill))


def _away_from_text(fill: str) -> int:
    return -1 if _on(fill) == WHITE else 1


def _stands_out(colour: str, scheme: Scheme, ratio: float) -> bool:
    return contrast(colour, scheme.paper) >= ratio and contrast(colour, scheme.canvas) >= ratio


def _moved(colour: str, fits: Callable[[str], bool], *, towards: int) -> str:
    """Return the colour itself where it fits, else the first that does on the way to black or white."""
    lightness, a, b = _to_oklab(_rgb(colour))
    tried = colour
    while not fits(tried):
        lightness += towards * _STEP
        if not 0 < lightness < 1:
            return "#000000" if towards < 0 else WHITE
        tried = _hex(_within_srgb(lightness, a, b))
    return tried


def _tint(fill: str, scheme: Scheme) -> str:
    """Mix 8 % of the fill into paper, less where body text would lose its contrast."""
    share = _TINT
    while contrast(tint := _mixed(scheme.paper, fill, share), scheme.ink) < INK:
        share -= 0.01
    return tint


def _mixed(ground: str, colour: str, share: float) -> str:
    pairs = zip(_rgb(ground), _rgb(colour), strict=True)
    red, green, blue = (below * (1 - share) + above * share for below, above in pairs)
    return _hex((red, green, blue))


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(min(max(value, 0), 1) * 255):02x}" for value in rgb)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 -- IEC 61966-2-1


def _encoded(value: float) -> float:
    return value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055  # noqa: PLR2004 -- as above


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(value) for value in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# OKLab: the two matrices are those of its definition, https://bottosson.github.io/posts/oklab/ and CSS Color 4.
def _to_oklab(rgb: Rgb) -> Rgb:
    red, green, blue = (_linear(value) for value in rgb)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(lightness: float, a: float, b: float) -> Rgb:
    """Return linear red, green and blue; outside 0 to 1 where sRGB has no such colour."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _within_srgb(lightness: float, a: float, b: float) -> Rgb:
    """Pull the chroma in, hue and lightness kept, until sRGB can show the colour."""
    slack = 0.0005
    share = 1.0
    while not all(-slack <= value <= 1 + slack for value in _from_oklab(lightness, a * share, b * share)):
        share -= 0.02
        if share <= 0:
            share = 0.0
            break
    red, green, blue = (_encoded(min(max(value, 0), 1)) for value in _from_oklab(lightness, a * share, b * share))
    return red, green, blue
