"""Whole numbers as forms and addresses send them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.number_of import number_of


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_a_number_is_read(number: int) -> None:
    assert number_of(str(number)) == number


@pytest.mark.parametrize("written", [None, "", "x", "-1", "1.5", "١٠٠", "²", "1" * 19, "0" * 5000, " 1"])
def test_what_is_no_number_or_fits_no_key_is_not_there(written: str | None) -> None:
    assert number_of(written) is None


@given(st.text(max_size=40))
def test_anything_can_be_read(written: str) -> None:
    found = number_of(written)
    assert found is None or (0 <= found < 10**18 and int(written) == found)
