"""A window that stays open from screen to screen: its browser keeps styles and scripts, as a person's does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from tests.screens.eye import BROUGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Page

WIDTHS: Final = (320, 390, 1440)
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
_HIGH: Final = 900
_PATIENCE: Final = 30_000
"""Milliseconds; a machine that has other things to do is no fault of a screen."""

Scheme = Literal["light", "dark"]


@dataclass
class Window:
    """A page of a web at an address, and what its browser says."""

    page: Page
    address: str
    said: list[str] = field(default_factory=list)

    def begin(self, language: str = "en", *, width: int = WIDTHS[0], scheme: Scheme = "light") -> Window:
        """Be as a window that was just opened: of a language, width and scheme, with nothing said."""
        self.said.clear()
        self.page.context.add_cookies([{"name": "language", "value": language, "url": self.address}])
        return self.show(scheme).widen(width)

    def show(self, scheme: Scheme) -> Window:
        """Be light or dark; the page stays."""
        self.page.emulate_media(color_scheme=scheme, media="screen")
        return self

    def widen(self, width: int) -> Window:
        """Be that wide; the page stays."""
        self.page.set_viewport_size({"width": width, "height": _HIGH})
        return self

    def heard(self, *, status: int = 200) -> list[str]:
        """Return what the browser said; that a page is not there it always says."""
        return [words for words in self.said if status == 200 or f"status of {status}" not in words]

    def close(self) -> None:
        """Be gone, with all it remembers."""
        self.page.context.close()


def open_window(chromium: Chromium, address: str, *, kept: Mapping[str, object] | None = None) -> Window:
    """Open one; ``kept`` is what an earlier one remembered."""
    context = chromium.new_context(
        base_url=address,
        locale="en-GB",
        timezone_id="Europe/Stockholm",
        reduced_motion="reduce",
        storage_state=kept,  # type: ignore[arg-type]  # as it was given
    )
    context.set_default_timeout(_PATIENCE)
    context.add_init_script(BROUGHT)
    window = Window(context.new_page(), address)
    window.page.goto("/nowhere")
    window.page.mouse.move(0, _HIGH - 1)  # a new window's mouse is where the first link lights up
    _listen(window.page, window.said.append)
    return window


def _listen(page: Page, note: Callable[[str], None]) -> None:
    page.on("console", lambda message: note(message.text))
    page.on("pageerror", lambda error: note(str(error)))
