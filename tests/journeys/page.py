"""A window of a real browser: every page it shows must fit, and the browser must have nothing to say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

# What stands out of the window or of its box; what is hidden from eyes on purpose is left out.
_STICKING_OUT: Final = """() => {
  const main = document.querySelector("main").getBoundingClientRect();
  const out = [];
  if (document.documentElement.scrollWidth > innerWidth) out.push("the page");
  for (const one of document.querySelectorAll("main *, header *, footer *")) {
    const box = one.getBoundingClientRect();
    if (one.closest(".unseen") || box.width === 0) continue;
    if (box.right > innerWidth + 0.5 || box.left < -0.5) out.push(one.tagName + "." + one.className);
    if (one.closest("main") && box.right > main.right + 0.5) out.push(one.tagName + "." + one.className);
    const card = one.parentElement.closest(".card, .total, .sheet");
    if (card && box.right > card.getBoundingClientRect().right + 0.5) out.push("in a card: " + one.className);
  }
  return out;
}"""
_SMALLEST: Final = """() => [...document.querySelectorAll("a, button, select, input:not([type=hidden])")]
  .filter((one) => one.checkVisibility() && !one.closest(".skip, .card, p, li:not(.choices li), .tick, dd, address"))
  .map((one) => [one.outerHTML.slice(0, 60), Math.min(one.getBoundingClientRect().height, 44)])
  .filter(([, height]) => height < 44).map(([what]) => what)"""


class Journey:
    """One visitor's window."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, path: str) -> Journey:
        """Load a page and look at it."""
        self.page.goto(path)
        return self.look()

    def look(self) -> Journey:
        """Hold the page that is shown to what the eye would see, once all of it has come."""
        self.page.wait_for_load_state()
        sticking_out, small = self.page.evaluate(_STICKING_OUT), self.page.evaluate(_SMALLEST)
        assert not sticking_out, sticking_out
        assert not small, small
        return self

    def fill(self, **boxes: str) -> Journey:
        """Write into boxes by their names."""
        for name, text in boxes.items():
            self.page.locator(f"[name={name}]").fill(text)
        return self

    def choose(self, label: str) -> Journey:
        """Press a card or a tick by how its words begin."""
        self.page.get_by_label(re.compile(rf"^\s*{label}")).check()
        return self

    def press(self) -> Journey:
        """Press the page's main button and look at what comes."""
        with self.page.expect_navigation():
            self.page.locator("button.main").click()
        return self.look()

    @property
    def heading(self) -> str:
        """The page's h1."""
        return self.page.locator("h1").inner_text()

    @property
    def focused(self) -> str:
        """The id of what has the focus."""
        return str(self.page.evaluate("document.activeElement.id || document.activeElement.name || ''"))
