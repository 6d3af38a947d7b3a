"""Amounts, accounts, dates and keys on their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankfiles.accounts import account
from bankfiles.currencies import EXPONENTS, decimal_text, exponent, minor_units
from bankfiles.errors import UnreadableAmount, UnsupportedCurrency
from bankfiles.keys import key
from bankfiles.types import Account


@given(amount=st.integers(0, 10**17), currency=st.sampled_from(sorted(EXPONENTS)))
def test_amounts_survive_being_written(amount: int, currency: str) -> None:
    assert minor_units(decimal_text(amount, currency), currency) == amount


def test_exponents_are_those_of_the_standard() -> None:
    assert [exponent(currency) for currency in ("SEK", "EUR", "ISK", "JPY", "KWD", "IQD", "RSD")] == [
        2,
        2,
        0,
        0,
        3,
        3,
        2,
    ]


@pytest.mark.parametrize("currency", ["", None, "XXX", "sek", "SEL"])
def test_unknown_currencies_are_refused(currency: str | None) -> None:
    with pytest.raises(UnsupportedCurrency):
        minor_units("1.00", currency)


def test_no_amount_is_never_zero() -> None:
    with pytest.raises(UnreadableAmount):
        minor_units(None, "SEK")


@pytest.mark.parametrize(
    ("scheme", "number", "expected"),
    [
        ("IBAN", "se45 5000 0000 0583 9825 7466", Account("IBAN", "SE4550000000058398257466")),
        ("BBAN", "SE4550000000058398257466", Account("IBAN", "SE4550000000058398257466")),
        ("BBAN", "SE4650000000058398257466", Account("OTHER", "SE4650000000058398257466")),
        ("BGNR", "0991-2346", Account("BGNR", "9912346")),
        ("bgnr", "991 2346", Account("BGNR", "9912346")),
        ("PGNR", "4-2", Account("PGNR", "42")),
        ("", "5841-10098232", Account("OTHER", "584110098232")),
        ("BGNR", "0000000000", None),
        ("IBAN", " ", None),
    ],
)
def test_accounts_have_one_spelling(scheme: str, number: str, expected: Account | None) -> None:
    assert account(scheme, number) == expected


def test_keys_of_different_parts_differ() -> None:
    assert len({key("a|", "b"), key("a", "|b"), key("a", "", "b"), key("a%7C", "b"), key("a", "b")}) == 5
