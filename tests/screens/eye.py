"""What is held against every screen: it fits, the browser says nothing, axe finds nothing, it looks as accepted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from playwright.sync_api import Page

_TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
COLOURS: Final = ("color-contrast", "link-in-text-block")
"""The rules that look at colours: all that a scheme can break, and nothing that another language can."""
WORDS: Final = (
    *("area-alt", "aria-command-name", "aria-input-field-name", "aria-meter-name", "aria-progressbar-name"),
    *("aria-toggle-field-name", "aria-tooltip-name", "button-name", "document-title", "frame-title", "html-has-lang"),
    *("html-lang-valid", "html-xml-lang-mismatch", "image-alt", "input-button-name", "input-image-alt", "label"),
    *("link-name", "object-alt", "role-img-alt", "scrollable-region-focusable", "select-name", "summary-name"),
    *("svg-img-alt", "target-size", "valid-lang"),
)
"""The rules that look at words, at what language they are in, and at the room they take: all that another language can
break. The others look at how a page is built, which is the same in every language.
"""

BROUGHT: Final = f"Object.defineProperty(window, 'bringAxe', {{ value: () => {{ {AXE_SCRIPT}\n }} }});"
"""Lets a page have axe when it is asked for: a browser that was given it once neither receives nor reads it again."""
_HAS: Final = "() => { if (!window.axe && window.bringAxe) bringAxe(); return !!window.axe; }"
_ABOUT_WORDS: Final = {"type": "rule", "values": WORDS}
_AXE: Final = "(options) => axe.run(document, options).then((found) => found.violations)"
# How readable words are follows from their colours, how they are written, and what is drawn behind them. To find that
# out takes axe most of its time, so it reads the first, the middle and the last of those that are drawn alike all the
# way up, as the rows of a table are, or the lines of a list.
_LOOKS: Final = """() => {
  const drawn = ["backgroundColor", "backgroundImage", "opacity", "filter", "position", "zIndex", "clipPath",
    "textShadow", "mixBlendMode", "visibility"];
  const nothing = "rgba(0, 0, 0, 0),none,1,none,static,auto,none,none,normal,visible";
  const written = ["color", "fontSize", "fontWeight", "textDecorationLine"];
  const controls = "input, select, textarea, button, option";
  const looks = new Map();
  const within = (one, behind) => {
    one.removeAttribute("data-read");
    const style = getComputedStyle(one);
    if (style.display === "none") return;
    const layer = drawn.map((what) => style[what]).join();
    const stack = layer === nothing ? behind : `${behind}|${layer}`;
    const words = [...one.childNodes].some((part) => part.nodeType === Node.TEXT_NODE && part.data.trim());
    if (words || one.matches(controls)) {
      const look = [stack, one.localName, one.disabled, ...written.map((what) => style[what])].join();
      if (!looks.has(look)) looks.set(look, []);
      looks.get(look).push(one);
    }
    for (const part of one.children) within(part, stack);
  };
  within(document.documentElement, "");
  for (const alike of looks.values()) {
    for (const place of [0, alike.length >> 1, alike.length - 1]) alike[place].setAttribute("data-read", "");
  }
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-read]" }] });
}"""
# What stands out of the window, or of a box that does not scroll by itself.
_STICKING_OUT: Final = """() => {
  const out = [];
  const name = (one) => `${one.tagName.toLowerCase()}.${one.className.baseVal ?? one.className}`;
  const scrolls = "input, select, textarea, progress";
  if (document.documentElement.scrollWidth > innerWidth) out.push("the page");
  for (const one of document.querySelectorAll("body *")) {
    if (one.closest(".unseen, .all-keys:not([open]), .skip, svg, option, .scroll") || !one.checkVisibility()) continue;
    const heads = one.closest("thead");  // clipped away where the rows are cards
    if (heads && getComputedStyle(heads).clipPath !== "none") continue;
    const box = one.getBoundingClientRect();
    if (box.width === 0) continue;
    if (box.right > innerWidth + 0.5 || box.left < -0.5) { out.push(name(one)); continue; }
    const within = getComputedStyle(one).display !== "inline" && !one.matches(scrolls);
    if (within && one.scrollWidth > one.clientWidth + 1) out.push("inside " + name(one));
  }
  return out;
}"""
# Words that nobody marked for translation: with longer texts, everything stands in brackets but data and the names of
# languages.
_MARKED: Final = (
    "h2, h3, th, legend, summary, button, .hint, .field > label, .side a > span:first-child, .as-button, dt"
)
_UNMARKED: Final = """(marked) => [...document.querySelectorAll(marked)]
  .filter((one) => one.checkVisibility() && !one.closest("[data-data]") && !one.querySelector("[lang]"))
  .map((one) => one.innerText.trim())
  .filter((text) => /\\p{L}{2}/u.test(text) && !text.includes("["))"""


def sticking_out(page: Page) -> list[str]:
    """Return what does not fit into the window or its box."""
    found: list[str] = page.evaluate(_STICKING_OUT)
    return found


def unmarked(page: Page) -> list[str]:
    """Return headings, labels and presses that stand on a page of longer texts without brackets."""
    found: list[str] = page.evaluate(_UNMARKED, _MARKED)
    return found


def barriers(page: Page) -> list[str]:
    """Return what axe finds, one line a rule with the places."""
    return _found(page, {"runOnly": {"type": "tag", "values": _TAGS}})


def barriers_of_colour(page: Page) -> list[str]:
    """Return what axe finds in the colours of a page whose other scheme was looked at in full."""
    return _found(page, {"runOnly": {"type": "rule", "values": COLOURS}})


def barriers_of_words(page: Page) -> list[str]:
    """Return what axe finds in the words of a page that was looked at in full in another language."""
    return _found(page, {"runOnly": _ABOUT_WORDS})


def _found(page: Page, options: dict[str, object]) -> list[str]:
    """Let axe look; nobody reads what it finds in order, and listing that takes half of its time.

    It need not load sounds and films ahead: there are none.
    """
    if not page.evaluate(_HAS):
        page.evaluate(AXE_SCRIPT)
    if options["runOnly"] != _ABOUT_WORDS:
        page.evaluate(_LOOKS)
    violations = page.evaluate(_AXE, options | {"resultTypes": ["violations"], "preload": False})
    return [f"{one['id']}: {[node['target'] for node in one['nodes']][:3]}" for one in violations]


def picture(page: Page, folder: Path, name: str) -> Path:
    """Take a picture of the whole page."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    page.screenshot(path=path, full_page=True, animations="disabled", caret="hide")
    return path
