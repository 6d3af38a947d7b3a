"""What tests of the desk share: an organisation, the application before it, and somebody who is logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from admin.user import Clerk
from database.connect import Role
from dues.access.models import Staff
from dues.access.staff import add_staff
from tests.portal.town import Town, build_town
from tests.web.browser import Browser
from tests.web.one_app import before
from tests.web.waking import Woken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from database.connect import Database
    from tests.servers import TestServers

EMAIL = "clerk@example.org"
PASSWORD = "a desk of my own"


@pytest.fixture(scope="session")
def town(servers: TestServers) -> Iterator[Town]:
    """An organisation in a database of these tests' own: the web commits, so each test uses names of its own."""
    with servers.copy() as database:
        built = build_town(database)
        with database.unit_of_work(Role.JOBS) as session:
            add_staff(session, name="Clerk", email=EMAIL, password=PASSWORD, language="en")
        yield built


@pytest.fixture
def woken() -> Woken:
    """Notes what the web tells the workers."""
    return Woken()


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
    return entered(Browser(app), town.database).get("/admin/desk")


def entered(browser: Browser, database: Database) -> Browser:
    """Be in as somebody who has gone through the entrance."""
    with database.opener(Role.STAFF)() as session:
        who = Clerk.of(session.scalars(select(Staff).where(Staff.email_key == EMAIL)).one())
    return browser.remember(_user_id=who.get_id(), _fresh=True)


def logged_in(browser: Browser) -> Browser:
    """Go through the entrance."""
    return browser.get("/admin/login").submit(email=EMAIL, password=PASSWORD)
