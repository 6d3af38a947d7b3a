"""What journeys share: the web on a port of this machine, and a real browser that complains of nothing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import make_server

from app import create_app
from settings import Settings
from tests.journeys.page import Journey
from tests.portal.town import Town, build_town
from tests.web.unlimited import unlimited
from tests.web.waking import Woken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser as Chromium

    from tests.servers import TestServers


@pytest.fixture(scope="session")
def joinable(servers: TestServers) -> Iterator[Town]:
    """An organisation for journeys, in a database of their own."""
    with servers.copy() as database:
        yield build_town(database)


@pytest.fixture(scope="session")
def address(joinable: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running web."""
    environment = {"KONTINGENT_DATA": str(tmp_path_factory.mktemp("data")), "KONTINGENT_DEMO": "1"}
    settings = Settings.from_env(environment)
    app = create_app(settings, database=joinable.database, wake=Woken())
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def travel(chromium: Chromium, address: str) -> Iterator[Callable[..., Journey]]:
    """Open a window of a width, in a language and a colour scheme, with scripts or without; end it quietly."""
    journeys: list[Journey] = []

    def begin(*, width: int = 390, language: str = "en", dark: bool = False, scripts: bool = True) -> Journey:
        context = chromium.new_context(
            base_url=address,
            viewport={"width": width, "height": 844},
            locale=language,
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        journeys.append(Journey(context.new_page()))
        return journeys[-1]

    with unlimited():
        yield begin
    for journey in journeys:
        journey.page.context.close()
        assert journey.complaints == []
