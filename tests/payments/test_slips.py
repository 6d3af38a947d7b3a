"""Slips of the pen: the reference that was meant is among the neighbours of what was given."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from stdnum import iso11649, luhn

from dues.payments.free_text import numbers_in, references_in
from dues.payments.names import beginnings, name_keys, plain_keys
from dues.payments.slips import Slip, fits, neighbours

LUHN = st.integers(10**4, 10**16).map(lambda number: f"{number}{luhn.calc_check_digit(str(number))}")
RF = st.integers(1, 10**12 - 1).map(lambda n: f"RF{98 - (n * 10**6 + 271500) % 97:02}{n}")
VALID = st.one_of(LUHN, RF)


def places(reference: str) -> list[int]:
    return [at for at, character in enumerate(reference) if character in string.digits]


@given(meant=VALID, data=st.data())
def test_one_wrong_digit_is_found_and_its_place_is_known(meant: str, data: st.DataObject) -> None:
    at = data.draw(st.sampled_from(places(meant)))
    digit = data.draw(st.sampled_from([one for one in string.digits if one != meant[at]]))
    written = meant[:at] + digit + meant[at + 1 :]
    assert not fits(written)
    found = neighbours(written)[meant]
    assert (found.slip, found.position) == (Slip.WRONG_DIGIT, at)


@given(meant=VALID, data=st.data())
def test_a_digit_too_few_or_too_many_is_found(meant: str, data: st.DataObject) -> None:
    at = data.draw(st.sampled_from(places(meant)[1:] or places(meant)))
    assume(len(meant) > 5)
    assert meant in neighbours(meant[:at] + meant[at + 1 :]) or meant[:at] + meant[at + 1 :] == meant
    digit = data.draw(st.sampled_from(string.digits))
    longer = meant[:at] + digit + meant[at:]
    assume(len(longer) <= 25)
    assert meant in neighbours(longer)


@given(meant=VALID, data=st.data())
def test_two_swapped_digits_are_found(meant: str, data: st.DataObject) -> None:
    at = data.draw(st.sampled_from(places(meant)[:-1]))
    written = meant[:at] + meant[at + 1] + meant[at] + meant[at + 2 :]
    assume(written != meant)
    assert meant in neighbours(written)


@given(written=st.text(string.digits + "RF", min_size=1, max_size=30))
def test_every_neighbour_has_right_check_digits_and_is_not_what_was_given(written: str) -> None:
    for value, found in neighbours(written).items():
        assert value == found.value != written
        assert iso11649.is_valid(value) if value.startswith("RF") else luhn.is_valid(value)


def test_the_likelier_slip_is_named() -> None:
    assert neighbours("10000000123")["100000000123"].slip is Slip.MISSING_ZERO
    assert neighbours("18539007547034")["RF18539007547034"].slip is Slip.NO_PREFIX


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("medlemsavgift 1000 0000 0123", ["100000000123", "1000", "0000", "0123"]),
        ("ref RF18 5390 0754 7034 tack", ["RF18539007547034"]),
        ("4711-12", ["471112", "4711"]),
        ("tack!", []),
    ],
)
def test_references_are_read_from_free_text(text: str, references: list[str]) -> None:
    assert references_in(text)[: len(references)] == references


def test_invoice_numbers_are_read_from_free_text() -> None:
    assert numbers_in("Faktnr: 63600") == [63600]
    assert numbers_in("144997+145354 och 12/13") == [144997, 145354, 12, 13]
    assert numbers_in("0") == []


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    assert len(references_in(text)) <= 40
    assert all(number > 0 for number in numbers_in(text))
    assert len(name_keys(text)) <= 8
    assert set(beginnings(text)) <= {*name_keys(text), *plain_keys(text)}


@pytest.mark.parametrize(
    "written",
    ["ANDERS JOHANSSON", "Johansson, Anders", "Johansson Anders", "JOHANSSON  ANDERS", "Anders Erik Johansson"],
)
def test_a_name_is_recognised_as_banks_write_it(written: str) -> None:
    assert "johansson anders" in name_keys(written)


def test_an_initial_is_the_beginning_of_a_name() -> None:
    assert any("bakker jan".startswith(key) for key in beginnings("Bakker J"))
    assert beginnings("Bakker") == []


def test_the_search_key_folds_as_searches_do(session: Session) -> None:
    key = session.scalar(select(func.case_search_key("ÅSA  O\u0308BERG", "RF18", None, "Avgift\nÄrende")))
    assert key == "åsa öberg rf18 avgift ärende asa oberg rf18 avgift arende aasa oeberg rf18 avgift aerende"
    assert session.scalar(select(func.case_search_key("BO  EK", None, None, ""))) == "bo ek"
