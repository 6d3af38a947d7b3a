"""Finding a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.groups.establish import add_group
from dues.groups.models import Group
from portal.home import PAGE
from tests.portal.town import build_town
from tests.web.browser import Browser
from tests.web.one_app import before
from tests.web.waking import Woken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.portal.town import Town
    from tests.servers import TestServers


@pytest.fixture(scope="module")
def many(servers: TestServers) -> Iterator[Town]:
    """An organisation with fifty groups more."""
    with servers.copy() as database:
        town = build_town(database)
        with database.unit_of_work(Role.JOBS) as session:
            root = session.scalars(select(Group).where(Group.slug == "org")).one()
            for number in range(50):
                add_group(
                    session,
                    name=f"Östra kören {number:02}",
                    slug=f"ostra-{number}",
                    parent=root,
                    language="sv",
                    country="SE",
                    joinable=True,
                )
            above = root
            for name, slug in (("Region Dalarna", "dalarna"), ("Mora", "mora"), ("S:t Eriks-kören", "eriks")):
                above = add_group(
                    session,
                    name=name,
                    slug=slug,
                    parent=above,
                    language="sv",
                    country="SE",
                    joinable=slug == "eriks",
                )
            add_group(session, name="Hemliga", slug="hemliga", parent=root, language="sv", country="SE")
        yield town


@pytest.fixture
def browser(one_app: Flask, many: Town) -> Browser:
    """A visitor of that organisation."""
    return Browser(before(one_app, many.database, Woken()))


def names(browser: Browser) -> list[str]:
    return [" ".join(name.text_content().split()) for name in browser.page.xpath("//*[@class='list-name']")]


def test_groups_are_listed_some_at_a_time_and_all_can_be_reached(browser: Browser, many: Town) -> None:
    found, pages = [], 0
    browser.get("/")
    while True:
        assert len(names(browser)) <= PAGE
        found += names(browser)
        pages += 1
        more = browser.page.xpath("//a[contains(@href, 'after=')]/@href")
        if not more:
            break
        browser.get(more[0])
    assert found == ["Norr", "S:t Eriks-kören", "Syd", *(f"Östra kören {number:02}" for number in range(50))]
    assert pages == 3
    assert many.slug in browser.get("/").page.xpath("//*[@class='list']//a/@href")[0]


def test_a_search_finds_the_beginnings_of_words_whatever_the_case_and_the_order(browser: Browser) -> None:
    forties = [f"Östra kören 4{number}" for number in range(10)]
    assert names(browser.get("/?q=%20ÖSTRA%20%20kören%204")) == forties
    assert names(browser.get("/?q=4%20kör")) == forties
    assert names(browser.get("/?q=ören")) == []
    assert "No group is called “ören”, and none lies there." in browser.text
    assert browser.page.xpath("//input[@id='q']/@value") == ["ören"]
    assert names(browser.get("/?q=%25")) == []


def test_letters_may_be_typed_without_their_marks(browser: Browser) -> None:
    assert names(browser.get("/?q=ostra%20koren%2007")) == ["Östra kören 07"]
    assert names(browser.get("/?q=Ostra%20kören%2007")) == ["Östra kören 07"]


def test_a_place_finds_the_groups_that_lie_there_and_is_shown(browser: Browser) -> None:
    assert names(browser.get("/?q=mora")) == ["S:t Eriks-kören"]
    assert [" ".join(one.text_content().split()) for one in browser.page.xpath("//*[@class='list-more']")] == [
        "Mora · Region Dalarna"
    ]
    for words in ("dalarna", "erik", "kören eriks s dal", "S:t"):
        assert names(browser.get(f"/?q={words}")) == ["S:t Eriks-kören"]


def test_a_group_is_found_by_its_new_name_and_its_new_region_by_all_below(browser: Browser, many: Town) -> None:
    with many.database.unit_of_work(Role.JOBS) as session:
        region = session.scalars(select(Group).where(Group.slug == "dalarna")).one()
        region.name, region.name_key = "Region Dala-Falun", "region dala-falun"
    assert names(browser.get("/?q=dalarna")) == []
    assert names(browser.get("/?q=falun")) == ["S:t Eriks-kören"]
    with many.database.unit_of_work(Role.JOBS) as session:
        region = session.scalars(select(Group).where(Group.slug == "dalarna")).one()
        region.name, region.name_key = "Region Dalarna", "region dalarna"


def test_groups_that_take_nobody_are_not_listed(browser: Browser) -> None:
    assert names(browser.get("/?q=hem")) == []
    assert names(browser.get("/?q=riks")) == []


@pytest.fixture
def nothing(servers: TestServers, one_app: Flask) -> Iterator[Browser]:
    """A visitor to a house in which nothing is set up."""
    with servers.copy() as database:
        yield Browser(before(one_app, database, Woken()))


def test_an_empty_house_says_what_will_be_here(nothing: Browser) -> None:
    assert "No group takes members here yet." in nothing.get("/").text
    assert nothing.title == "Find your group · Kontingent"
