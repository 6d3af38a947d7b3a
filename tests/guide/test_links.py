"""The documents of the house: every link leads somewhere, every picture is there, is small, and can be made anew."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.guide.pictures import FOLDER, LARGEST
from tests.guide.shots import PAPERS, SHOTS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))
GUIDE: Final = ROOT / "docs" / "guide"

_LINK: Final = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
_CODE: Final = re.compile(r"^( {4}|```).*$|`[^`\n]*`", re.MULTILINE)


def links(page: Path) -> Iterator[tuple[bool, str, str]]:
    """Yield whether a link shows a picture, its words, and where it leads."""
    for sign, words, target in _LINK.findall(_CODE.sub("", page.read_text("utf-8"))):
        yield bool(sign), " ".join(words.split()), target


def anchors(page: Path) -> set[str]:
    """Return what the headings of a page are called in addresses."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for picture, words, target in links(page):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in anchors(there), f"{page.name}: {target}"
        assert not picture or len(words) > 10, f"{page.name}: {target} is told to nobody who cannot see it"


def test_every_page_of_the_guide_can_be_come_to() -> None:
    index = {target.partition("#")[0] for _, _, target in links(ROOT / "docs" / "officers.md")}
    assert {f"guide/{page.name}" for page in GUIDE.glob("*.md")} <= index


def test_every_picture_is_used_small_and_can_be_made_anew() -> None:
    used = {Path(target).name for page in PAGES for _, _, target in links(page) if target.endswith(".png")}
    pictures = {path.name for path in FOLDER.glob("*.png")}
    assert pictures == used == {f"{shot.name}.png" for shot in (*SHOTS, *PAPERS)}
    assert all(path.stat().st_size <= LARGEST for path in FOLDER.glob("*.png"))
