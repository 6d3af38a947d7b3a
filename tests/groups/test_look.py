import re

from hypothesis import given
from hypothesis import strategies as st

from dues.groups.look import DARK, LIGHT, Scheme, contrast, shades

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
three_digits = [f"#{r}{r}{g}{g}{b}{b}" for r in "0123456789abcdef" for g in "048cf" for b in "027adf"]


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


def test_nearly_all_colours_stay_what_they_are() -> None:
    for colour in ("#f5c400", "#000000", "#ffffff", "#e30613", "#777777", "#00ff00", "#ff00ff"):
        holds(colour, LIGHT)
        holds(colour, DARK)
    kept = sum(shades(colour, LIGHT).fill == colour for colour in three_digits)
    assert kept / len(three_digits) > 0.93


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#ffffff", "#ffffff") == 1
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


def test_a_yellow_stays_on_buttons_and_is_darkened_for_links() -> None:
    found = shades("#f5c400", LIGHT)
    assert (found.fill, found.on_fill) == ("#f5c400", "#12171a")
    assert found.text not in {found.fill, "#000000"}
    assert shades("#f5c400", DARK).text == "#f5c400"
