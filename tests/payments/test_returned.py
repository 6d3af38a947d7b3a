"""Money that is returned: from the bank's file to the claim that opens again, the membership and the member's mail."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bankfiles.types import Account as BankAccount
from dues.delivery.models import Message
from dues.groups.models import Creditor, ReturnedCover, ReturnedFee
from dues.groups.returned import set_returned
from dues.invoicing.models import Claim, FeePeriod
from dues.journal.bank_cost import open_bank_cost
from dues.journal.models import Account, AccountRole, Entry, Posting
from dues.members.models import Membership, MembershipStatus
from dues.payments.errors import NotReturnedError
from dues.payments.models import Allocation, CaseReason, Payment
from dues.payments.queries import open_cases
from dues.payments.return_models import FoundBy, PaymentReturn
from dues.payments.returned import return_by_hand
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation
from tests.payments.test_credit_invoice import OFFICER
from tests.payments.test_credit_part import proven
from tests.payments.test_matching import PAID, THROUGH, made

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bankfiles.write import Incoming
    from database.connect import OpenSession
    from tests.factories.runs import Outcome

__all__ = ["made"]

BACK = dt.date(2026, 3, 25)
KIM = BankAccount("IBAN", "SE4550000000058398257466")


def back(amount: int = -FEE, reference: str = "", **terms: object) -> Incoming:
    """Money that the bank took back, with a reason."""
    return replace(paid(amount, reference), return_reason="MD06", **terms)  # type: ignore[arg-type]


def bank(ledger: OpenSession, made: Organisation, *payments: Incoming, on: dt.date = PAID) -> Outcome:
    return banked(ledger, camt(made.agreement, payments, on=on), on=on)


def claims(session: Session) -> list[tuple[int, str | None]]:
    session.expire_all()
    return [(claim.open_amount, claim.ended) for claim in session.scalars(select(Claim).order_by(Claim.id))]


def found_by(session: Session) -> list[FoundBy]:
    return list(session.scalars(select(PaymentReturn.found_by).order_by(PaymentReturn.payment_id)))


def test_a_returned_payment_opens_the_claim_takes_the_period_back_and_tells_the_member(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    claim, reference, _ = owed(ledger)[0]
    bank(ledger, made, replace(paid(FEE, reference), end_to_end_id="E1"))
    came = session.scalars(select(Payment)).one()
    membership = session.scalars(select(Membership).where(Membership.paid_through.is_not(None))).one()
    assert membership.paid_through == THROUGH
    run = bank(ledger, made, back(end_to_end_id="E1"), on=BACK)
    assert run.result == {"matched": 0, "unmatched": 0, "returned": 1}
    assert claims(session)[0] == (FEE, None)
    now = select(Membership.status, Membership.paid_through).where(Membership.id == membership.id)
    assert session.execute(now).one() == (MembershipStatus.ACTIVE, None)
    states = select(FeePeriod.state).where(FeePeriod.membership_id == membership.id)
    assert session.scalars(states).all() == ["charged", "charged"]
    used, undone = session.scalars(select(Allocation).order_by(Allocation.id)).all()
    assert (undone.reverses_id, undone.claim_id, undone.amount, undone.on_date) == (used.id, claim, FEE, BACK)
    assert (used.payment_id, undone.payment_id) == (came.id, session.scalars(select(PaymentReturn.payment_id)).one())
    told = session.scalars(select(Message).where(Message.kind == "returned")).one()
    assert (told.subject_id, told.person_id) == (undone.id, undone.person_id)
    assert session.scalars(select(Entry.event).order_by(Entry.id.desc())).first() == "returned"
    assert open_cases(session, limit=9) == []
    assert proven(session)


def test_each_sign_finds_the_payment(session: Session, ledger: OpenSession, made: Organisation) -> None:
    """The bank's own number, the reference, and the account if it paid this amount once."""
    (_, first, _), (_, second, _) = owed(ledger)
    bank(ledger, made, paid(FEE, first, bank_reference="B|1"), paid(FEE, second))
    bank(ledger, made, back(bank_reference="B|1"), back(reference=second), on=BACK)
    bank(ledger, made, replace(paid(FEE, first), payer_account=KIM), on=BACK)
    bank(ledger, made, back(payer_account=KIM), on=BACK)
    assert found_by(session) == [FoundBy.BANK_NUMBER, FoundBy.REFERENCE, FoundBy.ACCOUNT]
    assert claims(session) == [(FEE, None)] * 2
    assert proven(session)


