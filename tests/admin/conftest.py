"""What tests of the desk share: an organisation, the application before it, and somebody who is logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app import create_app
from database.connect import Role
from dues.access.grants import give
from dues.access.roles import lay_out_roles, role_id
from dues.access.staff import add_staff
from dues.actor import COMMAND_LINE
from dues.groups.find import group_id
from settings import Settings
from tests.portal.town import TODAY, Town, build_town
from tests.web.browser import Browser
from tests.web.waking import Woken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session

    from dues.access.models import Staff
    from tests.servers import TestServers

EMAIL = "clerk@example.org"
PASSWORD = "a desk of my own"
ALL = ("economist", "member-officer", "collection-officer", "system-administrator")


@pytest.fixture(scope="session")
def town(servers: TestServers) -> Iterator[Town]:
    """An organisation in a database of these tests' own: the web commits, so each test uses names of its own."""
    with servers.copy() as database:
        built = build_town(database)
        with database.unit_of_work(Role.JOBS) as session:
            lay_out_roles(session)
            take_in(session, name="Clerk", email=EMAIL)
        yield built


def take_in(session: Session, *, name: str, email: str, language: str = "en", roles: Sequence[str] = ALL) -> Staff:
    """Take somebody in who may do everything, or what the roles say, in the whole organisation."""
    staff = add_staff(session, name=name, email=email, password=PASSWORD, language=language)
    root = group_id(session, slug=None)
    for role in roles:
        wanted = role_id(session, role)
        give(session, staff_id=staff.id, role_id=wanted, group_id=root, from_on=TODAY, by=COMMAND_LINE)
    return staff


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
def desk(app: Flask) -> Browser:
    """Somebody of the staff who is logged in and reads English."""
    return logged_in(Browser(app))


def logged_in(browser: Browser) -> Browser:
    """Go through the entrance."""
    return browser.get("/admin/login").submit(email=EMAIL, password=PASSWORD)
