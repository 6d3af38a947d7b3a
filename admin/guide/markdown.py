"""Sets the pages of the guide: Markdown as they are written in; HTML within it is words like any other."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

Address = Callable[[str], str]
"""Returns where a link or a picture of a page leads in the program, "" for what is not there."""


def page(text: str, address: Address) -> Markup:
    """Return a page as HTML; headings have the anchors that links of other pages name."""
    tokens = _SETTER.parse(text)
    _fit(tokens, address)
    return Markup(_SETTER.renderer.render(tokens, _SETTER.options, {}))  # noqa: S704 -- set without HTML


def title(text: str) -> str:
    """Return what a page is called: its first heading."""
    return text.splitlines()[0].removeprefix("# ")


def anchor(heading: str) -> str:
    """Return the anchor of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _fit(tokens: Sequence[Token], address: Address) -> None:
    """Give headings their anchors, cells the names of their columns, and links and pictures their addresses."""
    names: list[str] = []
    labels: Iterator[str] = iter(())
    for token, following in zip(tokens, [*tokens[1:], Token("", "", 0)], strict=True):
        match token.type:
            case "heading_open":
                token.attrSet("id", anchor(following.content))
            case "thead_open":
                names = []
            case "th_open":
                token.attrSet("scope", "col")
                names.append(following.content)
            case "tr_open":
                labels = iter(names)
            case "td_open":
                token.attrSet("data-label", next(labels, ""))
            case "inline":
                _lead(token.children or [], address)


def _lead(words: Sequence[Token], address: Address) -> None:
    led = True
    for token in words:
        match token.type:
            case "image":
                token.attrSet("src", address(str(token.attrGet("src") or "")))
                token.attrSet("loading", "lazy")
            case "link_open":
                there = address(str(token.attrGet("href") or ""))
                token.attrSet("href", there)
                led = token.hidden = not there
            case "link_close":
                token.hidden = led


def _wrapped(_self: Any, tokens: Sequence[Token], at: int, *_more: Any) -> str:
    """A table scrolls by itself where it is wider than the page."""
    return '<div class="sheet"><table>\n' if tokens[at].nesting == 1 else "</table></div>\n"


def _setter() -> MarkdownIt:
    found = MarkdownIt("commonmark", {"html": False}).enable("table")
    for rule in ("table_open", "table_close"):
        found.add_render_rule(rule, _wrapped)
    return found


_SETTER: Final = _setter()
