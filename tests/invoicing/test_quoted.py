"""References and numbers of other systems: check digits as the banks reckon them, and what they are looked up by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from stdnum import iso11649, luhn

from dues.invoicing.elsewhere_models import Quoted
from dues.invoicing.quoted import is_number, key_of, may_be

DIGITS = st.text("0123456789", min_size=1, max_size=24)


@given(DIGITS, st.integers(0, 9))
def test_of_ten_check_digits_one_fits_an_ocr_and_it_is_a_kid_as_well(payload: str, other: int) -> None:
    right = luhn.calc_check_digit(payload)
    assert may_be(payload + right, Quoted.OCR)
    assert may_be(payload + right, Quoted.KID)
    assert may_be(f"{payload}{other}", Quoted.OCR) == (str(other) == right)


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=21))
def test_an_rf_fits_in_whatever_groups_it_is_written(payload: str) -> None:
    right = next(f"RF{check:02}{payload}" for check in range(2, 99) if iso11649.is_valid(f"RF{check:02}{payload}"))
    apart = " ".join(right[at : at + 4] for at in range(0, len(right), 4))
    assert may_be(apart, Quoted.RF)
    assert may_be(apart.lower(), Quoted.RF)
    assert key_of(apart) == right


@pytest.mark.parametrize(
    ("written", "kind", "fits"),
    [
        ("12345678903", Quoted.KID, True),  # modulus 11
        ("0000000000000000019-", Quoted.KID, False),
        ("14-", Quoted.KID, False),
        ("123 456 7897", Quoted.OCR, True),
        ("1234567890", Quoted.OCR, False),
        ("", Quoted.OCR, False),
        ("7", Quoted.OCR, False),
        ("١٨", Quoted.OCR, False),
        ("RF18 5390 0754 7034", Quoted.RF, True),
        ("RF19 5390 0754 7034", Quoted.RF, False),
        ("Invoice 12/2025", Quoted.TEXT, True),
        ("x" * 36, Quoted.TEXT, False),
        (" - ", Quoted.TEXT, False),
    ],
)
def test_what_fits(written: str, kind: Quoted, *, fits: bool) -> None:
    assert may_be(written, kind) is fits


def test_a_kid_of_modulus_11_may_end_with_a_hyphen() -> None:
    for number in range(10, 2000):
        if not luhn.is_valid(str(number)):
            total = sum(int(digit) * weight for digit, weight in zip(reversed(str(number)), (2, 3, 4, 5), strict=False))
            assert may_be(f"{number}-", Quoted.KID) is (total % 11 == 1)


@given(st.text(max_size=60))
def test_any_text_is_told_apart_without_an_error(written: str) -> None:
    for kind in Quoted:
        may_be(written, kind)
    is_number(written)


@pytest.mark.parametrize("written", ["F-2025/117", "rf18 5390 0754 7034", "12.345-6", "a b"])
def test_it_is_looked_up_as_the_database_does(session: Session, written: str) -> None:
    assert session.scalar(select(func.normalised_reference(written))) == key_of(written)
