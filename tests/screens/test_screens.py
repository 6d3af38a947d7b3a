"""Every screen at every width, light and dark: nothing sticks out, nothing is said, nobody is shut out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from language import SUPPORTED
from language.longer import LONGER
from tests.screens.eye import barriers, picture, sticking_out, unmarked
from tests.screens.screens import SCREENS, WIDTHS, Screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.screens.scene import Scene

    Window = Callable[..., tuple[Page, list[str]]]

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("KONTINGENT_PICTURES")
"""A folder to leave pictures in, for whoever looks at them."""

every_screen = pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)


def shown(page: Page, screen: Screen, scene: Scene, *, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    answer = page.goto(screen.address(scene))
    assert answer is not None
    assert answer.status == screen.status


def heard(said: list[str], screen: Screen) -> list[str]:
    """What the browser said; that a page is not there it always says."""
    return [words for words in said if screen.status == 200 or "Failed to load resource" not in words]


@every_screen
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_screen_fits_and_shuts_nobody_out(window: Window, scene: Scene, screen: Screen, *, dark: bool) -> None:
    page, said = window(desk=screen.desk, dark=dark)
    for width in WIDTHS:
        shown(page, screen, scene, width=width)
        assert sticking_out(page) == [], width
        if PICTURES:
            picture(page, Path(PICTURES), f"{screen.name}-{width}-{'dark' if dark else 'light'}")
    assert barriers(page) == []
    assert heard(said, screen) == []


@every_screen
def test_a_screen_fits_in_every_language(window: Window, scene: Scene, screen: Screen) -> None:
    for language in SUPPORTED:
        if language != "en":
            page, _said = window(desk=screen.desk, language=language)
            shown(page, screen, scene, width=320)
            assert sticking_out(page) == [], language
            assert barriers(page) == [], language


@every_screen
def test_a_screen_has_room_for_longer_texts_and_none_that_cannot_be_translated(
    window: Window, scene: Scene, screen: Screen
) -> None:
    page, _said = window(desk=screen.desk, language=LONGER)
    for width in WIDTHS:
        shown(page, screen, scene, width=width)
        assert sticking_out(page) == [], width
    assert unmarked(page) == []
