"""The first page of a group's house: what needs one, how the group is doing, and how a new group begins."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.dates import set_clock
from dues.groups.establish import add_group
from dues.groups.models import Group
from tests.admin.group.homes import press
from tests.admin.group.work import two
from tests.portal.town import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.admin.group.homes import Home
    from tests.portal.town import Town
    from tests.web.browser import Browser


def _told(browser: Browser, section: str) -> list[str]:
    where = "//section[@aria-labelledby=$name]//ul[@class='tasks']//*[@class='task-name']/text()"
    return list(browser.page.xpath(where, name=section))


@pytest.fixture
def later(town: Town) -> Iterator[Callable[[], None]]:
    """Let two months pass, for this test alone."""

    def move(day: dt.date = TODAY + dt.timedelta(days=60)) -> None:
        with town.database.unit_of_work(Role.JOBS) as session:
            set_clock(session, to=day, real=TODAY)

    yield move
    move(TODAY)


def test_what_is_not_due_yet_needs_nobody_until_it_is_overdue(
    leader: Browser, town: Town, later: Callable[[], None]
) -> None:
    two(town)
    leader.get(f"/group/{town.slug}/")
    assert not any("open" in one or "overdue" in one for one in _told(leader, "needs"))
    later()
    leader.get(f"/group/{town.slug}/")
    assert any("overdue" in one for one in _told(leader, "needs"))
    assert not any("not due yet" in one for one in _told(leader, "by-itself"))


def test_a_changed_account_that_waits_is_told_to_its_own_group_and_leads_there(
    come: Callable[..., Browser], homes: tuple[Home, Home], desk: Browser
) -> None:
    home, other = homes
    leader, beside = come(home.slug), come(other.slug)
    leader.get(f"/group/{home.slug}/money/account/")
    press(leader, "Send to a second person for approval", scheme="BGNR", number="550-0053")
    leader.get(f"/group/{home.slug}/")
    assert _told(leader, "needs") == ["changed account waits for a second person"]
    led = leader.page.xpath("//main//a[contains(., 'second person')]/@href")
    assert "Waits for a second person" in leader.get(led[0]).text
    assert "second person" not in beside.get(f"/group/{other.slug}/").text
    press(desk.get("/admin/approvals/"), "Refuse", reason="Not ours")
    assert "waits for a second person" not in leader.get(f"/group/{home.slug}/").text


def test_it_tells_what_is_open_and_who_is_new(leader: Browser, town: Town) -> None:
    two(town)
    leader.get(f"/group/{town.slug}/")
    words = _told(leader, "by-itself")
    assert any("open and not due yet" in one for one in words)
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
