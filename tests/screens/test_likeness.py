"""The eye that compares pictures is not blind: what is moved, removed or coloured anew is seen, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.screens.eye import barriers_of_colour
from tests.screens.likeness import ACCEPTED, difference, means, photograph
from tests.screens.looking import LOOKS
from tests.screens.screens import SCREENS
from tests.screens.test_mails import MAILS
from tests.screens.visits import VISITS
from tests.screens.window import SCHEMES

if TYPE_CHECKING:
    from tests.screens.window import Scheme, Window

pytestmark = pytest.mark.browser

CHANGES: Final = {
    "a badge is gone": "one('.badge').style.visibility = 'hidden'",
    "a badge has another colour": "one('.badge').className = 'badge tone-good'",
    "a place is gone from the side": "one('.side a').remove()",
    "a card has moved": "one('.card-box').style.transform = 'translateX(10px)'",
    "a sentence has grown by two words": "one('h1 + p').append(' And more.')",
    "figures stand on the left": "[...document.querySelectorAll('td')].map((cell) => cell.style.textAlign = 'left')",
    "the page is longer": "document.body.append(document.createElement('hr'))",
}
"""What may happen to a page, as scripts that let it happen."""


@pytest.mark.parametrize("change", list(CHANGES))
def test_what_changes_is_seen(windows: dict[bool, Window], change: str) -> None:
    page = windows[True].begin(width=1440).page
    page.goto("/admin/")
    before = means(photograph(page))
    assert difference(before, means(photograph(page))) is None
    page.evaluate(
        f"() => {{ const one = (what) => document.querySelector('main ' + what) "
        f"?? document.querySelector(what); {CHANGES[change]} }}"
    )
    assert difference(before, means(photograph(page))) is not None


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("place", ["early", "late"])
def test_pale_words_are_read_wherever_they_stand_among_others(
    windows: dict[bool, Window], place: str, scheme: Scheme
) -> None:
    page = windows[True].begin(width=1440, scheme=scheme).page
    page.goto("/admin/persons/")
    assert barriers_of_colour(page) == []
    page.evaluate(
        """([at, colour]) => {
            const cells = [...document.querySelectorAll("tbody td")].filter((one) => one.innerText.trim());
            const one = cells.at(at);
            for (const part of [one, ...one.querySelectorAll("*")]) part.style.color = colour;
        }""",
        [{"early": 7, "late": -7}[place], {"light": "#888", "dark": "#555"}[scheme]],
    )
    assert len(barriers_of_colour(page)) == 1


def test_every_picture_is_of_a_screen_and_all_are_small() -> None:
    names = {screen.name for screen in SCREENS} | {f"public-{visit}" for visit in VISITS}
    kept = {path.stem: path.stat().st_size for path in ACCEPTED.glob("*.png")}
    mails = {f"mail-{name}-{scheme}" for name in MAILS for scheme in SCHEMES}
    assert set(kept) == mails | {f"{name}-{look}" for name in names for look in LOOKS}
    assert sum(kept.values()) < 3_000_000
