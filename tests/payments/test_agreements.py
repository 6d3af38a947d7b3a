"""Bank agreements: check digits proved, what payers have read stays, one account is on invoices."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from dues.editing import FixedError, StillUsedError
from dues.groups.errors import AccountInUseError, AccountNumberError, ReferenceKindError, ReferenceLengthError
from dues.groups.models import BankAgreement, ReferenceKind
from dues.payments.agreements import (
    BicError,
    OnlyPreferredError,
    SwishNumberError,
    change_agreement,
    is_used,
    open_agreement,
    remove_agreement,
)
from tests.factories.members import member
from tests.factories.organisation import organisation
from tests.factories.runs import issued

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession

TODAY = dt.date(2026, 11, 22)
PLUSGIRO: dict[str, Any] = {"scheme": "PGNR", "number": "4 15 28-1", "reference_kind": ReferenceKind.OCR}


def test_an_account_is_opened_with_what_its_currency_needs(session: Session) -> None:
    made = organisation(session)
    euro = open_agreement(
        session,
        creditor_id=made.creditor.id,
        scheme="IBAN",
        number="de89 3704 0044 0532 0130 00",
        currency="EUR",
        reference_kind=ReferenceKind.RF,
    )
    assert (euro.number, euro.iban, euro.bic) == ("DE89370400440532013000", "DE89370400440532013000", "COBADEFFXXX")
    assert (euro.preferred, made.agreement.preferred) == (True, True)  # each on invoices of its currency


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [
        ({"number": "4 15 28-2"}, AccountNumberError),
        (
            {"scheme": "IBAN", "number": "DE89370400440532013001", "reference_kind": ReferenceKind.RF},
            AccountNumberError,
        ),
        ({"scheme": "BGNR", "number": "5050-1055"}, AccountInUseError),
        ({"reference_kind": ReferenceKind.KID}, ReferenceKindError),
        ({"reference_length": 30}, ReferenceLengthError),
        ({"bic": "XX"}, BicError),
        ({"swish_number": "070 123 45 67"}, SwishNumberError),
    ],
)
def test_what_no_bank_takes_is_refused(session: Session, wrong: dict[str, Any], refused: type[Exception]) -> None:
    made = organisation(session)
    with pytest.raises(refused):
        open_agreement(session, creditor_id=made.creditor.id, **{**PLUSGIRO, **wrong})


def test_what_documents_show_is_fixed(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    agreement = made.agreement
    assert not is_used(session, agreement_id=agreement.id)
    change_agreement(session, agreement_id=agreement.id, reference_length=14, length_digit=False)
    member(session, made, joined_on=TODAY)
    issued(ledger, on=TODAY)
    for change in ({"reference_length": 12}, {"number": "991-2346"}, {"scheme": "PGNR", "number": "4 15 28-1"}):
        with pytest.raises(FixedError):
            change_agreement(session, agreement_id=agreement.id, **change)
    changed = change_agreement(session, agreement_id=agreement.id, swish_number="123 118 11 97", bic="essesess")
    assert (changed.swish_number, changed.bic) == ("1231181197", "ESSESESS")
    with pytest.raises(StillUsedError):
        remove_agreement(session, agreement_id=agreement.id)


def test_one_account_is_on_invoices(session: Session) -> None:
    made = organisation(session)
    other = open_agreement(session, creditor_id=made.creditor.id, preferred=False, **PLUSGIRO)
    with pytest.raises(OnlyPreferredError):
        change_agreement(session, agreement_id=made.agreement.id, preferred=False)
    change_agreement(session, agreement_id=other.id, preferred=True)
    session.expire_all()
    assert (other.preferred, made.agreement.preferred) == (True, False)


def test_an_unused_account_is_changed_and_taken_away(session: Session) -> None:
    made = organisation(session)
    other = open_agreement(session, creditor_id=made.creditor.id, preferred=False, **PLUSGIRO)
    with pytest.raises(AccountInUseError):
        change_agreement(session, agreement_id=other.id, scheme="BGNR", number="50501055")
    session.refresh(other)
    change_agreement(session, agreement_id=other.id, scheme="BGNR", number="991-2346")
    assert other.number == "9912346"
    with pytest.raises(FixedError):
        change_agreement(session, agreement_id=other.id, currency="EUR")
    remove_agreement(session, agreement_id=other.id)
    assert session.get(BankAgreement, other.id) is None


def test_the_account_on_invoices_is_not_taken_away_so_that_another_one_would_be_the_first(session: Session) -> None:
    made = organisation(session)
    with pytest.raises(OnlyPreferredError):
        remove_agreement(session, agreement_id=made.agreement.id)
