"""The frame of a group's house: who is let in where, in which look, and how one gets there."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from database.connect import Role
from dues.groups.models import Group
from tests.factories.staff import employ
from tests.web.browser import Browser

_SOMETHING: Final = {"group": "org-norr", "level": 1}

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.portal.town import Town


def test_a_group_has_a_house_in_its_own_look(leader: Browser, town: Town) -> None:
    leader.get(f"/group/{town.slug}/")
    assert leader.title.endswith(" · Norr")
    sheets = leader.page.xpath("//link[@rel='stylesheet']/@href")
    assert sheets[-1].startswith(f"/g/{town.slug}/look-")
    assert leader.page.xpath("//nav[@aria-label='Places']//a[@aria-current='page']/span/text()") == ["Home"]
    assert "Other groups" not in leader.text


def test_whoever_looks_after_one_group_is_led_there_from_everywhere(leader: Browser, town: Town) -> None:
    for address in ("/admin/", "/group/"):
        leader.get(address)
        assert leader.path == f"/group/{town.slug}/"


def test_anothers_house_is_no_other_than_one_that_does_not_exist(sibling: Browser, town: Town) -> None:
    theirs = sibling.get(f"/group/{town.slug}/", status=404).answer.data
    none = sibling.get("/group/no-such-group/", status=404).answer.data
    assert theirs.replace(town.slug.encode(), b"") == none.replace(b"no-such-group", b"")


def test_nobody_without_a_login_learns_which_groups_there_are(visit: Callable[..., Browser], town: Town) -> None:
    for slug in (town.slug, "no-such-group"):
        assert visit().get(f"/group/{slug}/").heading == "Log in"


def test_whoever_looks_after_the_group_above_looks_after_those_below(come: Callable[..., Browser], town: Town) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        parent = select(Group.parent_id).where(Group.slug == town.slug).scalar_subquery()
        above = session.scalars(select(Group.slug).where(Group.id == parent)).one()
    visitor = come(above)
    assert visitor.get(f"/group/{town.slug}/").title.endswith("Norr")
    visitor.get("/group/")
    assert visitor.heading == "Your groups"
    assert f"/group/{town.slug}/" in visitor.page.xpath("//main//a/@href")
    assert visitor.get("/group/?q=norr").page.xpath("//main//ul[@class='picks']//a/@href") == [f"/group/{town.slug}/"]


def test_no_door_of_a_house_opens_for_whoever_looks_after_the_group_beside(
    sibling: Browser, app: Flask, town: Town
) -> None:
    sibling.get(f"/group/{town.other}/")
    token = sibling.page.xpath("//input[@name='csrf_token']/@value")[0]
    knocked = 0
    for rule in app.url_map.iter_rules():
        if "group_slug" not in rule.arguments:
            continue
        named = {name: _SOMETHING.get(name, uuid.UUID(int=7)) for name in rule.arguments}
        _, path = rule.build({**named, "group_slug": town.slug}) or ("", "")
        for method in (rule.methods or set()) & {"GET", "POST"}:
            if method == "GET":
                sibling.get(path, status=404)
            else:
                sibling.post(path, status=404, csrf_token=token)
            knocked += 1
    assert knocked > 30


def test_another_role_in_the_group_does_not_open_its_house(come: Callable[..., Browser], town: Town) -> None:
    come(town.slug, "support").get(f"/group/{town.slug}/", status=404)


def test_money_may_be_moved_only_with_a_second_factor(app: Flask, town: Town) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        group = session.scalars(select(Group.id).where(Group.slug == town.slug)).one()
        employ(session, email="weak@example.org", roles=["group-administrator"], group=group)
    visitor = Browser(app).get("/admin/login").submit(email="weak@example.org", password="a desk of my own")
    assert visitor.path == f"/group/{town.slug}/"  # a demonstration only offers it
