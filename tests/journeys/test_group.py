"""An evening of whoever looks after a group, on a phone: what needs them, a new member, and the list to take along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from database.connect import Role
from dues.groups.models import Group
from tests.admin.group.work import two
from tests.factories.staff import employ

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.page import Journey
    from tests.portal.town import Town

pytestmark = pytest.mark.browser

EMAIL, PASSWORD = "evening@example.org", "one evening a month"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="module")
def town(joinable: Town) -> Town:
    two(joinable)
    with joinable.database.unit_of_work(Role.JOBS) as session:
        group = session.scalars(select(Group.id).where(Group.slug == joinable.slug)).one()
        employ(session, name="Evening", email=EMAIL, password=PASSWORD, roles=["group-administrator"], group=group)
    return joinable


def seen(journey: Journey, *, scripts: bool) -> None:
    """Let axe look, which is a script itself."""
    if not scripts:
        return
    found = Axe().run(journey.page, options=RULES).response["violations"]
    assert found == [], [one["id"] for one in found]


def place(journey: Journey, words: str) -> None:
    """Press one of the five places at the foot."""
    with journey.page.expect_navigation():
        journey.page.get_by_role("navigation", name="Places").get_by_role("link", name=words).click()
    journey.look()


@pytest.mark.parametrize("scripts", [True, False])
def test_an_evening_on_a_phone(travel: Callable[..., Journey], town: Town, *, scripts: bool) -> None:
    journey = travel(width=390, scripts=scripts)
    journey.page.goto("/admin/login")
    journey.fill(email=EMAIL, password=PASSWORD)
    journey.page.click("button.main")
    assert journey.page.url.endswith(f"/group/{town.slug}/")
    journey.look()
    seen(journey, scripts=scripts)
    foot = journey.page.locator(".places-bar").bounding_box()
    assert foot is not None
    assert foot["y"] + foot["height"] == 844
    place(journey, "Members")
    journey.page.get_by_role("link", name="Add a member").click()
    journey.choose("Member")
    family = "Med" if scripts else "Utan"
    journey.fill(given_name="Bo", family_name=family, birth="17 5 1980", email=f"bo.{family}@example.org")
    journey.fill(street="Ekvägen 1", postcode="75320", city="Uppsala")
    journey.press()
    assert "An invoice of 500.00" in journey.page.locator(".what-happens").inner_text().replace("\xa0", " ")
    seen(journey, scripts=scripts)
    journey.press()
    assert f"Bo {family} is a member." in journey.page.get_by_role("status").first.inner_text()
    assert journey.heading == f"Bo {family}"
    journey.look()
    seen(journey, scripts=scripts)
    place(journey, "Invoices")
    seen(journey, scripts=scripts)
