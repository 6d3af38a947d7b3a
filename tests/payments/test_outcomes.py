"""From a bank's file to ledger and membership: the cases of the field in OCR giro and MT940."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.invoicing.models import Claim, ClaimEnd
from dues.members.models import MembershipStatus
from dues.payments.models import CaseReason, Payment
from tests.factories.money import banked, owed, paid
from tests.factories.organisation import FEE, Organisation
from tests.payments.outcomes import PAID, THROUGH, invoiced, membership_of, mt940, ocr
from tests.payments.outcomes import waits as reasons
from tests.payments.test_matching import in_the_bank

LATE = dt.date(2028, 1, 5)


@pytest.fixture
def norway(session: Session, ledger: OpenSession) -> Organisation:
    """An organisation in Norway whose two members have been invoiced."""
    return invoiced(session, ledger, "NO", members=2)


def test_ocr_giro_exact_kid_settles_and_activates_and_the_rest_waits_with_its_reason(
    session: Session, ledger: OpenSession, norway: Organisation
) -> None:
    (first, kid, _), (second, other, _) = owed(ledger)
    wrong = f"{other[:-1]}{(int(other[-1]) + 1) % 10}"
    came = [paid(FEE, kid), paid(FEE, kid), paid(FEE - 100, other), paid(FEE, wrong), paid(50, message="Gave")]
    run = banked(ledger, ocr(norway.agreement, came), on=PAID, name="ocr.txt")
    assert run.result == {"matched": 1, "unmatched": 4}
    assert reasons(session) == [
        (CaseReason.ALREADY_PAID, FEE),  # paid twice the same day: a real double payment, and not a double import
        (CaseReason.TOO_LITTLE, FEE - 100),
        (CaseReason.UNKNOWN_REFERENCE, FEE),  # a wrong check digit
        (CaseReason.NO_REFERENCE, 50),
    ]
    settled = session.get_one(Claim, first)
    assert (settled.open_amount, settled.ended, settled.ended_on) == (0, ClaimEnd.PAID, PAID)
    active = membership_of(session, first)
    assert (active.status, active.paid_through) == (MembershipStatus.ACTIVE, THROUGH)
    assert session.get_one(Claim, second).open_amount == FEE
    assert in_the_bank(session, norway, "NOK") == 4 * FEE - 100 + 50


def test_ocr_giro_sent_again_with_more_counts_once(session: Session, ledger: OpenSession, norway: Organisation) -> None:
    _, kid, _ = owed(ledger)[0]
    file = [replace(paid(FEE, kid), bank_reference="1")]
    banked(ledger, ocr(norway.agreement, file), on=PAID, name="ocr.txt")
    again = ocr(norway.agreement, [*file, paid(70, message="Mer")])
    banked(ledger, again, on=PAID, name="ocr-again.txt")
    assert session.scalar(select(func.sum(Payment.amount))) == FEE + 70


def test_a_reversal_in_ocr_giro_is_money_that_left_and_waits(
    session: Session, ledger: OpenSession, norway: Organisation
) -> None:
    (claim, kid, _), _ = owed(ledger)
    came = [paid(FEE, kid), paid(200, message="Feil"), paid(-200, message="Feil")]
    banked(ledger, ocr(norway.agreement, came), on=PAID, name="ocr.txt")
    assert session.get_one(Claim, claim).ended == ClaimEnd.PAID
    assert [amount for _, amount in reasons(session)] == [200, -200]
    assert in_the_bank(session, norway, "NOK") == FEE


def test_paid_years_late_settles_the_old_claim_and_its_period(
    session: Session, ledger: OpenSession, norway: Organisation
) -> None:
    claim, kid, _ = owed(ledger)[0]
    banked(ledger, ocr(norway.agreement, [paid(FEE, kid)], on=LATE), on=LATE, name="ocr.txt")
    settled = session.get_one(Claim, claim)
    assert (settled.ended, settled.ended_on) == (ClaimEnd.PAID, LATE)
    assert membership_of(session, claim).paid_through == THROUGH


def test_mt940_books_what_came_and_what_left_and_all_of_it_waits_for_its_reason(
    session: Session, ledger: OpenSession
) -> None:
    made = invoiced(session, ledger, "DE")
    claim, reference, _ = owed(ledger)[0]
    came = [paid(FEE, message=f"Beitrag {reference}"), paid(-150, message="Entgelt")]
    run = banked(ledger, mt940(made.agreement, came), on=PAID, name="statement.sta")
    found = session.scalars(select(Payment).order_by(Payment.id)).all()
    assert [(one.amount, one.kind, one.message) for one in found] == [
        (FEE, "payment", f"Beitrag {reference}"),
        (-150, "other", "Entgelt"),
    ]
    assert sum(run.result.values()) == 2
    assert session.get_one(Claim, claim).open_amount in {0, FEE}
    assert in_the_bank(session, made, "EUR") == FEE - 150
