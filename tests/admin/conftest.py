"""What tests of the desk share: an organisation, the application before it, and somebody who is logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app import create_app
from database.connect import Role
from settings import Settings
from tests.factories.staff import EMAIL, PASSWORD, employ, let_in
from tests.portal.town import Town, build_town
from tests.web.browser import Browser
from tests.web.waking import Woken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

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


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a web that counts in its own memory, and asks for no second factor."""
    environment = {"KONTINGENT_DATA": str(tmp_path), "KONTINGENT_BASE_URL": "https://dues.example.org"}
    return Settings.from_env({**environment, "KONTINGENT_DEMO": "1"})


@pytest.fixture
def app(town: Town, woken: Woken, settings: Settings) -> Flask:
    """The application before the organisation."""
    return create_app(settings, database=town.database, wake=woken)


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
