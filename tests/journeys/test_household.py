"""A household joins in a real browser, with and without scripts; what was written waits for whoever comes back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from database.connect import Role
from dues.members.models import Membership, Person
from tests.journeys.page import Journey

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Route

    from tests.portal.town import Town

pytestmark = pytest.mark.browser


def joined(town: Town, family_name: str) -> list[str]:
    """The given names of those of a family who are members."""
    wanted = select(Person.given_name).join(Membership, Membership.person_id == Person.id)
    with town.database.opener(Role.JOBS)() as session:
        return list(session.scalars(wanted.where(Person.family_name == family_name).order_by(Membership.id)))


def person(journey: Journey, town: Town, place: int, name: str, birth: str) -> None:
    prefix = "" if place == 1 else f"p{place}-"
    journey.page.locator(f"#{prefix}kind-{town.member_type}").check()
    journey.fill(**{f"{prefix}given_name": name, f"{prefix}birth": birth})


def family(journey: Journey, town: Town, name: str, another: Callable[[int], None]) -> None:
    """Write a parent, two children and their home; ``another`` asks for the boxes of the next one."""
    person(journey, town, 1, "Marit", "17 5 1980")
    journey.fill(family_name=name)
    for place, (given, birth) in enumerate((("Sigrid", "27 3 2015"), ("Ole", "3 2 2017")), start=2):
        another(place)
        person(journey, town, place, given, birth)
    journey.fill(street="Ekvägen 1", postcode="75320", city="Uppsala", email=f"{name.lower()}@example.org")
    journey.choose("I agree that")


def swiftly(journey: Journey) -> Callable[[int], None]:
    """Ask for another person where a script draws the boxes."""

    def another(place: int) -> None:
        journey.page.locator("#more").click()
        expect(journey.page.locator(f"#person-{place}")).to_be_focused()

    return another


def slowly(journey: Journey) -> Callable[[int], None]:
    """Ask for another person by a page."""

    def another(place: int) -> None:
        with journey.page.expect_navigation():
            journey.page.locator("#more").click()
        expect(journey.page.locator(f"#person-{place}")).to_be_focused()
        journey.look()

    return another


@pytest.mark.parametrize("width", [320, 390])
def test_a_family_joins_on_a_phone(travel: Callable[..., Journey], joinable: Town, width: int) -> None:
    name = f"Ask{'abcd'[width % 4]}"
    journey = travel(width=width).go(f"/join/{joinable.slug}")
    family(journey, joinable, name, swiftly(journey))
    total = journey.page.locator(".total .money")
    expect(total).to_have_text("SEK\N{NO-BREAK SPACE}1,200.00")
    # Children cannot be chosen to pay.
    choices = journey.page.locator("[name=pays]")
    assert [choice.input_value() for choice in choices.all() if choice.is_visible()] == ["member", "other"]
    expect(journey.page.locator("#person-3")).to_contain_text("Ole")
    journey.look().press()
    assert journey.heading == "Thank you for joining Norr"
    assert joined(joinable, name) == ["Marit", "Sigrid", "Ole"]
    assert "@" not in journey.page.url
    # Who has joined leaves nothing behind.
    assert journey.page.evaluate("Object.keys(localStorage)") == []


def test_a_family_joins_without_scripts(travel: Callable[..., Journey], joinable: Town) -> None:
    journey = travel(scripts=False).go(f"/join/{joinable.slug}")
    family(journey, joinable, "Bok", slowly(journey))
    journey.press()
    assert journey.heading == "Thank you for joining Norr"
    assert joined(joinable, "Bok") == ["Marit", "Sigrid", "Ole"]


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_somebody_is_taken_off_again(travel: Callable[..., Journey], joinable: Town, *, scripts: bool) -> None:
    journey = travel(scripts=scripts).go(f"/join/{joinable.slug}")
    family(journey, joinable, "Cembra", swiftly(journey) if scripts else slowly(journey))
    journey.page.locator("button[value=remove-2]").click()
    expect(journey.page.locator("button[value=remove-3]")).to_have_count(0)
    expect(journey.page.locator("#p2-given_name")).to_have_value("Ole")
    journey.look().press()
    assert joined(joinable, "Cembra") == ["Marit", "Ole"]


def test_enter_in_a_box_sends_the_form_and_takes_nobody_off(travel: Callable[..., Journey], joinable: Town) -> None:
    journey = travel().go(f"/join/{joinable.slug}")
    family(journey, joinable, "Damm", swiftly(journey))
    with journey.page.expect_navigation():
        journey.page.locator("#p2-given_name").press("Enter")
    assert journey.heading == "Thank you for joining Norr"
    assert len(joined(joinable, "Damm")) == 3


def keeps(journey: Journey) -> None:
    """Wait until the browser keeps a draft."""
    for _ in range(100):
        if journey.page.evaluate("Object.keys(localStorage).length"):
            return
        journey.page.wait_for_timeout(50)
    pytest.fail("nothing was kept")


def restored(journey: Journey) -> None:
    """Hold a form to what a family wrote."""
    expect(journey.page.locator("#p3-given_name")).to_have_value("Ole")
    expect(journey.page.locator("#given_name")).to_have_value("Marit")
    expect(journey.page.locator("#city")).to_have_value("Uppsala")
    expect(journey.page.locator("#p2-birth-understood")).to_have_text("27 March 2015")
    expect(journey.page.locator(".total .money")).to_have_text("SEK\N{NO-BREAK SPACE}1,200.00")
    # Consent is given anew.
    expect(journey.page.locator("#consent")).not_to_be_checked()


def test_what_was_written_survives_a_reload_a_closed_tab_and_another_language(
    travel: Callable[..., Journey], joinable: Town
) -> None:
    journey = travel().go(f"/join/{joinable.slug}")
    family(journey, joinable, "En", swiftly(journey))
    journey.page.reload()
    restored(journey)
    context = journey.page.context
    journey.page.close()
    again = Journey(context.new_page()).go(f"/join/{joinable.slug}")
    restored(again)
    again.page.locator("footer a[hreflang=sv]").click()
    expect(again.page.locator("h1")).to_have_text("Bli medlem i Norr")
    expect(again.page.locator("#p3-given_name")).to_have_value("Ole")
    assert again.complaints == []
    assert joined(joinable, "En") == []


def test_what_is_typed_while_the_form_is_drawn_anew_stays(travel: Callable[..., Journey], joinable: Town) -> None:
    journey = travel().go(f"/join/{joinable.slug}")
    waiting: list[Route] = []
    journey.page.route("**/people", lambda route: waiting.append(route))  # noqa: PLW0108 -- Playwright looks into what it calls
    journey.page.locator("#more").click()
    journey.fill(street="Ekvägen 1")
    journey.page.locator(f"#kind-{joinable.member_type}").check()
    while not waiting:
        journey.page.wait_for_timeout(20)
    waiting[0].continue_()
    expect(journey.page.locator("#person-2")).to_be_focused()
    expect(journey.page.locator("#street")).to_have_value("Ekvägen 1")
    expect(journey.page.locator(f"#kind-{joinable.member_type}")).to_be_checked()


def test_another_groups_form_stays_empty_and_so_does_an_emptied_one(
    travel: Callable[..., Journey], joinable: Town
) -> None:
    journey = travel().go(f"/join/{joinable.slug}")
    family(journey, joinable, "Flade", swiftly(journey))
    keeps(journey)
    journey.go(f"/join/{joinable.other}")
    expect(journey.page.locator("#given_name")).to_have_value("")
    journey.go(f"/join/{joinable.slug}")
    restored(journey)
    journey.page.locator("#empty").click()
    expect(journey.page.locator("#person-2")).to_have_count(0)
    expect(journey.page.locator("#given_name")).to_have_value("")
    assert journey.page.evaluate("Object.keys(localStorage)") == []


def test_after_a_day_nothing_is_kept(travel: Callable[..., Journey], joinable: Town) -> None:
    journey = travel().go(f"/join/{joinable.slug}").fill(given_name="Marit")
    keeps(journey)
    kept = journey.page.evaluate("JSON.parse(Object.values(localStorage)[0])")
    days = (kept["until"] - journey.page.evaluate("Date.now()")) / (24 * 60 * 60 * 1000)
    assert 0.9 < days <= 1
    assert not [name for name, _ in kept["fields"] if re.search("csrf|consent|seen", name)]
    journey.page.evaluate("localStorage[Object.keys(localStorage)[0]] = JSON.stringify({until: 1, fields: []})")
    journey.go(f"/join/{joinable.other}")
    assert journey.page.evaluate("Object.keys(localStorage)") == []


def test_one_finds_ones_group_while_typing(travel: Callable[..., Journey], joinable: Town) -> None:
    assert joinable.slug
    journey = travel().go("/")
    names = journey.page.locator(".list-name")
    expect(names).to_have_text(["Norr", "Syd"])
    foot = journey.page.locator("footer").bounding_box()
    journey.page.locator("#q").press_sequentially("NO")
    expect(names).to_have_text(["Norr"])
    expect(journey.page.locator("#found-says")).to_have_text("1 group")
    assert journey.page.locator("footer").bounding_box() == foot
    assert journey.focused == "q"
    journey.page.locator("#q").press_sequentially("xx")
    expect(journey.page.locator("#found-says")).to_contain_text("No group is called “NOxx”")
    journey.look()
    # The address holds the search: loading it again finds the same.
    journey.page.reload()
    expect(journey.page.locator(".empty")).to_contain_text("No group is called “NOxx”")
    journey.page.locator("#q").fill("")
    expect(names).to_have_text(["Norr", "Syd"])


def test_one_finds_ones_group_without_scripts(travel: Callable[..., Journey], joinable: Town) -> None:
    assert joinable.slug
    journey = travel(scripts=False).go("/")
    journey.page.locator("#q").fill("sy")
    with journey.page.expect_navigation():
        journey.page.get_by_role("button", name="Search").click()
    expect(journey.page.locator(".list-name")).to_have_text(["Syd"])
    with journey.page.expect_navigation():
        journey.page.get_by_role("link", name="Syd").click()
    assert journey.heading == "Join Syd"


def test_light_or_dark_is_the_readers_choice(travel: Callable[..., Journey], joinable: Town) -> None:
    journey = travel(scripts=False).go(f"/join/{joinable.slug}")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = journey.page.evaluate(ground)
    journey.page.get_by_role("link", name="Dark").click()
    assert journey.page.evaluate(ground) != light
    assert journey.page.url.endswith(f"/join/{joinable.slug}")
    journey.go("/")
    journey.page.get_by_role("link", name="As the device").click()
    assert journey.page.evaluate(ground) == light
