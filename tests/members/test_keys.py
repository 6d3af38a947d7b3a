"""Search keys: what two spellings of one name have in common."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dues.folding import folded
from dues.members.keys import email_key, name_key


def test_a_name_is_looked_up_by_its_family_first() -> None:
    assert name_key("Åsa  Karin", " Öberg") == "öberg åsa karin"
    assert name_key("", "Örebro Kör AB") == "örebro kör ab"


def test_one_letter_in_two_encodings_is_one_letter() -> None:
    assert folded("A\u030asa") == folded("Åsa")


@pytest.mark.parametrize("written", ["Kim.Ek@Example.org", " kim.ek@example.org\n", "KIM.EK@EXAMPLE.ORG"])
def test_case_and_blanks_around_an_address_do_not_matter(written: str) -> None:
    assert email_key(written) == "kim.ek@example.org"


@given(st.text(alphabet="aÅåßİ \u00a0\tÉe\u0301-'Z"), st.text(alphabet="aÅåßİ \u00a0\tÉe-'Z"))
def test_folded_parts_joined_are_the_folded_whole(one: str, other: str) -> None:
    assert folded(f"{one} {other}") == f"{folded(one)} {folded(other)}".strip()
