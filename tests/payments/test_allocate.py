"""An officer's decisions: a payment used in part, in whole, for several claims, and taken back."""

import datetime as dt
from functools import partial

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from database.connect import Database, OpenSession, Role
from dues.actor import Actor
from dues.delivery.models import Message
from dues.groups.models import Creditor
from dues.invoicing.models import Claim, ClaimEnd
from dues.journal.models import Entry, Posting
from dues.journal.verify import verify
from dues.members.models import Membership, MembershipStatus, StatusChange
from dues.payments.allocate import Allocated, allocate
from dues.payments.credit_invoice import credit_invoice
from dues.payments.errors import (
    ClaimEndedError,
    CreditUsedError,
    NothingLeftError,
    NotPositiveError,
    OtherCreditorError,
    OtherCurrencyError,
    PaymentError,
    TooMuchError,
    UnknownAllocationError,
    UnknownClaimError,
    UnknownPaymentError,
)
from dues.payments.models import Allocation, CaseReason, Credit, Payment, PaymentCase
from dues.payments.queries import open_cases
from dues.payments.take_back import take_back
from tests.factories.members import member
from tests.factories.money import banked, camt, owed, paid, taken
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import finished, issued
from tests.payments.test_matching import DAY, PAID, THROUGH
from tests.together import together

LATER = PAID + dt.timedelta(days=5)
OFFICER = Actor("staff", "7")


@pytest.fixture
def made(session: Session, ledger: OpenSession) -> Organisation:
    """An organisation with three members who have been invoiced."""
    found = organisation(session)
    for _ in range(3):
        member(session, found, joined_on=DAY)
    issued(ledger, on=DAY)
    return found


def received(ledger: OpenSession, made: Organisation, amount: int, *, currency: str | None = None) -> int:
    """Money that came without a reference; its payment."""
    banked(ledger, camt(made.agreement, [paid(amount)], on=PAID, currency=currency), on=PAID)
    with ledger() as session:
        return session.scalars(select(func.max(Payment.id))).one()


def use(ledger: OpenSession, payment: int, claim: int, amount: int | None = None) -> Allocated:
    with ledger() as session, session.begin():
        return allocate(session, payment_id=payment, claim_id=claim, amount=amount, on=LATER, by=OFFICER)


def undo(ledger: OpenSession, allocation: int) -> Allocated:
    with ledger() as session, session.begin():
        return take_back(session, allocation_id=allocation, on=LATER, by=OFFICER)


def credits_of(session: Session) -> list[int]:
    return list(session.scalars(select(Credit.balance).where(Credit.balance > 0)))


