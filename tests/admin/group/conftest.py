"""What tests of a group's house share: its administrator, one of a sibling group, and one of the group above."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.access.models import Staff
from dues.folding import folded
from dues.groups.models import Group
from tests.admin.conftest import entered
from tests.admin.group.homes import Home, agree_to_all, home_of, open_page, opener_of
from tests.factories.staff import employ
from tests.portal.town import Town, build_town
from tests.web.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from tests.servers import TestServers


@pytest.fixture(scope="session")
def town(servers: TestServers) -> Iterator[Town]:
    """An organisation of these tests' own: they open groups in it, which other tests of the desk do not expect."""
    with servers.copy() as database:
        built = build_town(database)
        with database.unit_of_work(Role.JOBS) as session:
            employ(session)
        yield built


@pytest.fixture
def come(app: Flask, town: Town) -> Callable[..., Browser]:
    """Let somebody in who looks after a group, or has another role there."""

    def begin(slug: str, role: str = "group-administrator") -> Browser:
        email = f"{role}@{slug}.example"
        with town.database.unit_of_work(Role.JOBS) as session:
            if session.scalar(select(Staff.id).where(Staff.email_key == folded(email))) is None:
                group = session.scalars(select(Group.id).where(Group.slug == slug)).one()
                employ(session, name=role, email=email, roles=[role], group=group)
        return entered(Browser(app), town.database, email=email)

    return begin


@pytest.fixture
def leader(come: Callable[..., Browser], town: Town) -> Browser:
    """Whoever looks after the group."""
    return come(town.slug)


@pytest.fixture
def sibling(come: Callable[..., Browser], town: Town) -> Browser:
    """Whoever looks after the group beside it."""
    return come(town.other)


@pytest.fixture
def homes(app: Flask, town: Town, desk: Browser) -> tuple[Home, Home]:
    """Two groups side by side, each with its own look, account and sender; opened once in these tests' organisation."""
    found = []
    for name, colour, org_number, account in (
        ("Alto", "#8c2f39", "802000-0009", "550-0004"),
        ("Bass", "#1f4e8c", "802000-0017", "550-0012"),
    ):
        with town.database.unit_of_work(Role.JOBS) as session:
            there = session.scalar(select(Group.id).where(Group.slug == name.lower()))
        if there is None:
            opener = opener_of(app, town.database)
            page = open_page(opener, name=name, colour=colour, org_number=org_number, account=account)
            assert page.heading == name, (page.summary(), page.text)
            agree_to_all(desk)
        found.append(home_of(town.database, name.lower(), account=account))
    return found[0], found[1]
