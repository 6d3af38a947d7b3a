"""What tests of the desk share: an organisation, the application before it, and somebody who is logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from database.connect import Role
from settings import Settings
from tests.factories.staff import EMAIL, PASSWORD, employ, let_in
from tests.portal.town import Town, build_town
from tests.web.browser import Browser
from tests.web.one_app import before, unfurnished
from tests.web.waking import Woken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from database.connect import Database
    from tests.servers import TestServers


@pytest.fixture(scope="session")
def town(servers: TestServers) -> Iterator[Town]:
    """An organisation in a database of these tests' own: the web commits, so each test uses names of its own."""
    with servers.copy() as database:
        built = build_town(database)
        with database.unit_of_work(Role.JOBS) as session:
            employ(session)
        yield built


@pytest.fixture
def woken() -> Woken:
    """Notes what the web tells the workers."""
    return Woken()


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a web that counts in its own memory, and asks for no second factor."""
    data = str(tmp_path_factory.mktemp("desk"))
    environment = {"KONTINGENT_DATA": data, "KONTINGENT_BASE_URL": "https://dues.example.org"}
    return Settings.from_env({**environment, "KONTINGENT_DEMO": "1"})


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
    """Let somebody come who is not logged in, with a language of their browser."""
    return lambda language="en": Browser(app, language=language)


@pytest.fixture
def desk(app: Flask, town: Town) -> Browser:
    """Somebody of the staff who is in already and reads English; the entrance has tests of its own."""
    return entered(Browser(app), town.database).get("/admin/you/")


def entered(browser: Browser, database: Database, *, email: str = EMAIL) -> Browser:
    """Be in as somebody who has gone through the entrance."""
    with database.unit_of_work(Role.STAFF) as session:
        token = let_in(session, email=email)
    return browser.remember(_user_id=token, _fresh=True)


def logged_in(browser: Browser) -> Browser:
    """Go through the entrance."""
    return browser.get("/admin/login").submit(email=EMAIL, password=PASSWORD)
