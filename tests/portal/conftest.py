"""What tests of the public face share: an organisation, the application before it, and visitors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from settings import Settings
from tests.portal.town import Town, build_town
from tests.web.browser import Browser
from tests.web.one_app import before, unfurnished
from tests.web.waking import Woken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from tests.servers import TestServers


@pytest.fixture(scope="session")
def town(servers: TestServers) -> Iterator[Town]:
    """An organisation in a database of these tests' own: the web commits, so each test uses names of its own."""
    with servers.copy() as database:
        yield build_town(database)


@pytest.fixture
def woken() -> Woken:
    """Notes what the web tells the workers."""
    return Woken()


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a web that counts in its own memory."""
    data = str(tmp_path_factory.mktemp("web"))
    return Settings.from_env({"KONTINGENT_DATA": data, "KONTINGENT_BASE_URL": "https://dues.example.org"})


@pytest.fixture(scope="session")
def one_app(settings: Settings) -> Flask:
    """The application of all these tests, before no organisation yet."""
    return unfurnished(settings)


@pytest.fixture
def app(one_app: Flask, town: Town, woken: Woken) -> Flask:
    """The application before the organisation."""
    return before(one_app, town.database, woken)


@pytest.fixture
def visit(app: Flask) -> Callable[..., Browser]:
    """Let somebody new visit, with a language of their browser."""
    return lambda language="en": Browser(app, language=language)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A visitor who reads English."""
    return Browser(app)
