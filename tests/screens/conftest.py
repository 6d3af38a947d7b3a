"""What looking at screens shares: the scene, the running web, and a window of somebody who has logged in."""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update
from werkzeug.serving import make_server

from app import create_app
from database.connect import Role
from dues.access.models import StaffSession
from dues.demo.desks import FIRST, PASSWORD
from settings import Settings
from tests.factories.money import count_anew
from tests.screens.scene import Scene, set_scene
from tests.screens.still import clock
from tests.screens.window import Window, open_window
from tests.web.unlimited import unlimited
from tests.web.waking import Woken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser as Chromium

    from tests.servers import TestServers


@pytest.fixture(scope="session")
def scene(servers: TestServers) -> Iterator[Scene]:
    """The same organisation each time, in a database of its own."""
    count_anew()
    with servers.copy() as database:
        yield set_scene(database)


@pytest.fixture(scope="session")
def address(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running web; it is in development, where texts may be longer."""
    environment = {"KONTINGENT_DATA": str(tmp_path_factory.mktemp("data")), "KONTINGENT_DEVELOPMENT": "1"}
    environment["KONTINGENT_DEMO"] = "1"  # where no second factor is asked for
    app = create_app(Settings.from_env(environment), database=scene.database, wake=Woken(), clock=clock)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def logged_in(chromium: Chromium, address: str, scene: Scene) -> dict[str, object]:
    """The cookies of somebody who has logged in."""
    page = chromium.new_page(base_url=address, locale="en-GB")
    page.goto("/admin/login")
    page.fill("#email", FIRST)
    page.fill("#password", PASSWORD)
    page.click("button.main")
    with scene.database.unit_of_work(Role.JOBS) as session:  # nobody is asked again while all is looked at
        session.execute(update(StaffSession).values(fresh_at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=6)))
    state: dict[str, object] = dict(page.context.storage_state())
    page.context.close()
    return state


@pytest.fixture(scope="session")
def windows(chromium: Chromium, address: str, logged_in: dict[str, object]) -> Iterator[dict[bool, Window]]:
    """Two windows for all screens: of somebody at the desk, and of somebody who is not."""
    opened = {desk: open_window(chromium, address, kept=logged_in if desk else None) for desk in (True, False)}
    with unlimited():
        yield opened
    for window in opened.values():
        window.close()