def test_a_return_that_came_before_its_payment_waits_for_it(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    reference = owed(ledger)[0][1]
    bank(ledger, made, back(end_to_end_id="E1"))
    assert [(case.reason, case.unallocated) for case in open_cases(session, limit=9)] == [(CaseReason.RETURNED, -FEE)]
    run = bank(ledger, made, replace(paid(FEE, reference), end_to_end_id="E1"), on=BACK)
    assert run.result == {"matched": 1, "unmatched": 0, "returned": 1}
    assert claims(session)[0] == (FEE, None)
    assert open_cases(session, limit=9) == []
    assert session.scalars(select(Message.kind).where(Message.kind != "invoice")).all() == ["returned"]  # no receipt
    assert proven(session)


def test_twins_are_returned_one_by_one_and_never_twice(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    """Somebody paid twice: the second waits, unused. Both come back in one file, and then a third that nobody knows."""
    reference = owed(ledger)[0][1]
    bank(ledger, made, *(replace(paid(FEE, reference), end_to_end_id="E1") for _ in range(2)))
    run = bank(ledger, made, *(back(end_to_end_id="E1") for _ in range(3)), on=BACK)
    assert run.result == {"matched": 0, "unmatched": 1, "returned": 2}
    assert claims(session)[0] == (FEE, None)
    assert sorted(session.scalars(select(PaymentReturn.met))) == [0, FEE]
    assert [(case.reason, case.unallocated) for case in open_cases(session, limit=9)] == [(CaseReason.RETURNED, -FEE)]
    assert proven(session)


def test_the_creditor_decides_about_memberships_and_the_banks_fee(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    creditor = session.get_one(Creditor, made.creditor.id)
    set_returned(session, creditor_id=creditor.id, cover=ReturnedCover.KEEP, fee=ReturnedFee.WAIT)
    session.commit()
    (_, first, _), (_, second, _) = owed(ledger)
    bank(ledger, made, paid(FEE, first), paid(FEE, second))
    with_fee(ledger, made, back(-FEE - 350, first))
    assert session.scalars(select(Membership.paid_through).order_by(Membership.id)).all() == [THROUGH] * 2
    assert claims(session) == [(FEE, None), (0, "paid")]
    assert [(case.reason, case.unallocated) for case in open_cases(session, limit=9)] == [(CaseReason.RETURNED, -350)]
    set_returned(session, creditor_id=creditor.id, cover=ReturnedCover.TAKE_BACK, fee=ReturnedFee.COST)
    open_bank_cost(session, creditor=creditor)
    session.commit()
    with_fee(ledger, made, back(-FEE - 350, second))
    assert session.scalars(select(Membership.paid_through).order_by(Membership.id)).all() == [THROUGH, None]
    assert len(open_cases(session, limit=9)) == 1
    cost = select(Posting.amount).join(Account, Account.id == Posting.debit_account_id)
    assert session.scalars(cost.where(Account.role == AccountRole.BANK_COST)).all() == [350]
    assert proven(session)


def with_fee(ledger: OpenSession, made: Organisation, payment: Incoming) -> None:
    """A return of which the bank says that it took 3.50 on top."""
    file = camt(made.agreement, [payment], on=BACK).getvalue()
    fee = b'<Chrgs><Rcrd><Amt Ccy="SEK">3.50</Amt><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs><RtrInf>'
    banked(ledger, BytesIO(file.replace(b"<RtrInf>", fee)), on=BACK)


def test_money_that_nothing_explains_waits_and_somebody_may_say_what_it_returns(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    """What it became may be used by then, another amount never fits, and what is said is booked like what is found."""
    reference = owed(ledger)[0][1]
    bank(ledger, made, paid(FEE, reference))
    bank(ledger, made, back(-FEE + 1, reference), back(), on=BACK)
    other, lost = (case.payment_id for case in open_cases(session, limit=9))
    came = session.scalars(select(Payment.id).where(Payment.amount > 0)).one()
    with ledger() as work, work.begin(), pytest.raises(NotReturnedError):
        return_by_hand(work, payment_id=other, original_id=came, on=BACK, by=OFFICER)
    with ledger() as work, work.begin():
        return_by_hand(work, payment_id=lost, original_id=came, on=BACK, by=OFFICER)
    assert found_by(session) == [FoundBy.PERSON]
    assert [case.payment_id for case in open_cases(session, limit=9)] == [other]
    with ledger() as work, work.begin(), pytest.raises(NotReturnedError):
        return_by_hand(work, payment_id=lost, original_id=came, on=BACK, by=OFFICER)
    assert proven(session)
