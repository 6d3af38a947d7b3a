"""Mails wear the colours of the screens."""

from __future__ import annotations

import re
from typing import Final

import pytest

from dues.delivery.colours import dark, light
from dues.delivery.forms import form
from dues.groups.look import DARK, LIGHT
from tests.architecture.house import ROOT

MAILS: Final = sorted((ROOT / "templates/mail").glob("*.html"))


def test_the_colours_are_those_of_the_one_file_that_holds_them() -> None:
    assert light()["paper"] == "#ffffff"
    assert dark()["canvas"] == "#12171a"
    assert light().keys() == dark().keys()
    assert {"ink", "muted", "line", "act", "on-act", "good-tint", "warn", "info"} <= light().keys()


def test_a_groups_colours_are_derived_for_the_grounds_that_screens_have() -> None:
    for scheme, colours in ((LIGHT, light()), (DARK, dark())):
        assert (scheme.paper, scheme.canvas, scheme.ink) == (colours["paper"], colours["canvas"], colours["ink"])


def test_no_mail_brings_a_colour_of_its_own() -> None:
    assert len(MAILS) > 8
    for path in MAILS:
        assert not re.search(r"#[0-9a-f]{3,8}\b|\brgba?\(", path.read_text("utf-8")), path.name


@pytest.mark.parametrize(
    ("name", "shape", "tone", "word"),
    [
        ("invoice", frozenset[str](), "info", "Open"),
        ("invoice", frozenset({"paid"}), "good", "Paid"),
        ("reminder", frozenset[str](), "warn", "Overdue"),
        ("receipt", frozenset({"rest"}), "info", "Part-paid"),
        ("receipt", frozenset[str](), "good", "Paid"),
        ("credit_note", frozenset[str](), "", "Credited"),
    ],
)
def test_a_mail_about_money_shows_the_state_as_the_page_does(
    name: str, shape: frozenset[str], tone: str, word: str
) -> None:
    html = "".join(form(name, "en", shape).html)
    assert re.search(rf'class="tone {tone}"><span aria-hidden="true">\S</span> {word}</span>', html)
    assert "tone" not in "".join(form("neutral", "en").html).split("</style>")[1]
