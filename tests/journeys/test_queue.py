"""The workbench in a real browser: an evening's pile by the keyboard alone, and without scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from database.connect import Role
from dues.invoicing.models import Claim
from tests.factories.staff import employ
from tests.factories.unmatched import FEE, Owing, came, owing

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.page import Journey
    from tests.portal.town import Town

pytestmark = pytest.mark.browser

EMAIL, PASSWORD = "keys@example.org", "only with the keyboard"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="module")
def clerk(joinable: Town) -> None:
    with joinable.database.unit_of_work(Role.JOBS) as session:
        employ(session, name="Keys", email=EMAIL, password=PASSWORD)


@pytest.fixture
def desk(clerk: None, travel: Callable[..., Journey]) -> Callable[..., Journey]:  # noqa: ARG001 -- who works there
    """Open a window of somebody who is logged in."""

    def begin(*, width: int = 1440, dark: bool = False, scripts: bool = True) -> Journey:
        journey = travel(width=width, dark=dark, scripts=scripts)
        journey.page.goto("/admin/login")
        journey.page.fill("#email", EMAIL)
        journey.page.fill("#password", PASSWORD)
        journey.page.click("button.main")
        return journey

    return begin


def left(town: Town, who: Owing) -> int:
    with town.database.opener(Role.JOBS)() as session:
        return session.get_one(Claim, who.claim).open_amount


def shown(journey: Journey) -> str:
    return journey.page.locator("#happens > p:visible").inner_text()


def test_a_pile_is_worked_off_with_keys(desk: Callable[..., Journey], joinable: Town) -> None:
    one, two, three = (owing(joinable) for _ in range(3))
    came(joinable, reference=one.reference[:-1], payer=one.name)
    came(joinable, message=f"{two.reference} {three.reference}", payer="Xenia")
    journey = desk()
    page = journey.page
    page.goto("/admin/queue/")
    assert page.locator("#case-name").inner_text().endswith(one.name)
    page.keyboard.press("j")
    page.wait_for_url(re.compile(r"/queue/\d+"))
    assert "Xenia" in page.locator("#case-name").inner_text()
    first = shown(journey)
    page.keyboard.press("2")
    assert shown(journey) != first
    page.keyboard.press("1")
    assert shown(journey) == first
    page.keyboard.press("k")
    page.wait_for_function("document.querySelector('#case-name').innerText.includes('Åsa')")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "booked" in page.locator(".note-line").first.inner_text()
    assert left(joinable, one) == 0
    with page.expect_navigation():
        page.keyboard.press("u")
    assert left(joinable, one) == FEE
    page.locator("#q").focus()
    page.keyboard.type("j2u")
    assert page.locator("#q").input_value() == "j2u"
    assert left(joinable, one) == FEE


def test_a_split_is_counted_while_one_writes(desk: Callable[..., Journey], joinable: Town) -> None:
    one, two = owing(joinable), owing(joinable)
    payment = came(joinable, 2 * FEE, message=f"{one.reference} {two.reference}")
    journey = desk()
    page = journey.page
    page.goto(f"/admin/queue/{payment}/split")
    page.fill("#amount-1", "400,00")
    assert page.locator("#rest").inner_text().replace("\N{NO-BREAK SPACE}", " ") == "100.00 SEK"
    assert page.locator("#book").is_disabled()
    page.fill("#amount-1", "500")
    page.locator("#book").click()
    page.wait_for_url(re.compile(r"/queue/"))
    assert (left(joinable, one), left(joinable, two)) == (0, 0)


def test_without_scripts_a_choice_is_shown_and_then_booked(desk: Callable[..., Journey], joinable: Town) -> None:
    one, two = owing(joinable), owing(joinable)
    payment = came(joinable, message=f"{one.reference} {two.reference}")
    page = desk(scripts=False).page
    page.goto(f"/admin/queue/{payment}")
    page.locator("input[name=choice]:not(:checked)").first.check()
    chosen = page.locator("input[name=choice]:checked").get_attribute("value")
    page.get_by_role("button", name="Show what happens").click()
    assert page.locator("input[name=choice]:checked").get_attribute("value") == chosen
    page.locator("#book").click()
    booked = one if chosen == f"claim-{one.claim}" else two
    assert left(joinable, booked) == 0


@pytest.mark.parametrize(("width", "dark"), [(320, False), (390, True), (1440, False), (1440, True)])
def test_it_fits_and_is_read_by_everybody(
    desk: Callable[..., Journey], joinable: Town, *, width: int, dark: bool
) -> None:
    who = owing(joinable)
    wrong = who.reference[:4] + "7" + who.reference[5:]
    payment = came(joinable, reference=wrong, payer=who.name)
    page = desk(width=width, dark=dark).page
    for path in (
        "queue/",
        f"queue/{payment}",
        f"queue/{payment}/split",
        f"queue/{payment}/find?find=kö",
        "bank-files/",
    ):
        page.goto(f"/admin/{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert Axe().run(page, options=RULES).response["violations"] == [], path
    page.goto(f"/admin/queue/{payment}")
    assert page.locator(".bench-pile").is_visible() is (width > 1000)


def test_files_are_sent_one_by_one_with_their_progress(desk: Callable[..., Journey]) -> None:
    page = desk().page
    page.goto("/admin/bank-files/")
    files = [{"name": f"{n}.xml", "mimeType": "text/xml", "buffer": b"<x/>" + b" " * n} for n in range(2)]
    page.set_input_files("#files", files)  # type: ignore[arg-type]  # dictionaries of this shape
    page.click("#upload button.main")
    page.wait_for_url(re.compile(r"new="))
    assert page.locator(".sent .badge").all_inner_texts() == ["Refused", "Refused"]
