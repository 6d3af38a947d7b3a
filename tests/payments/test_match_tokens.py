"""What is looked up of what a payer wrote."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dues.payments.match_models import Rule
from dues.payments.match_tokens import Sort, Written, tokens_of
from dues.payments.slips import Slip, fits, neighbours, one_digit_wrong, with_other_zeros

DIGITS = st.text("0123456789", min_size=4, max_size=25)
RF = st.text("0123456789", min_size=4, max_size=20).map(lambda digits: f"RF{digits}")


@settings(max_examples=40)
@given(DIGITS | RF)
def test_one_wrong_digit_is_found_as_quickly_as_rightly(given_: str) -> None:
    slow = {near.value for near in neighbours(given_).values() if near.slip is Slip.WRONG_DIGIT}
    found = one_digit_wrong(given_)
    assert set(found) == (set() if fits(given_) else slow)
    for value, at in found.items():
        assert fits(value)
        assert [place for place in range(len(value)) if value[place] != given_[place]] == [at]


@settings(max_examples=40)
@given(DIGITS.filter(lambda one: fits(one) and one.strip("0") != ""), st.data())
def test_whoever_types_one_digit_wrong_is_led_back(right: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(right) - 1))
    digit = data.draw(st.sampled_from([one for one in "0123456789" if one != right[at]]))
    wrong = right[:at] + digit + right[at + 1 :]
    assert one_digit_wrong(wrong)[right] == at


@settings(max_examples=30)
@given(DIGITS.filter(fits))
def test_zeros_may_be_missing_or_too_many(right: str) -> None:
    others = with_other_zeros(right)
    assert right not in others
    assert all(fits(one) and one.lstrip("0") == right.lstrip("0") for one in others)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Faktnr: 63600", {("invoice", "63600", 2)}),
        ("faktura 12 och 13", {("invoice", "12", 2), ("invoice", "13", 2)}),
        ("medlemsnr 0044", {("member", "44", 2)}),
        ("KUNDNR 43251 FAKTURA 63890", {("invoice", "43251", 1), ("member", "43251", 1), ("invoice", "63890", 2)}),
        ("144997+145354", {(sort, one, 1) for sort in ("invoice", "member") for one in ("144997", "145354")}),
        ("avgift 2026", {("invoice", "2026", 0), ("member", "2026", 0)}),
        ("den 20260310", {("invoice", "20260310", 0), ("member", "20260310", 0)}),
        ("hej", set()),
    ],
)
def test_numbers_are_what_the_word_before_them_says(text: str, found: set[tuple[str, str, int]]) -> None:
    tokens = tokens_of(Written(1, None, (), text, ""), {Rule.NUMBER, Rule.MEMBER})
    assert {(one.sort, one.value, one.at) for one in tokens if one.sort is not Sort.PRINTED} == found
