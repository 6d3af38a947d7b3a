"""Pictures of screens that a person has accepted, kept small, and what has changed since.

A picture is kept as the means of squares of ten pixels: small enough for the repository, blind to how a letter's edge
is drawn, and not blind to a part that has moved, changed its colour, or gone.
"""

from __future__ import annotations

import base64
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageChops

from tests.chromium import same_letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

ACCEPTED: Final = Path(__file__).with_name("accepted")
DIFFERENT: Final = Path(__file__).parents[2] / "build" / "screens"
ACCEPTING: Final = os.environ.get("KONTINGENT_ACCEPT") == "1"

SQUARE: Final = 10
"""Pixels of a screen that one pixel of a kept picture stands for, each way."""
_DRAWN: Final = 0.5  # a browser writes a quarter of the bytes at half the size, and the means are the same
_STEP: Final = 8  # what is kept has every eighth shade, which is at most four off and a third of the bytes
_SHADES: Final = [min(255, round(shade / _STEP) * _STEP) for shade in range(256)]
_ALIKE: Final = 18
"""How far a colour's part may be off in a square, of 255, before it is another: letters are drawn a little anew."""
_FEW: Final = 3
"""Squares that may be off: a mark that stands a pixel to the side."""
_A_MOMENT: Final = 500
"""Milliseconds until a page that does not look as accepted is looked at once more."""
_TAKEN: Final = {"format": "png", "optimizeForSpeed": True, "captureBeyondViewport": True}
_SHORTER: Final = 2
"""Squares by which one page may be longer than the other."""

# A login is of the day on which the tests run, whatever the scene's clock says: only its words are set back.
_STILL: Final = """() => {
  if (!document.stilled) {
    const sheet = new CSSStyleSheet();
    const other = "[data-secret], .raw-lines code";
    sheet.replaceSync(`* { caret-color: transparent !important } ${other} { visibility: hidden }`);
    document.adoptedStyleSheets.push(sheet);
    document.stilled = true;
    const long = new Date().toLocaleDateString("en-GB", {day: "numeric", month: "long", year: "numeric"});
    const short = new Date().toLocaleDateString("en-GB", {day: "numeric", month: "short", year: "numeric"});
    const moment = new RegExp(short + " [0-9:]{5}");
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
      const before = words.currentNode.data;
      const after = before.replace(long, "22 November 2026").replace(moment, "22 Nov 2026 08:41");
      if (after !== before) words.currentNode.data = after;
    }
  }
  return [document.documentElement.clientWidth, document.documentElement.scrollHeight];
}"""


@dataclass(frozen=True)
class Difference:
    """Where a screen is not as accepted: how many squares are off, and the first one's place in pixels."""

    squares: int
    first: tuple[int, int]

    def __str__(self) -> str:
        return f"{self.squares} squares differ, the first at {self.first[0]} × {self.first[1]} px"


@dataclass
class Album:
    """The pictures of one screen, taken while it is looked at; what has changed is told once, when all are taken."""

    name: str
    test: str
    changed: list[str] = field(default_factory=list)

    def take(self, page: Page, look: str) -> None:
        """Take a picture and hold it against the accepted one; or accept it, where that was asked for."""
        if not same_letters():
            return  # another font's letters are as wide as they like; the other rules of screens hold with any
        drawn = photograph(page)
        kept, path = means(drawn), ACCEPTED / f"{self.name}-{look}.png"
        if ACCEPTING:
            _keep(kept, path)
            return
        before = Image.open(path).convert("RGB") if path.exists() else None
        found = difference(before, kept) if before else "nobody has accepted a picture of it"
        if before and found:  # a busy browser leaves the lower parts of long pages white for a moment
            page.wait_for_timeout(_A_MOMENT)
            drawn = photograph(page)
            kept = means(drawn)
            found = difference(before, kept)
        if found:
            self.changed.append(f"{self.name} {look}: {found}")
            _leave(path.stem, drawn, kept, before)

    def close(self) -> None:
        """Fail when a picture was not as accepted, and say what to do."""
        told = "\n  ".join(self.changed)
        assert not self.changed, (
            f"These screens do not look as accepted:\n  {told}\n"
            f"Their new pictures, and where they differ, lie in {DIFFERENT}.\n"
            f"Look at them. If that is how it should be: KONTINGENT_ACCEPT=1 .venv/bin/pytest '{self.test}'"
        )


@contextmanager
def album(name: str, test: str) -> Iterator[Album]:
    """Collect a screen's pictures."""
    found = Album(name, test)
    yield found
    found.close()


def photograph(page: Page) -> Image.Image:
    """Take a picture of the whole page at half its size: no caret blinks, and secrets, new each time, stay out."""
    width, height = page.evaluate(_STILL)
    line = page.context.new_cdp_session(page)
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": _DRAWN}
    taken = line.send("Page.captureScreenshot", _TAKEN | {"clip": clip})
    line.detach()
    return Image.open(BytesIO(base64.b64decode(taken["data"]))).convert("RGB")


def means(drawn: Image.Image) -> Image.Image:
    """Return the mean colour of each square."""
    side = int(SQUARE * _DRAWN)
    wide, high = drawn.width // side, drawn.height // side
    return drawn.crop((0, 0, wide * side, high * side)).reduce(side)


def difference(before: Image.Image, after: Image.Image) -> Difference | None:
    """Return where two kept pictures differ more than drawing anew explains."""
    wide, high = min(before.width, after.width), min(before.height, after.height)
    off = _off(before.crop((0, 0, wide, high)), after.crop((0, 0, wide, high)))
    squares = off.histogram()[255]
    taller = abs(before.height - after.height)
    if squares <= _FEW and taller <= _SHORTER and before.width == after.width:
        return None
    left, top = (off.getbbox() or (0, high))[:2]
    return Difference(squares + taller * wide, (left * SQUARE, top * SQUARE))


def _off(before: Image.Image, after: Image.Image) -> Image.Image:
    """Return white where a part of a square's colour is off, black elsewhere."""
    red, green, blue = ImageChops.difference(before, after).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.point([255 if value > _ALIKE else 0 for value in range(256)])


def _keep(kept: Image.Image, path: Path) -> None:
    """Write a picture down with few shades, unless the one that is there says the same."""
    if path.exists() and difference(Image.open(path).convert("RGB"), kept) is None:
        return
    path.parent.mkdir(exist_ok=True)
    plain = kept.point(_SHADES * 3)
    few = plain.getcolors(256) is not None
    (plain.quantize(256, dither=Image.Dither.NONE) if few else plain).save(path, optimize=True)


def _leave(name: str, drawn: Image.Image, kept: Image.Image, before: Image.Image | None) -> None:
    """Leave the new picture, and beside it the accepted one with what differs, for whoever looks."""
    DIFFERENT.mkdir(parents=True, exist_ok=True)
    drawn.save(DIFFERENT / f"{name}-new.png")
    if before is None:
        return
    wide, high = max(before.width, kept.width), max(before.height, kept.height)
    sheet = Image.new("RGB", (wide * 3 + 4, high), "white")
    sheet.paste(before, (0, 0))
    sheet.paste(kept, (wide + 2, 0))
    least = (min(before.width, kept.width), min(before.height, kept.height))
    sheet.paste(_off(before.crop((0, 0, *least)), kept.crop((0, 0, *least))), (wide * 2 + 4, 0))
    sheet.resize((sheet.width * 3, sheet.height * 3), Image.Resampling.NEAREST).save(DIFFERENT / f"{name}-compared.png")
