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
from tests.factories.staff import employ
from tests.web.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.portal.town import Town


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
