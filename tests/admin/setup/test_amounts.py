"""Amounts of creditors are written and kept as their currency has them."""

import pytest

from admin.setup.of_creditors import FinerThanCurrencyError, as_kept, as_written


@pytest.mark.parametrize(("currency", "written", "minor"), [("SEK", 150, 150), ("ISK", 15000, 150), ("KWD", 15, 150)])
def test_an_amount_is_kept_in_the_smallest_unit_of_its_currency(currency: str, written: int, minor: int) -> None:
    assert as_kept(written, currency) == minor
    assert as_written(minor, currency) == written


def test_what_a_currency_has_no_coin_for_is_refused_and_nothing_stays_nothing() -> None:
    with pytest.raises(FinerThanCurrencyError):
        as_kept(15050, "ISK")
    assert as_kept(None, "ISK") is as_written(None, "ISK") is None
