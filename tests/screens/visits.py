"""The public screens that one comes to by doing something: filling in, joining, giving a code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.screens.public_scene import PublicScene

    Visit = Callable[[Page, PublicScene], None]


def _goes(path: str) -> Visit:
    def visit(page: Page, _scene: PublicScene) -> None:
        page.goto(path)

    return visit


def _form(page: Page, scene: PublicScene) -> None:
    page.goto(f"/join/{scene.town.slug}")


def _join_privacy(page: Page, scene: PublicScene) -> None:
    page.goto(f"/join/{scene.town.slug}/privacy")


def press(page: Page, what: str = "button.main") -> None:
    """Press a button that loads a page."""
    with page.expect_navigation():
        page.locator(what).first.click()


def _errors(page: Page, scene: PublicScene) -> None:
    _form(page, scene)
    press(page)


def person(page: Page, scene: PublicScene, place: int, name: str, birth: str) -> None:
    """Write the boxes of one person, with a family name that is as long as some are."""
    prefix = "" if place == 1 else f"p{place}-"
    page.locator(f"#{prefix}kind-{scene.town.member_type}").check()
    page.fill(f"#{prefix}given_name", name)
    page.fill(f"#{prefix}family_name", "Lindqvist-Svenningsen")
    page.fill(f"#{prefix}birth", birth)


def shared(page: Page, scene: PublicScene) -> None:
    """Write what a household shares."""
    codes = {"SE": "753 20", "NO": "0154", "NL": "1012 AB", "DE": "10115"}
    page.fill("#street", "Ekvägen 1")
    page.fill("#postcode", codes[page.locator("#country").input_value()])
    page.fill("#city", "Uppsala")
    page.fill("#email", f"marit.{scene.town.slug}@example.org")
    page.check("#consent")


def another(page: Page) -> None:
    """Ask for one person more, and wait for the boxes."""
    count = page.locator("input[name$=birth]").count()
    page.click("#more")
    page.locator("input[name$=birth]").nth(count).wait_for()


def _priced(page: Page, scene: PublicScene) -> None:
    _form(page, scene)
    person(page, scene, 1, "Sigrid", "27 3 2015")
    page.locator("#birth-understood:not(:empty)").wait_for()
    page.locator(".total").wait_for()


def household(page: Page, scene: PublicScene) -> None:
    """Write a parent and two children."""
    _form(page, scene)
    person(page, scene, 1, "Marit", "17 5 1980")
    for place, (name, birth) in enumerate((("Sigrid", "27 3 2015"), ("Ole", "3 2 2017")), start=2):
        another(page)
        person(page, scene, place, name, birth)
    page.locator("#p3-birth-understood:not(:empty)").wait_for()


def _household_errors(page: Page, scene: PublicScene) -> None:
    household(page, scene)
    page.fill("#p3-birth", "31 2 2017")
    press(page)


def _thanks(page: Page, scene: PublicScene) -> None:
    _form(page, scene)
    person(page, scene, 1, "Marit", "17 5 1980")
    shared(page, scene)
    page.locator("#birth-understood:not(:empty)").wait_for()
    press(page)


def _household_thanks(page: Page, scene: PublicScene) -> None:
    household(page, scene)
    shared(page, scene)
    press(page)


def _typed(page: Page, _scene: PublicScene) -> None:
    page.goto("/")
    page.locator("#q").press_sequentially("no")
    page.locator("#found-says:not(:empty)").wait_for(state="attached")


def _locked(page: Page, scene: PublicScene) -> None:
    page.goto(f"/i/{scene.links['open']}")


def _asked(page: Page, scene: PublicScene) -> None:
    _locked(page, scene)
    press(page)


def _wrong_code(page: Page, scene: PublicScene) -> None:
    _asked(page, scene)
    page.fill("#code", "12 34")
    press(page)


def _opens(what: str) -> Visit:
    def visit(page: Page, scene: PublicScene) -> None:
        token = scene.links[what]
        page.goto(f"/i/{token}")
        press(page)
        page.fill("#code", scene.code(token))
        press(page)

    return visit


def _not_valid(page: Page, _scene: PublicScene) -> None:
    page.goto("/i/" + "x" * 43)
    press(page)


VISITS: Final[dict[str, Visit]] = {
    "home": _goes("/"),
    "home-typed": _typed,
    "home-nothing-found": _goes("/?q=wherever"),
    "privacy": _goes("/privacy"),
    "join": _form,
    "join-privacy": _join_privacy,
    "join-errors": _errors,
    "join-priced": _priced,
    "join-household": household,
    "join-household-errors": _household_errors,
    "thanks": _thanks,
    "thanks-household": _household_thanks,
    "link-locked": _locked,
    "link-asked": _asked,
    "link-wrong-code": _wrong_code,
    "link-open": _opens("open"),
    "link-part": _opens("part"),
    "link-instalments": _opens("parts"),
    "link-inviting": _opens("inviting"),
    "link-late": _opens("late"),
    "link-paid": _opens("paid"),
    "link-credited": _opens("credited"),
    "link-note": _opens("note"),
    "link-not-valid": _not_valid,
    "not-there": _goes("/nowhere"),
}
