"""The first page of a group's house: what needs one, how the group is doing, and how a new group begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from database.connect import Role
from dues.groups.establish import add_group
from dues.groups.models import Group
from tests.admin.group.work import two

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.portal.town import Town
    from tests.web.browser import Browser


def test_it_tells_what_is_open_and_who_is_new(leader: Browser, town: Town) -> None:
    two(town)
    leader.get(f"/group/{town.slug}/")
    words = leader.page.xpath("//ul[@class='tasks']//*[@class='task-name']/text()")
    assert any("open" in one for one in words)
    assert "the first due on" in leader.text  # it lies ahead
    assert any("since your last visit" in one for one in words)
    for address in leader.page.xpath("//ul[@class='tasks']//a/@href"):
        leader.get(address)
        assert leader.page.xpath("//main//tbody//tr"), address
    figures = leader.get(f"/group/{town.slug}/").page.xpath("//figure//figcaption/text()")
    assert len(figures) == 1
    assert "joined and" in figures[0]


def test_a_new_group_is_shown_its_join_link_and_its_code(come: Callable[..., Browser], town: Town) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        parent = session.scalars(select(Group).where(Group.slug == town.slug)).one()
        made = add_group(session, name="Ny", slug="org-ny", parent=parent, language="sv", country="SE", joinable=True)
        slug = made.slug
    visitor = come(slug).get(f"/group/{slug}/")
    assert "Nobody has joined yet" in visitor.text
    assert f"https://dues.example.org/join/{slug}" in visitor.text
    code = visitor.page.xpath("//main//img/@src")[0]
    assert visitor.get(code).answer.data.startswith(b"\x89PNG")
    visitor.get(f"/group/{slug}/members/")
    visitor.get(f"/group/{slug}/invoices/")
