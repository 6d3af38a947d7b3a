"""The system's Chromium: one for a whole run of tests, for two at once would be two loops in one process."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser as Chromium

# Letters and colours are drawn alike on every machine.
_ARGUMENTS: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb"),
)
# The first draws the same pictures in half the time.
_PROGRAMS: Final = ("chromium-headless-shell", "chromium")
_LETTERS: Final = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
_FONTS: Final = Path(__file__).with_name("fonts.conf")


def same_letters() -> bool:
    """Whether this machine has the letters with which pictures of screens were accepted."""
    return _LETTERS.exists()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """The system's Chromium, without what a window on a screen takes where that is to be had."""
    path = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if path is None:
        pytest.skip("there is no chromium on this machine: apt-get install chromium-headless-shell")
    environment: dict[str, str | float | bool] = dict(os.environ)
    if same_letters():
        environment["FONTCONFIG_FILE"] = str(_FONTS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS), env=environment)
        yield browser
        browser.close()