def test_a_part_leaves_the_rest_open_and_the_rest_settles(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    claim = owed(ledger)[0][0]
    payment = received(ledger, made, FEE)
    first = use(ledger, payment, claim, 20000)
    assert (first.amount, first.unallocated, first.open_amount, first.credit) == (20000, FEE - 20000, FEE - 20000, 0)
    assert session.get_one(Claim, claim).ended is None
    assert session.scalars(select(Membership.paid_through)).all() == [None] * 3
    second = use(ledger, payment, claim)
    assert (second.amount, second.unallocated, second.open_amount, second.credit) == (FEE - 20000, 0, 0, 0)
    settled = session.get_one(Claim, claim)
    assert (settled.ended, settled.ended_on) == (ClaimEnd.PAID, LATER)
    member_of = select(Membership).where(Membership.person_id == settled.debtor_id)
    membership = session.scalars(member_of).one()
    assert (membership.status, membership.paid_through) == (MembershipStatus.ACTIVE, THROUGH)
    receipts = session.scalars(select(Message.subject_id).where(Message.kind == "receipt")).all()
    assert receipts == [second.allocation_id]
    assert open_cases(session, limit=10) == []
    steps = select(StatusChange.actor).where(StatusChange.membership_id == membership.id)
    assert session.scalars(steps.order_by(StatusChange.id)).all()[-1] == "staff:7"


def test_what_is_too_much_becomes_credit(session: Session, ledger: OpenSession, made: Organisation) -> None:
    claim = owed(ledger)[0][0]
    done = use(ledger, received(ledger, made, FEE + 700), claim)
    assert (done.amount, done.unallocated, done.open_amount, done.credit) == (FEE, 0, 0, 700)
    kept = session.scalars(select(Credit)).one()
    assert (kept.person_id, kept.balance, kept.currency) == (session.get_one(Claim, claim).debtor_id, 700, "SEK")


def test_a_payment_is_split_over_several_claims(session: Session, ledger: OpenSession, made: Organisation) -> None:
    claims = [claim for claim, _, _ in owed(ledger)]
    payment = received(ledger, made, 2 * FEE + 100)
    for claim in claims[:2]:
        use(ledger, payment, claim, FEE)
    last = use(ledger, payment, claims[2])
    assert (last.amount, last.unallocated, last.open_amount) == (100, 0, FEE - 100)
    assert [left for _, _, left in owed(ledger)] == [0, 0, FEE - 100]
    booked = session.execute(select(Entry.event, func.count()).group_by(Entry.event)).all()
    assert sorted(booked) == [("allocation", 3), ("issue", 1), ("payment", 1)]


def test_several_payments_settle_one_claim(session: Session, ledger: OpenSession, made: Organisation) -> None:
    claim = owed(ledger)[0][0]
    for amount in (10000, FEE - 10000):
        use(ledger, received(ledger, made, amount), claim)
    assert session.get_one(Claim, claim).ended is ClaimEnd.PAID


def test_taken_back_is_as_before_and_may_be_used_again(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    (wrong, _, _), (right, _, _), _ = owed(ledger)
    payment = received(ledger, made, FEE)
    back = undo(ledger, use(ledger, payment, wrong).allocation_id)
    assert (back.unallocated, back.open_amount) == (FEE, FEE)
    opened = session.get_one(Claim, wrong)
    assert (opened.ended, opened.ended_on, opened.open_amount) == (None, None, FEE)
    assert session.scalars(select(Membership.paid_through)).all() == [None] * 3
    (case,) = open_cases(session, limit=10)
    assert (case.reason, case.claim_id, case.unallocated) == (CaseReason.TAKEN_BACK, wrong, FEE)
    assert use(ledger, payment, right).open_amount == 0
    assert [left for _, _, left in owed(ledger)] == [FEE, 0, FEE]
    assert session.scalar(select(func.count()).select_from(Allocation)) == 3


def test_what_was_matched_by_itself_can_be_taken_back(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    claim, reference, _ = owed(ledger)[0]
    banked(ledger, camt(made.agreement, [paid(FEE, reference)], on=PAID), on=PAID)
    back = undo(ledger, session.scalars(select(Allocation.id)).one())
    assert (back.unallocated, back.open_amount) == (FEE, FEE)
    assert session.get_one(Claim, claim).ended is None
    assert open_cases(session, limit=10)[0].reason is CaseReason.TAKEN_BACK


def test_an_allocation_is_taken_back_once(session: Session, ledger: OpenSession, made: Organisation) -> None:
    done = use(ledger, received(ledger, made, 100), owed(ledger)[0][0])
    back = undo(ledger, done.allocation_id)
    for again in (done.allocation_id, back.allocation_id, 999):
        with pytest.raises(UnknownAllocationError):
            undo(ledger, again)
    assert session.scalar(select(func.count()).select_from(Allocation)) == 2


def surplus(session: Session) -> int:
    return session.scalars(select(Allocation.id).where(Allocation.claim_id.is_(None))).one()


def test_credit_can_be_taken_back(session: Session, ledger: OpenSession, made: Organisation) -> None:
    payment = received(ledger, made, FEE + 700)
    use(ledger, payment, owed(ledger)[0][0])
    assert undo(ledger, surplus(session)).unallocated == 700
    assert credits_of(session) == []
    assert use(ledger, payment, owed(ledger)[1][0]).open_amount == FEE - 700


def test_credit_that_has_been_used_cannot_be_taken_back(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    use(ledger, received(ledger, made, FEE + 700), owed(ledger)[0][0])
    # Nothing uses credit yet; here it is gone as if something had.
    with session.begin_nested() as point:
        session.execute(update(Credit).values(balance=699))
        with pytest.raises(CreditUsedError):
            take_back(session, allocation_id=surplus(session), on=LATER, by=OFFICER)
        point.rollback()
    assert credits_of(session) == [700]


def test_what_was_credited_since_cannot_be_taken_back(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    claim = owed(ledger)[0][0]
    done = use(ledger, received(ledger, made, FEE), claim)
    with ledger() as other, other.begin():
        credit_invoice(other, invoice_id=other.get_one(Claim, claim).invoice_id, on=LATER, by=OFFICER)
    with pytest.raises(ClaimEndedError, match="is credited"):
        undo(ledger, done.allocation_id)
    assert credits_of(session) == [FEE]


def refused(
    session: Session, ledger: OpenSession, how: type[PaymentError], *, payment: int, claim: int, amount: int | None
) -> str:
    """See a decision refused, and nothing changed by it."""
    before = (owed(ledger), open_cases(session, limit=10), session.scalar(select(func.count()).select_from(Posting)))
    with pytest.raises(how) as error:
        use(ledger, payment, claim, amount)
    after = (owed(ledger), open_cases(session, limit=10), session.scalar(select(func.count()).select_from(Posting)))
    assert after == before
    return str(error.value)


@pytest.mark.parametrize(
    ("amount", "how"),
    [(0, NotPositiveError), (-1, NotPositiveError), (FEE + 1, TooMuchError), (60001, TooMuchError)],
)
def test_an_impossible_amount_is_refused(
    session: Session, ledger: OpenSession, made: Organisation, amount: int, how: type[PaymentError]
) -> None:
    payment = received(ledger, made, 60000)
    refused(session, ledger, how, payment=payment, claim=owed(ledger)[0][0], amount=amount)


def test_more_than_the_payment_has_left_is_refused(session: Session, ledger: OpenSession, made: Organisation) -> None:
    payment = received(ledger, made, 100)
    words = refused(session, ledger, TooMuchError, payment=payment, claim=owed(ledger)[0][0], amount=101)
    assert "the payment has 100 left and the claim has 50000 open" in words


@pytest.mark.usefixtures("made")
def test_money_to_another_creditor_is_refused(session: Session, ledger: OpenSession) -> None:
    other = organisation(session, country="NO", prefix="no")
    payment = received(ledger, other, FEE)
    refused(session, ledger, OtherCreditorError, payment=payment, claim=owed(ledger)[0][0], amount=None)


def test_money_in_another_currency_is_refused(session: Session, ledger: OpenSession, made: Organisation) -> None:
    payment = received(ledger, made, FEE, currency="EUR")
    refused(session, ledger, OtherCurrencyError, payment=payment, claim=owed(ledger)[0][0], amount=None)


def test_a_claim_that_has_ended_takes_no_more(session: Session, ledger: OpenSession, made: Organisation) -> None:
    claim = owed(ledger)[0][0]
    use(ledger, received(ledger, made, FEE), claim)
    payment = received(ledger, made, 100)
    words = refused(session, ledger, ClaimEndedError, payment=payment, claim=claim, amount=None)
    assert words == f"Claim {claim} is paid; nothing is open on it."


def test_a_payment_that_is_used_up_has_nothing_left(session: Session, ledger: OpenSession, made: Organisation) -> None:
    (first, _, _), (second, _, _), _ = owed(ledger)
    payment = received(ledger, made, 100)
    use(ledger, payment, first)
    refused(session, ledger, NothingLeftError, payment=payment, claim=second, amount=None)


def test_money_that_left_cannot_be_used(session: Session, ledger: OpenSession, made: Organisation) -> None:
    payment = received(ledger, made, -100)
    refused(session, ledger, NothingLeftError, payment=payment, claim=owed(ledger)[0][0], amount=None)


def test_what_is_not_there_is_named(session: Session, ledger: OpenSession, made: Organisation) -> None:
    payment = received(ledger, made, 100)
    words = refused(session, ledger, UnknownClaimError, payment=payment, claim=999999, amount=None)
    assert words == "There is no claim 999999."
    refused(session, ledger, UnknownPaymentError, payment=999999, claim=owed(ledger)[0][0], amount=None)


def test_decisions_at_once_use_the_money_once(committing: Database) -> None:
    opened = committing.opener(Role.JOBS)
    with committing.unit_of_work(Role.JOBS) as session:
        made = organisation(session)
        for _ in range(2):
            member(session, made, joined_on=DAY)
        session.expunge_all()
    issued(opened, on=DAY)
    (first, _, _), (second, _, _) = owed(opened)
    payments = [received(opened, made, FEE) for _ in range(2)]
    # One payment for two claims, and two payments for one claim.
    found = together(
        partial(use, opened, payments[0], first),
        partial(use, opened, payments[0], second),
        partial(use, opened, payments[1], second),
    )
    # Either the first one wins the shared payment and the other payment is left for the second claim, or the middle one
    # wins it and both its rivals come too late.
    assert [isinstance(one, Allocated) for one in found] in ([True, False, True], [False, True, False]), found
    assert {type(one) for one in found} <= {Allocated, NothingLeftError, ClaimEndedError}
    with opened() as session:
        assert verify(session).ok
        assert session.scalar(select(func.sum(PaymentCase.unallocated))) == sum(left for _, _, left in owed(opened))


def test_an_officer_and_an_import_at_once_settle_a_claim_once(committing: Database) -> None:
    opened = committing.opener(Role.JOBS)
    with committing.unit_of_work(Role.JOBS) as session:
        made = organisation(session)
        member(session, made, joined_on=DAY)
        session.expunge_all()
    issued(opened, on=DAY)
    ((claim, reference, _),) = owed(opened)
    payment = received(opened, made, FEE)
    run_id = taken(opened, camt(made.agreement, [paid(FEE, reference)], on=PAID), on=PAID).run_id
    together(partial(use, opened, payment, claim), partial(finished, opened, run_id))
    with opened() as session:
        assert verify(session).ok
        assert session.scalars(select(Claim.ended)).all() == [ClaimEnd.PAID]
        assert session.scalar(select(func.sum(PaymentCase.unallocated))) == FEE
        assert session.scalar(select(func.count()).select_from(Creditor)) == 1
