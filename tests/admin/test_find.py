"""Find anything from every page of the desk: what was found, by what, and where it leads."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.groups.models import Group
from dues.members.models import Membership, MembershipStatus
from tests.admin.conftest import entered, logged_in
from tests.factories.members import person
from tests.web.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.portal.town import Town


@pytest.fixture
def desk(app: Flask, town: Town) -> Browser:
    """Somebody who is logged in."""
    return entered(Browser(app), town.database).get("/admin/")


@pytest.fixture
def quill(town: Town) -> str:
    """Two namesakes who differ in what tells namesakes apart; the family name, which nobody else has."""
    family = f"quill{secrets.token_hex(4)}"
    with town.database.unit_of_work(Role.JOBS) as session:
        north = session.scalars(select(Group).where(Group.slug == town.slug)).one()
        for given_name, born in (("Astrid", dt.date(1980, 5, 17)), ("Birger", dt.date(1990, 1, 2))):
            found = person(session, given_name=given_name, family_name=family.title(), born=born)
            session.add(
                Membership(
                    person_id=found.id,
                    type_id=town.member_type,
                    group_id=north.id,
                    status=MembershipStatus.ACTIVE,
                    joined_on=born,
                )
            )
    return family


def hits(desk: Browser) -> list[str]:
    return [" ".join(name.text_content().split()) for name in desk.page.xpath("//*[@class='hit-name']")]


def test_the_box_stands_on_every_page_and_keeps_what_was_asked(desk: Browser) -> None:
    box = desk.get("/admin/you/").page.xpath("//form[@role='search']/input")[0]
    assert (box.get("name"), box.get("data-focus-key")) == ("q", "/")
    assert desk.page.xpath("string(//form[@role='search']/@action)") == "/admin/find"
    desk.get("/admin/find?q=%20Nobody%20%20At%20All%20")
    assert desk.page.xpath("string(//form[@role='search']/input/@value)") == "Nobody At All"


def test_namesakes_are_told_apart(desk: Browser, quill: str) -> None:
    desk.get(f"/admin/find?q={quill}")
    assert hits(desk) == [f"Astrid {quill.title()}", f"Birger {quill.title()}"]
    facts = [fact.text for fact in desk.page.xpath("(//*[@class='hit-facts'])[1]/li")]
    assert facts[1:3] == ["born 17 May 1980", "Uppsala"]
    assert facts[-1] == "Member in Norr, active"
    assert desk.page.xpath("//h2[@class='section']/text()") == ["Persons"]


def test_a_name_never_opens_by_itself(desk: Browser, quill: str) -> None:
    desk.get(f"/admin/find?q=astrid+{quill}")
    assert (desk.path, hits(desk)) == (f"/admin/find?q=astrid+{quill}", [f"Astrid {quill.title()}"])
    assert desk.page.xpath("starts-with(//*[@class='hit-name']/a/@href, '/admin/persons/')")


def test_an_exact_address_opens_the_file_and_says_why(desk: Browser, town: Town) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        public_id = person(session, email="only.one@example.org").uuid
        session.flush()
    desk.get("/admin/find?q=Only.One@example.org")
    assert desk.path == f"/admin/persons/{public_id}"
    assert "“Only.One@example.org” is the e-mail address of this person alone." in desk.text
    assert "e-mail address of this person" not in desk.get("/admin/you/").text


def test_without_a_page_to_open_the_hit_is_shown(town: Town, visit: Callable[..., Browser]) -> None:
    bare = logged_in(visit())
    with town.database.unit_of_work(Role.JOBS) as session:
        person(session, email="shown@example.org", family_name="Shown")
    bare.get("/admin/find?q=shown@example.org")
    if bare.path.startswith("/admin/find"):
        assert hits(bare) == ["Kim Shown by e-mail address"]


def test_nothing_found_repeats_the_search_and_offers_one_that_finds(desk: Browser, quill: str) -> None:
    desk.get(f"/admin/find?q=zzyx+{quill}")
    assert desk.heading == f"Nothing was found for “zzyx {quill}”"
    (wider,) = desk.page.xpath("//*[@class='empty']//a")
    assert wider.text_content() == f"Search for “{quill}” instead"
    desk.get(wider.get("href"))
    assert len(hits(desk)) == 2


def test_a_misspelt_word_is_widened_to_its_beginning(desk: Browser, quill: str) -> None:
    desk.get(f"/admin/find?q={quill}xx")
    assert desk.page.xpath("string(//*[@class='empty']//a)") == "Search for “qui” instead"


def test_where_nothing_wider_finds_anything_nothing_is_offered(desk: Browser) -> None:
    desk.get("/admin/find?q=zzyx")
    assert not desk.page.xpath("//*[@class='empty']//a")


def test_an_empty_search_says_what_one_can_search_for(desk: Browser) -> None:
    desk.get("/admin/find")
    assert desk.heading == "Find anything"
    assert "payment reference" in desk.text
    assert "The key / leads to the box" in desk.text


def test_groups_are_found(desk: Browser) -> None:
    desk.get("/admin/find?q=norr")
    assert "Norr" in hits(desk)
    assert "Groups" in desk.page.xpath("//h2[@class='section']/text()")


@pytest.mark.parametrize(
    "written", ["%00", "%F0%9F%98%80", "%27;--", "%3Cscript%3E", "%D9%A3%D9%A4", "a" * 5000, "%80"]
)
def test_whatever_is_written_is_answered(desk: Browser, written: str) -> None:
    desk.get(f"/admin/find?q={written}", status=404 if written == "%00" else 200)
    assert not desk.page.xpath("//main//script")


def test_a_stranger_finds_the_entrance(visit: Callable[..., Browser]) -> None:
    assert visit().get("/admin/find?q=anna").heading == "Log in"
