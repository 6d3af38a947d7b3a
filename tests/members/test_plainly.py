"""Names without their accents: the program and the database write them alike."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from dues.folding import folded, plainly

NAMES = ("Müller Åsa", "Østergård Bjørn", "Weiß Jürgen", "Þórsdóttir Æsa", "Łukasz Đorđe", "Nuñez José", "Berg Anna")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_written_plainly_as_the_database_does(session: Session, name: str) -> None:
    key = folded(name)
    asked = text("SELECT without_accents(:key, false), without_accents(:key, true)")
    assert plainly(key) == tuple(dict.fromkeys(session.execute(asked, {"key": key}).one()))


def test_accents_are_left_out_or_written_out() -> None:
    assert plainly("müller åsa") == ("muller asa", "mueller aasa")
    assert plainly("berg anna") == ("berg anna",)
