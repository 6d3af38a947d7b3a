"""Joining in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from database.connect import Role
from dues.groups.look import contrast
from dues.groups.models import Group
from dues.members.models import Membership, Person

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.page import Journey
    from tests.portal.town import Town

pytestmark = pytest.mark.browser


def joined(town: Town, family_name: str) -> int:
    wanted = select(Membership).join(Person, Person.id == Membership.person_id)
    with town.database.opener(Role.JOBS)() as session:
        return len(session.scalars(wanted.where(Person.family_name == family_name)).all())


def corrected(journey: Journey, family_name: str) -> Journey:
    """Write what a parent writes for a child, the second time."""
    journey.choose("Somebody else")
    return journey.fill(
        birth="27 3 2015",
        street="Ekvägen 1",
        postcode="75320",
        city="Uppsala",
        payer_given_name="Marit",
        payer_family_name=family_name,
        payer_email="marit@example.org",
    )


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_a_parent_joins_a_child_after_correcting_the_form(
    travel: Callable[..., Journey], joinable: Town, width: int
) -> None:
    name = f"Berg{'abcdefgh'[width % 8]}{width}"
    journey = travel(width=width).go(f"/join/{joinable.slug}")
    journey.choose("Member").fill(given_name="Sigrid", family_name=name, birth="31 2 2015")
    journey.choose("I agree that").press()
    expect(journey.page).to_have_title(re.compile("^Error: Join Norr"))
    assert journey.focused == "summary"
    journey.page.locator("#summary a").first.click()
    assert journey.focused == "birth"
    corrected(journey, name)
    expect(journey.page.locator("#birth-understood")).to_have_text("27 March 2015")
    expect(journey.page.locator(".total:visible .money")).to_have_text("SEK\N{NO-BREAK SPACE}350.00")
    journey.look().press()
    assert journey.heading == "Thank you for joining Norr"
    assert "marit@example.org" in journey.page.locator("main").inner_text()
    assert joined(joinable, name) == 1
    assert "@" not in journey.page.url


def test_without_scripts_one_press_is_enough(travel: Callable[..., Journey], joinable: Town) -> None:
    journey = travel(scripts=False).go(f"/join/{joinable.slug}")
    journey.choose("Member").fill(given_name="Sigrid", family_name="Dal").choose("I agree that")
    corrected(journey, "Dal").press()
    assert journey.heading == "Thank you for joining Norr"
    assert joined(joinable, "Dal") == 1


def test_a_double_click_and_the_way_back_join_once(travel: Callable[..., Journey], joinable: Town) -> None:
    journey = travel().go(f"/join/{joinable.slug}")
    journey.choose("Member").fill(given_name="Sigrid", family_name="Ed").choose("I agree that")
    corrected(journey, "Ed")
    expect(journey.page.locator("#birth-understood")).to_have_text("27 March 2015")
    journey.page.locator("button.main").dblclick()
    expect(journey.page.locator("h1")).to_have_text("Thank you for joining Norr")
    assert joined(joinable, "Ed") == 1
    # The way back leads to the form as it was filled in, and pressing again joins nobody twice.
    journey.page.go_back()
    assert journey.page.locator("#family_name").input_value() == "Ed"
    expect(journey.page.locator("#birth-understood")).to_have_text("27 March 2015")
    journey.press()
    assert journey.heading == "Thank you for joining Norr"
    assert joined(joinable, "Ed") == 1


def test_the_keyboard_is_enough(travel: Callable[..., Journey], joinable: Town) -> None:
    journey = travel(width=1440).go(f"/join/{joinable.slug}")
    keys = journey.page.keyboard

    def to(target: str) -> None:
        for _ in range(30):
            if journey.focused == target:
                return
            keys.press("Tab")
        pytest.fail(f"{target} cannot be reached, the focus is on {journey.focused}")

    def write(box: str, text: str) -> None:
        to(box)
        keys.type(text)

    keys.press("Tab")
    assert journey.page.evaluate("document.activeElement.className") == "skip"
    to(f"kind-{joinable.member_type}")
    keys.press("Space")
    for box, text in (
        ("given_name", "Alva"),
        ("family_name", "Fors"),
        ("birth", "17 5 1980"),
        ("street", "Ekvägen 1"),
        ("postcode", "75320"),
        ("city", "Uppsala"),
        ("email", "alva.fors@example.org"),
    ):
        write(box, text)
    to("consent")
    keys.press("Space")
    expect(journey.page.locator("#birth-understood")).to_have_text("17 May 1980")
    for _ in range(3):
        keys.press("Tab")
        if journey.page.evaluate("document.activeElement.matches('button.main')"):
            break
    with journey.page.expect_navigation():
        keys.press("Enter")
    assert journey.heading == "Thank you for joining Norr"


@pytest.mark.parametrize(
    ("colour", "dark"), [("#f5c400", False), ("#f5c400", True), ("#000000", True), ("#e30613", False)]
)
def test_every_groups_colour_can_be_read_as_the_browser_draws_it(
    travel: Callable[..., Journey], joinable: Town, colour: str, *, dark: bool
) -> None:
    with joinable.database.unit_of_work(Role.JOBS) as session:
        session.execute(update(Group).where(Group.slug == joinable.other).values(colour=colour))
    journey = travel(width=320, language="de", dark=dark).go(f"/join/{joinable.other}").press()
    for what in (".band-home", "footer a", "button.main", "h1", ".lead", ".hint", "#summary a", ".error"):
        ink, ground = journey.page.locator(what).first.evaluate(_INK_AND_GROUND)
        assert _contrast(ink, ground) >= 4.5, (what, ink, ground)


_INK_AND_GROUND = """(one) => {
  const ink = getComputedStyle(one).color;
  let ground = "rgba(0, 0, 0, 0)";
  for (let box = one; box && ground === "rgba(0, 0, 0, 0)"; box = box.parentElement) {
    ground = getComputedStyle(box).backgroundColor;
  }
  return [ink, ground];
}"""


def _contrast(ink: str, ground: str) -> float:
    def plain(colour: str) -> str:
        return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])

    return contrast(plain(ink), plain(ground))


@pytest.mark.parametrize("width", [320, 1440])
def test_the_front_door_and_the_stop_pages_fit(travel: Callable[..., Journey], width: int) -> None:
    journey = travel(width=width, language="nl", dark=True)
    for path in ("/", "/?q=nothing-is-called-so-however-long-one-types-it-here", "/i/" + "x" * 43):
        journey.go(path)
    journey.go("/no/such/page")
    # Only that the page itself is not there may be said.
    assert len(journey.complaints) == 1
    journey.complaints.clear()
