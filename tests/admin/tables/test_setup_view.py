"""A small table is set up: listed, added to, changed and taken from, each with its words."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from database.connect import Role
from dues.access.models import Staff
from dues.access.staff import add_staff

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser

GOOD: dict[str, Any] = {"password": "long enough for all", "language": "sv"}


def staff(town: Town, name: str) -> str:
    """Take somebody in and return the address of their form."""
    with town.database.unit_of_work(Role.JOBS) as session:
        email = f"{uuid.uuid4().hex}@example.org"
        made = add_staff(session, name=name, email=email, password="long enough for all", language="sv")
        return f"/admin/setup/logins/{made.uuid}/"


def names(town: Town) -> set[str]:
    with town.database.unit_of_work(Role.JOBS) as session:
        return set(session.scalars(select(Staff.name)))


def test_what_can_be_set_up_is_named_with_what_it_is_for(logins: Browser) -> None:
    page = logins.get("/admin/setup/")
    assert page.page.xpath("//main//h2/text()") == ["People", "Money"]
    assert page.page.xpath("string(//main//section//li/a/@href)") == "/admin/setup/logins/"
    assert "Who works here." in page.text
    assert page.page.xpath("//main//a[normalize-space()='Rules for payers']/@href") == ["/admin/queue/rules"]


def test_a_row_is_added_once_and_named(logins: Browser, town: Town) -> None:
    logins.get("/admin/setup/logins/new/").submit(form=1, name="Ada Nova", email="ada@example.org", **GOOD)
    assert (logins.path, logins.heading) == ("/admin/setup/logins/", "Logins")
    assert "“Ada Nova” is added." in logins.text
    assert "Ada Nova" in names(town)


def test_what_is_missing_or_unreadable_is_said_beside_its_box_and_kept(logins: Browser) -> None:
    page = logins.get("/admin/setup/logins/new/")
    wrong: dict[str, Any] = {"rooms": "many", "titles-nl": "Baas", "language": "klingon"}
    page.submit(form=1, name="", email="b@example.org", **wrong)
    assert page.title.startswith("Error: Add a login")
    assert page.error_at("name") == "Fill this in."
    assert page.error_at("language") == "Choose one of the list."
    assert page.error_at("rooms") == "Write the number in digits."
    assert page.summary()[0] == "Name: Fill this in."  # alone it would not say which
    assert "Language: Choose one of the list." in page.summary()
    assert page.page.xpath("string(//*[@id='summary']//a/@href)") == "#name"
    assert page.page.xpath("string(//input[@name='rooms']/@value)") == "many"
    assert page.page.xpath("string(//input[@name='titles-nl']/@value)") == "Baas"
    assert "Failed" not in page.text


def test_what_a_verb_refuses_stands_at_its_field_and_nothing_is_kept(logins: Browser, town: Town) -> None:
    page = logins.get("/admin/setup/logins/new/")
    page.submit(form=1, name="Shorty", email="short@example.org", password="short", language="sv")
    assert page.error_at("password").startswith("Longer, please")
    page.submit(form=1, name="Shorty", email="clerk@example.org", **GOOD)
    assert page.error_at("email") == "There is such a login."
    assert page.page.xpath("string(//input[@name='name']/@value)") == "Shorty"
    assert "Shorty" not in names(town)


def test_a_row_is_changed(logins: Browser, town: Town) -> None:
    page = logins.get(staff(town, "Bo Before"))
    assert page.heading == "Bo Before"
    page.submit(form=1, name="Bo After", password="")
    assert "“Bo Before” is saved." in page.text
    assert "Bo After" in names(town)


def test_who_is_overtaken_sees_what_stands_there_and_decides(logins: Browser, town: Town) -> None:
    address = staff(town, "Cy First")
    page = logins.get(address)
    with town.database.unit_of_work(Role.JOBS) as session:
        session.execute(update(Staff).where(Staff.name == "Cy First").values(name="Cy Second"))
    page.submit(form=1, name="Cy Third")
    assert page.summary() == ["Somebody else has changed this while you did. Look at it first."]
    assert "Cy Second" in page.page.xpath("string(//*[@id='overtaken'])")
    assert page.page.xpath("string(//input[@name='name']/@value)") == "Cy Third"
    assert "Cy Third" not in names(town)
    page.submit(form=1, name="Cy Third")
    assert "Cy Third" in names(town)


def test_taking_away_asks_on_a_page_of_its_own(logins: Browser, town: Town) -> None:
    address = staff(town, "Di Going")
    page = logins.get(address)
    page.get(page.page.xpath("string(//a[contains(@class, 'danger')]/@href)"))
    assert page.heading == "Take away “Di Going”"
    assert "Di Going" in names(town)
    page.submit(form=1)
    assert "“Di Going” is taken away." in page.text
    assert "Gone Di Going" in names(town)


def test_what_is_used_is_not_taken_away_and_says_so(logins: Browser, town: Town) -> None:
    page = logins.get(staff(town, "Used Eve") + "delete/").submit(form=1)
    assert "This login is still used." in page.text
    assert "Used Eve" in names(town)


@pytest.mark.parametrize("path", ["nobody/", "nobody/delete/", f"{uuid.UUID(int=1)}/", "1/delete/", "%F0%9F%92%A9/"])
def test_what_calls_nothing_is_not_there(logins: Browser, path: str) -> None:
    logins.get(f"/admin/setup/logins/{path}", status=404)


def test_a_list_is_walked_in_both_directions_and_sorted(logins: Browser, town: Town) -> None:
    for letter in "abcde":
        staff(town, f"Zz {letter}")

    def shown() -> list[str]:
        return [" ".join(cell.text_content().split()) for cell in logins.page.xpath("//tbody//td[1]")]

    def follow(rel: str) -> None:
        logins.get(logins.page.xpath(f"string(//nav[@aria-label='Pages']//a[@rel='{rel}']/@href)"))

    logins.get("/admin/setup/logins/?q=Zz&sort=name")
    assert shown() == ["Zz a", "Zz b", "Zz c"]
    assert logins.page.xpath("string(//th[@aria-sort]/@aria-sort)") == "ascending"
    assert not logins.page.xpath("//a[@rel='prev']")
    follow("next")
    assert shown() == ["Zz d", "Zz e"]
    assert not logins.page.xpath("//a[@rel='next']")
    follow("prev")
    assert shown() == ["Zz a", "Zz b", "Zz c"]


def test_what_narrows_a_list_is_named_and_taken_off_alone(logins: Browser, town: Town) -> None:
    staff(town, "Yy Chip")
    logins.get("/admin/setup/logins/?q=Yy&language=sv&view=&nonsense=1")
    chips = {link.text_content().strip(): link.get("href") for link in logins.page.xpath("//*[@class='chips']//a")}
    assert {"“Yy”Remove", "Language: SwedishRemove", "Show all"} == set(chips)
    assert chips["“Yy”Remove"] == "/admin/setup/logins/?language=sv"
    assert chips["Language: SwedishRemove"] == "/admin/setup/logins/?q=Yy"
    assert chips["Show all"] == "/admin/setup/logins/"


def test_a_filter_that_cannot_be_read_says_so_and_narrows_nothing(logins: Browser) -> None:
    logins.get("/admin/setup/logins/?language=klingon")
    assert logins.error_at("language") == "Choose one of the list."
    assert logins.page.xpath("//tbody/tr")


@pytest.mark.parametrize("place", ["after=nobody", f"before={uuid.UUID(int=1)}", "sort=password_hash", "view=nowhere"])
def test_an_address_that_means_nothing_shows_the_first_page(logins: Browser, place: str) -> None:
    assert logins.get(f"/admin/setup/logins/?{place}").page.xpath("//tbody/tr")
