"""The guide at the desk: its pages are set as they are written, with their pictures, and nothing in them is markup."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from lxml.html import HtmlElement

from admin.guide.markdown import page, title

if TYPE_CHECKING:
    from tests.web.browser import Browser

KNOWN: Final = frozenset(
    [
        *("div", "p", "ul", "ol", "li", "a", "code", "pre", "strong", "em", "img", "br", "hr", "blockquote"),
        *("table", "thead", "tbody", "tr", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6"),
    ]
)
GUIDE: Final = sorted((Path(__file__).parents[2] / "docs" / "guide").glob("*.md"))


def parsed(written: str) -> HtmlElement:
    found = html.fromstring(f"<div>{page(written, lambda target: f'/to/{target}')}</div>")
    assert isinstance(found, HtmlElement)
    return found


def texts(found: HtmlElement, path: str) -> list[str]:
    """Return what stands at a path, blanks folded."""
    hits = found.xpath(path)
    assert isinstance(hits, list)
    return [" ".join((one.text_content() if isinstance(one, HtmlElement) else str(one)).split()) for one in hits]


WRITTEN = """Look **here**, at `kontingent`:

1. First, [there](there.md).

   ![A desk](desk.png)
2. Then *that*.

* By itself

| a | b |
|---|---|
| 1 | 2 < 3 |

    code <b>
"""


def test_what_is_written_is_set() -> None:
    found = parsed(WRITTEN)
    assert texts(found, "p") == ["Look here, at kontingent:"]
    assert texts(found, "ol/li") == ["First, there.", "Then that."]
    assert texts(found, "ul/li") == ["By itself"]
    assert texts(found, "ol/li//img/@src") == ["/to/desk.png"]
    assert texts(found, "ol/li//a/@href") == ["/to/there.md"]
    assert texts(found, ".//td") == ["1", "2 < 3"]
    assert texts(found, ".//pre") == ["code <b>"]


@given(st.text(alphabet="a <>&\"'*`[]()|#!-1.\n", max_size=80))
def test_nothing_that_is_written_is_markup(written: str) -> None:
    found = html.fromstring(f"<div>{page(f'x{written}', lambda _: '')}</div>")
    assert {one.tag for one in found.iter()} <= KNOWN


@pytest.mark.parametrize("path", GUIDE, ids=lambda path: path.stem)
def test_every_page_of_the_guide_is_shown_with_its_pictures(desk: Browser, path: Path) -> None:
    desk.get(f"/admin/guide/{path.stem}")
    assert desk.heading == title(path.read_text("utf-8"))
    assert "](" not in desk.text
    assert "**" not in desk.text
    for picture in desk.page.xpath("//article//img/@src"):
        assert desk.get(picture).answer.data.startswith(b"\x89PNG")
        desk.get(f"/admin/guide/{path.stem}")


def test_the_guide_is_a_step_away_from_every_page(desk: Browser) -> None:
    desk.get("/admin/")
    assert desk.page.xpath("//header//a[contains(@href, '/admin/guide/')]")
    desk.get("/admin/guide/")
    assert len(desk.page.xpath("//article//a")) > len(GUIDE)


def test_what_is_no_page_is_not_there(desk: Browser) -> None:
    desk.get("/admin/guide/officers", status=404)
    desk.get("/admin/guide/pictures/nothing.png", status=404)
