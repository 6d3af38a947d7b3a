"""Payment references: made in the database, proved against the standards' own checkers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from stdnum import iso11649, luhn

from database.connect import OpenSession
from dues.invoicing.models import Invoice
from tests.factories.members import member
from tests.factories.money import owed
from tests.factories.organisation import organisation
from tests.factories.runs import issued
from tests.invoicing.test_renewal import DAY

NUMBERS = st.integers(1, 10**12 - 1)
LENGTHS = st.integers(6, 17)


def reference(session: Session, kind: str, length: int, number: int, *, length_digit: bool = False) -> str | None:
    return session.scalar(select(func.payment_reference_for(kind, length, length_digit, number)))


def test_ocr_numbers_have_the_agreed_length_the_length_digit_and_luhns_digit(session: Session) -> None:
    @given(number=NUMBERS, length=LENGTHS)
    def check(number: int, length: int) -> None:
        made = reference(session, "ocr", length, number, length_digit=True)
        if len(str(number)) > length - 3:
            assert made is None
            return
        assert made is not None
        assert luhn.is_valid(made)
        assert (len(made), int(made[-2]), made[0], int(made[1:-2])) == (length, length % 10, "1", number)

    check()


@pytest.mark.parametrize("kind", ["ocr", "kid"])
def test_kid_and_plain_ocr_numbers_have_luhns_digit_alone(session: Session, kind: str) -> None:
    @given(number=NUMBERS, length=LENGTHS)
    def check(number: int, length: int) -> None:
        made = reference(session, kind, length, number)
        if len(str(number)) > length - 2:
            assert made is None
            return
        assert made is not None
        assert luhn.is_valid(made)
        assert (len(made), made[0], int(made[1:-1])) == (length, "1", number)

    check()


def test_rf_references_follow_iso_11649(session: Session) -> None:
    @given(number=NUMBERS, length=LENGTHS)
    def check(number: int, length: int) -> None:
        made = reference(session, "rf", length, number)
        if len(str(number)) > length:
            assert made is None
            return
        assert made is not None
        assert iso11649.is_valid(made)
        assert made[4:] == str(number)

    check()


@pytest.mark.parametrize(
    ("written", "kept"),
    [("123 456-7", "1234567"), ("rf18 5390 0754 7034", "RF18539007547034"), (" 12.34/5 ", "12345")],
)
def test_blanks_hyphens_and_case_do_not_matter_in_a_reference(session: Session, written: str, kept: str) -> None:
    assert session.scalar(select(func.normalised_reference(written))) == kept


@pytest.mark.parametrize(
    ("country", "expected"), [("SE", "100000000123"), ("NO", "100000000016"), ("NL", "RF741"), ("DE", "RF741")]
)
def test_documents_quote_what_the_creditors_bank_agreed(
    session: Session, ledger: OpenSession, country: str, expected: str
) -> None:
    made = organisation(session, country=country)
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    assert owed(ledger)[0][1] == expected
    assert session.scalars(select(Invoice.number)).all() == [1]
