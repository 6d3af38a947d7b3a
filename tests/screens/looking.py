"""Looks at what a window shows from all sides: as wide as phones and desks are, light and dark."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.screens.eye import barriers, barriers_of_colour, picture, sticking_out
from tests.screens.likeness import album
from tests.screens.window import SCHEMES, WIDTHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.screens.window import Window

LOOKS: Final = [f"{width}-{scheme}" for scheme in SCHEMES for width in WIDTHS]
PICTURES: Final = os.environ.get("KONTINGENT_PICTURES")
"""A folder to leave large pictures in, for whoever looks at them."""


def look_around(window: Window, name: str, test: str, *, widths: Sequence[int] = WIDTHS) -> None:
    """Hold the page against what every screen must be; where it is narrowest and where it is widest, axe looks, too.

    The page is loaded once: another width or scheme is what happens to a window in a person's hands.
    """
    with album(name, test) as pictures:
        for width in widths:
            page = window.widen(width).page
            for scheme in SCHEMES:
                window.show(scheme)
                assert sticking_out(page) == [], (width, scheme)
                if width in {widths[0], widths[-1]}:
                    found = barriers(page) if scheme == "light" else barriers_of_colour(page)
                    assert found == [], (width, scheme)
                pictures.take(page, f"{width}-{scheme}")
                if PICTURES:
                    picture(page, Path(PICTURES), f"{name}-{width}-{scheme}")
