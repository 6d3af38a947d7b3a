"""A passkey in a real browser, with a device that the browser plays: set up, log in with it, prove it again."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, update
from werkzeug.serving import make_server

from app import create_app
from database.connect import Role
from dues.access.models import StaffSession
from settings import Settings
from tests.factories.staff import EMAIL, PASSWORD, employ
from tests.portal.town import build_town
from tests.web.waking import Woken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Page

    from database.connect import Database

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(chromium: Chromium, committing: Database, tmp_path: Path) -> Iterator[Page]:
    """A window before a house that is reached by a name, as passkeys need it."""
    build_town(committing)
    with committing.unit_of_work(Role.JOBS) as session:
        employ(session)
    server = make_server("127.0.0.1", 0, lambda _environ, _start: [], threaded=True)
    address = f"http://localhost:{server.server_port}"
    settings = Settings.from_env({"KONTINGENT_DATA": str(tmp_path), "KONTINGENT_BASE_URL": address})
    server.app = create_app(settings, database=committing, wake=Woken())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    found = chromium.new_page(base_url=address, locale="en-GB")
    device = found.context.new_cdp_session(found)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield found
    found.context.close()
    server.shutdown()
    thread.join()
    server.server_close()


def log_in(page: Page) -> None:
    page.goto("/admin/login")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.click("button.main")


def test_a_passkey_is_taken_lets_in_and_proves_it_again(page: Page, committing: Database) -> None:
    log_in(page)
    assert page.inner_text("h1") == "Second factor"
    page.fill("#key-name", "Work laptop")
    page.click("#new-key button")
    page.wait_for_selector("text=The passkey Work laptop is taken.")
    page.click("text=Log out")
    log_in(page)
    assert page.inner_text("h1") == "Second step"
    page.click("#use-key button")
    page.wait_for_selector("h1:has-text('Today')")
    with committing.unit_of_work(Role.JOBS) as session:
        session.execute(update(StaffSession).values(fresh_at=func.now() - func.make_interval(0, 0, 0, 0, 0, 6)))
    page.goto("/admin/you/password")
    assert page.inner_text("h1") == "Is it still you?"
    page.click("#use-key button")
    page.wait_for_selector("h1:has-text('Choose another password')")
