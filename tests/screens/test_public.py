"""Every public screen, also those one comes to by doing something: it fits, shuts nobody out, and says nothing."""

from __future__ import annotations

import os
import re
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import update
from werkzeug.serving import make_server

from app import create_app
from database.connect import Role
from dues.groups.look import DARK, LIGHT, contrast
from dues.groups.models import Group
from dues.invoicing.models import AccessLink
from language import SUPPORTED
from language.longer import LONGER
from settings import Settings
from tests.screens.eye import barriers_of_words, picture, sticking_out, unmarked
from tests.screens.looking import PICTURES, look_around
from tests.screens.public_scene import SECRET, PublicScene, set_public_scene
from tests.screens.still import clock
from tests.screens.visits import VISITS
from tests.screens.window import WIDTHS, Scheme, Window, open_window
from tests.web.unlimited import unlimited
from tests.web.waking import Woken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser as Chromium

    from tests.servers import TestServers

    Look = Callable[..., Window]

pytestmark = pytest.mark.browser

COUNTRY = os.environ.get("KONTINGENT_COUNTRY", "SE")

IN_EVERY_LANGUAGE = (
    *("home", "join-household-errors", "thanks-household", "link-asked", "link-part", "link-late", "link-not-valid"),
)
"""Where the words are; what stands on the other screens stands on one of these, too."""

every_visit = pytest.mark.parametrize("visit", list(VISITS))


@contextmanager
def served(scene: PublicScene, data: Path) -> Iterator[str]:
    """Serve a scene's pages; texts may be longer, and nobody counts how often one presses."""
    environment = {"KONTINGENT_DATA": str(data), "KONTINGENT_DEVELOPMENT": "1", "KONTINGENT_SECRET_KEY": SECRET}
    app = create_app(Settings.from_env(environment), database=scene.town.database, wake=Woken(), clock=clock)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def public_scene(servers: TestServers) -> Iterator[PublicScene]:
    with servers.copy() as database:
        yield set_public_scene(database, country=COUNTRY)


@pytest.fixture(scope="module")
def public_address(public_scene: PublicScene, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(public_scene, tmp_path_factory.mktemp("data")) as address:
        yield address


@pytest.fixture
def look(chromium: Chromium, public_scene: PublicScene, public_address: str) -> Iterator[Look]:
    """Open a window of somebody new; links may be asked for codes again at once."""
    opened: list[Window] = []
    with public_scene.town.database.unit_of_work(Role.JOBS) as session:
        session.execute(update(AccessLink).values(code_sent_at=None, code_hash=None, code_tries=0))

    def begin(language: str = "en", *, width: int = 390, scheme: Scheme = "light") -> Window:
        window = open_window(chromium, public_address)
        opened.append(window)
        return window.begin(language, width=width, scheme=scheme)

    with unlimited():
        yield begin
    for window in opened:
        window.close()


@every_visit
def test_a_public_screen_fits_shuts_nobody_out_and_looks_as_accepted(
    look: Look, public_scene: PublicScene, visit: str, request: pytest.FixtureRequest
) -> None:
    window = look()
    VISITS[visit](window.page, public_scene)
    look_around(window, f"public-{visit}", request.node.nodeid)
    assert window.heard(status=404) == []


@pytest.mark.parametrize("visit", IN_EVERY_LANGUAGE)
def test_a_public_screen_fits_in_every_language(look: Look, public_scene: PublicScene, visit: str) -> None:
    for language in SUPPORTED:
        if language != "en":
            page = look(language, width=320).page
            with public_scene.town.database.unit_of_work(Role.JOBS) as session:
                session.execute(update(AccessLink).values(code_sent_at=None, code_hash=None, code_tries=0))
            VISITS[visit](page, public_scene)
            assert page.locator("html").get_attribute("lang") == language
            assert sticking_out(page) == [], language
            assert barriers_of_words(page) == [], language
            if PICTURES:
                picture(page, Path(PICTURES), f"{visit}-320-{language}")


@every_visit
def test_a_public_screen_has_room_for_longer_texts(look: Look, public_scene: PublicScene, visit: str) -> None:
    window = look(LONGER, width=320)
    VISITS[visit](window.page, public_scene)
    for width in WIDTHS:
        assert sticking_out(window.widen(width).page) == [], width
    assert unmarked(window.page) == []


_DRAWN = """(one) => {
  const ink = getComputedStyle(one).color;
  let ground = "rgba(0, 0, 0, 0)";
  for (let box = one; box && ground === "rgba(0, 0, 0, 0)"; box = box.parentElement) {
    ground = getComputedStyle(box).backgroundColor;
  }
  return [ink, ground];
}"""


def _hex(colour: str) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("colour", ["#f5c400", "#000000", "#e30613"], ids=["yellow", "black", "red"])
def test_a_groups_colour_stays_off_errors_and_off_the_ring_of_focus(
    look: Look, public_scene: PublicScene, colour: str, *, dark: bool
) -> None:
    with public_scene.town.database.unit_of_work(Role.JOBS) as session:
        session.execute(update(Group).where(Group.slug == public_scene.town.slug).values(colour=colour))
    page = look(scheme="dark" if dark else "light").page
    bad, focus = ("#f5a09b", "#ffd866") if dark else ("#a01f1b", "#0a3d91")
    for visit in ("join-errors", "thanks", "link-open"):
        VISITS[visit](page, public_scene)
        if visit == "join-errors":
            for what in ("#summary a", ".error"):
                assert _hex(page.locator(what).first.evaluate(_DRAWN)[0]) == bad
            assert page.locator("#summary").evaluate("(one) => getComputedStyle(one).borderTopColor") is not None
        for what in ("main a", "button.main", ".band-home"):
            if page.locator(what).count():
                ink, ground = page.locator(what).first.evaluate(_DRAWN)
                assert contrast(_hex(ink), _hex(ground)) >= 4.5, (visit, what)
        if PICTURES:
            name = f"brand-{visit}-390-{colour[1:]}-{'dark' if dark else 'light'}"
            picture(page, Path(PICTURES), name)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        ring = page.evaluate("getComputedStyle(document.activeElement).outlineColor")
        assert _hex(ring) == focus
        ground = DARK.canvas if dark else LIGHT.canvas
        assert contrast(focus, ground) >= 3


def test_a_press_copies_what_a_payer_types_in(look: Look, public_scene: PublicScene) -> None:
    window = look()
    page = window.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    VISITS["link-open"](page, public_scene)
    buttons = page.locator("[data-copies]")
    page.locator(".large [data-copies]").click()
    expect(page.locator("#copied")).to_have_text("Copied")
    reference = page.locator(".large dd > span").inner_text().replace(" ", "")
    assert page.evaluate("navigator.clipboard.readText()") == reference
    buttons.nth(1).click()
    assert page.evaluate("navigator.clipboard.readText()") == "500.00"
    assert page.locator("[data-prints]").is_visible()
    assert window.said == []


def test_on_paper_an_invoice_is_a_receipt(look: Look, public_scene: PublicScene) -> None:
    page = look().page
    VISITS["link-paid"](page, public_scene)
    page.emulate_media(media="print")
    for what in ("footer", ".ways", "button", ".skip"):
        assert not any(one.is_visible() for one in page.locator(what).all())
    printed = page.locator("body").inner_text()
    for words in ("Invoice 2", "Paid in full on 22 November 2026", "802999-9995", "Storgatan 1"):
        assert words in printed
