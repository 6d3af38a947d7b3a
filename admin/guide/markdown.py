"""Sets the pages of the guide: as much of Markdown as they are written in, and not more.

Headings, paragraphs, lists, tables, code, links, pictures, strong and emphasised words. Whatever else is written stands
there as it is; nothing of it is ever markup.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from markupsafe import Markup, escape

Address = Callable[[str], str]
"""Returns where a link or a picture of a page leads in the program, "" for what is not there."""

_HEADING: Final = re.compile(r"(#{1,4}) (.+)")
_ITEM: Final = re.compile(r"(\*|\d+\.) +")
_INLINE: Final = re.compile(
    r"`(?P<code>[^`]+)`|!\[(?P<shows>[^\]]*)\]\((?P<picture>[^)\s]+)\)|\[(?P<words>[^\]]+)\]\((?P<there>[^)\s]+)\)"
    r"|\*\*(?P<strong>[^*]+)\*\*|\*(?P<said>[^*]+)\*"
)
_CODE: Final = "    "


def page(text: str, address: Address) -> Markup:
    """Return a page as HTML; headings have the anchors that links of other pages name."""
    return _blocks(text.splitlines(), address)


def title(text: str) -> str:
    """Return what a page is called: its first heading."""
    return text.splitlines()[0].removeprefix("# ")


def anchor(heading: str) -> str:
    """Return the anchor of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _blocks(lines: Sequence[str], address: Address) -> Markup:
    found, rest = Markup(), list(lines)
    while rest:
        if not rest[0].strip():
            rest.pop(0)
            continue
        block, used = _block(rest, address)
        found += block
        rest = rest[used:]
    return found


def _block(lines: Sequence[str], address: Address) -> tuple[Markup, int]:
    """Return the first block of some lines, and how many of them it takes."""
    heading = _HEADING.fullmatch(lines[0])
    if heading:
        level, words = len(heading[1]), heading[2]
        return Markup('<h{0} id="{1}">{2}</h{0}>\n').format(level, anchor(words), inline(words, address)), 1
    if lines[0].startswith(_CODE):
        used = _while(lines, lambda line: line.startswith(_CODE))
        return Markup("<pre>{}</pre>\n").format("\n".join(line[4:] for line in lines[:used])), used
    if lines[0].startswith("|"):
        used = _while(lines, lambda line: line.startswith("|"))
        return _table(lines[:used], address), used
    if _ITEM.match(lines[0]):
        bullets = lines[0].startswith("*")
        used = _while(lines, lambda line: not line.strip() or line.startswith("  ") or _is_item(line, bullets=bullets))
        return _list(lines[:used], address), used
    used = _while(lines, lambda line: bool(line.strip()) and not _ITEM.match(line) and not _HEADING.fullmatch(line))
    return Markup("<p>{}</p>\n").format(inline(" ".join(lines[:used]), address)), used


def _while(lines: Sequence[str], fits: Callable[[str], bool]) -> int:
    return next((place for place, line in enumerate(lines) if not fits(line)), len(lines))


def _is_item(line: str, *, bullets: bool) -> bool:
    return bool(_ITEM.match(line)) and line.startswith("*") == bullets


def _list(lines: Sequence[str], address: Address) -> Markup:
    items: list[list[str]] = []
    for line in lines:
        mark = _ITEM.match(line)
        if mark:
            items.append([line[mark.end() :]])
        else:
            items[-1].append(line.strip())
    kind = "ul" if lines[0].startswith("*") else "ol"
    inner = Markup().join(Markup("<li>{}</li>\n").format(_blocks(item, address)) for item in items)
    return Markup("<{0}>\n{1}</{0}>\n").format(kind, inner)


def _table(lines: Sequence[str], address: Address) -> Markup:
    head, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines if "---" not in line)
    top = Markup().join(Markup('<th scope="col">{}</th>').format(inline(cell, address)) for cell in head)
    body = Markup().join(
        Markup("<tr>{}</tr>\n").format(
            Markup().join(
                Markup('<td data-label="{}">{}</td>').format(name, inline(cell, address))
                for name, cell in zip(head, row, strict=True)
            )
        )
        for row in rows
    )
    return Markup('<div class="sheet"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>\n').format(
        top, body
    )


def inline(text: str, address: Address) -> Markup:
    """Return a line's words with what is marked in them."""
    found, at = Markup(), 0
    for hit in _INLINE.finditer(text):
        found += escape(text[at : hit.start()]) + _marked(hit, address)
        at = hit.end()
    return found + escape(text[at:])


def _marked(hit: re.Match[str], address: Address) -> Markup:
    if hit["code"] is not None:
        return Markup("<code>{}</code>").format(hit["code"])
    if hit["picture"] is not None:
        return Markup('<img src="{}" alt="{}" loading="lazy">').format(address(hit["picture"]), hit["shows"])
    if hit["words"] is not None:
        words, there = inline(hit["words"], address), address(hit["there"])
        return Markup('<a href="{}">{}</a>').format(there, words) if there else words
    tag = "strong" if hit["strong"] is not None else "em"
    return Markup("<{0}>{1}</{0}>").format(tag, inline(hit["strong"] or hit["said"], address))
