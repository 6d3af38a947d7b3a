"""Every screen at every width, light and dark: it fits, says nothing, shuts nobody out, and looks as accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from language import SUPPORTED
from language.longer import LONGER
from tests.screens.eye import barriers_of_words, sticking_out, unmarked
from tests.screens.looking import look_around
from tests.screens.screens import SCREENS, Screen
from tests.screens.visits import press
from tests.screens.window import WIDTHS, Window

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.screens.scene import Scene

    Windows = dict[bool, Window]

pytestmark = pytest.mark.browser

every_screen = pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)


def shown(page: Page, screen: Screen, scene: Scene) -> None:
    answer = page.goto(screen.address(scene))
    assert answer is not None
    assert answer.status == screen.status
    if screen.press:
        press(page, screen.press)


@every_screen
def test_a_screen_fits_shuts_nobody_out_and_looks_as_accepted(
    windows: Windows, scene: Scene, screen: Screen, request: pytest.FixtureRequest
) -> None:
    window = windows[screen.desk].begin()
    shown(window.page, screen, scene)
    look_around(window, screen.name, request.node.nodeid)
    assert window.heard(status=screen.status) == []


@every_screen
def test_a_screen_fits_in_every_language(windows: Windows, scene: Scene, screen: Screen) -> None:
    for language in SUPPORTED:
        if language != "en":
            page = windows[screen.desk].begin(language).page
            shown(page, screen, scene)
            assert sticking_out(page) == [], language
            assert barriers_of_words(page) == [], language


@every_screen
def test_a_screen_has_room_for_longer_texts_and_none_that_cannot_be_translated(
    windows: Windows, scene: Scene, screen: Screen
) -> None:
    window = windows[screen.desk].begin(LONGER)
    shown(window.page, screen, scene)
    for width in WIDTHS:
        assert sticking_out(window.widen(width).page) == [], width
    assert unmarked(window.page) == []
