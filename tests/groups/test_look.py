import re

from hypothesis import given
from hypothesis import strategies as st

from dues.groups.look import _STEP, DARK, LIGHT, Scheme, _rgb, _to_oklab, contrast, shades

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
DIGITS = "0123456789abcdef"
THREE_DIGITS = [f"#{r}{r}{g}{g}{b}{b}" for r in DIGITS for g in DIGITS for b in DIGITS]


def holds(colour: str, scheme: Scheme) -> None:
    found = shades(colour, scheme)
    assert contrast(found.on_fill, found.fill) >= 4.5
    assert contrast(found.tint, scheme.ink) >= 7
    for ground in (scheme.paper, scheme.canvas):
        assert contrast(found.edge, ground) >= 3
        assert contrast(found.text, ground) >= 4.5
    for value in (found.fill, found.on_fill, found.edge, found.text, found.tint):
        assert re.fullmatch(r"#[0-9a-f]{6}", value)


@given(colours, st.sampled_from([LIGHT, DARK]))
def test_every_colour_can_be_read_in_both_schemes(colour: str, scheme: Scheme) -> None:
    holds(colour, scheme)


def steps_moved(colour: str, fill: str) -> int:
    """By how many steps of lightness a fill was moved."""
    return round(abs(_to_oklab(_rgb(fill))[0] - _to_oklab(_rgb(colour))[0]) / _STEP)


def test_all_three_digit_colours_can_be_read_and_nearly_all_stay_what_they_are() -> None:
    moved = []
    for colour in THREE_DIGITS:
        for scheme in (LIGHT, DARK):
            holds(colour, scheme)
        fill = shades(colour, LIGHT).fill
        assert fill == shades(colour, DARK).fill
        moved.append(0 if fill == colour else steps_moved(colour, fill))
    assert len(moved) == 4096
    assert round(moved.count(0) / len(moved), 2) == 0.95
    assert max(moved) <= 3


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#ffffff", "#ffffff") == 1
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


def test_a_yellow_stays_on_buttons_and_is_darkened_for_links() -> None:
    found = shades("#f5c400", LIGHT)
    assert (found.fill, found.on_fill) == ("#f5c400", "#12171a")
    assert found.text not in {found.fill, "#000000"}
    assert shades("#f5c400", DARK).text == "#f5c400"
