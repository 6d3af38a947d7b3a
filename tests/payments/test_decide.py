"""An officer's decision as a whole: split, kept, told when the ground moved, undone; and two of them at once."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from database.connect import Database, OpenSession
from dues.invoicing.models import Claim, ClaimEnd
from dues.journal.verify import verify
from dues.patience import patiently
from dues.payments.decide import Decision, Share, close_empty, decide, undo_decision
from dues.payments.errors import (
    CaseMovedError,
    ClaimMovedError,
    CreditUsedError,
    NotAllPlacedError,
    NothingLeftError,
    PaymentError,
    SomethingLeftError,
    UnknownAllocationError,
    UnknownPersonError,
)
from dues.payments.models import Allocation, CaseReason, Credit, Payment, PaymentCase
from dues.payments.moved import last_move
from dues.payments.queries import open_cases
from tests.factories.members import member
from tests.factories.money import banked, camt, owed, paid, taken
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import Outcome, finished, issued
from tests.payments.test_allocate import LATER, OFFICER, credits_of, received
from tests.payments.test_matching import DAY, PAID, committed
from tests.together import together


@pytest.fixture
def made(session: Session, ledger: OpenSession) -> Organisation:
    """An organisation with three members who have been invoiced."""
    found = organisation(session)
    for _ in range(3):
        member(session, found, joined_on=DAY)
    issued(ledger, on=DAY)
    return found


def decided(ledger: OpenSession, payment: int, *shares: Share, seen: int | None = None) -> Decision:
    with ledger() as session, session.begin():
        return decide(session, payment_id=payment, shares=shares, seen=seen, on=LATER, by=OFFICER)


def undone(ledger: OpenSession, done: Decision) -> int:
    with ledger() as session, session.begin():
        return undo_decision(
            session, payment_id=done.payment_id, first=done.first, last=done.last, on=LATER, by=OFFICER
        )


def debtor(session: Session, claim: int) -> int:
    return session.get_one(Claim, claim).debtor_id


def test_a_payment_is_split_over_persons_claims_and_credit_and_undone_as_a_whole(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    claims = [claim for claim, _, _ in owed(ledger)]
    payment = received(ledger, made, 2 * FEE)
    keeper = debtor(session, claims[2])
    done = decided(
        ledger,
        payment,
        Share(claim_id=claims[1], amount=FEE, open_seen=FEE),
        Share(claim_id=claims[0], amount=FEE - 300),
        Share(person_id=keeper, amount=300),
    )
    assert done.amount == 2 * FEE
    assert [left for _, _, left in owed(ledger)] == [300, 0, FEE]
    assert credits_of(session) == [300]
    assert open_cases(session, limit=10) == []
    assert undone(ledger, done) == 3
    assert [left for _, _, left in owed(ledger)] == [FEE] * 3
    assert credits_of(session) == []
    assert [case.unallocated for case in open_cases(session, limit=10)] == [2 * FEE]
    with pytest.raises(UnknownAllocationError):
        undone(ledger, done)


def test_what_is_too_much_is_undone_together_with_the_rest(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    payment = received(ledger, made, FEE + 700)
    done = decided(ledger, payment, Share(claim_id=owed(ledger)[0][0], open_seen=FEE))
    assert credits_of(session) == [700]
    assert undone(ledger, done) == 2
    assert credits_of(session) == []
    assert [left for _, _, left in owed(ledger)] == [FEE] * 3


@pytest.mark.parametrize("amount", [FEE - 1, FEE + 2, 0])
def test_a_split_uses_all_that_is_left(ledger: OpenSession, made: Organisation, amount: int) -> None:
    first, second = (claim for claim, _, _ in owed(ledger)[:2])
    payment = received(ledger, made, FEE + 100)
    with pytest.raises(NotAllPlacedError) as refused:
        decided(ledger, payment, Share(claim_id=first, amount=amount), Share(claim_id=second, amount=99))
    assert refused.value.rest == FEE + 100 - amount - 99
    assert [left for _, _, left in owed(ledger)] == [FEE] * 3


def test_who_comes_second_is_told(session: Session, ledger: OpenSession, made: Organisation) -> None:
    claims = [claim for claim, _, _ in owed(ledger)]
    payment = received(ledger, made, FEE)
    seen = last_move(session, payment_id=payment)
    first = decided(ledger, payment, Share(claim_id=claims[0], open_seen=FEE), seen=seen)
    with pytest.raises(CaseMovedError):
        decided(ledger, payment, Share(claim_id=claims[1], open_seen=FEE), seen=seen)
    undone(ledger, first)
    with pytest.raises(CaseMovedError):  # as much is left as before, and yet it is another case
        decided(ledger, payment, Share(claim_id=claims[1], open_seen=FEE), seen=seen)
    assert [left for _, _, left in owed(ledger)] == [FEE] * 3


def test_a_claim_that_was_paid_meanwhile_is_not_overpaid(ledger: OpenSession, made: Organisation) -> None:
    claim, reference, _ = owed(ledger)[0]
    payment = received(ledger, made, FEE)
    banked(ledger, camt(made.agreement, [paid(FEE, reference)], on=PAID), on=PAID)
    with pytest.raises(ClaimMovedError):
        decided(ledger, payment, Share(claim_id=claim, open_seen=FEE))


def test_credit_that_is_used_is_not_undone(session: Session, ledger: OpenSession, made: Organisation) -> None:
    keeper = debtor(session, owed(ledger)[0][0])
    done = decided(ledger, received(ledger, made, 500), Share(person_id=keeper, amount=500))
    with ledger() as working, working.begin():
        working.execute(text("UPDATE credit SET balance = 100"))
    with pytest.raises(CreditUsedError):
        undone(ledger, done)
    with ledger() as working, working.begin():
        working.execute(text("UPDATE credit SET balance = 500"))


def test_nobody_keeps_nothing(ledger: OpenSession, made: Organisation) -> None:
    payment = received(ledger, made, 500)
    with pytest.raises(UnknownPersonError):
        decided(ledger, payment, Share(person_id=10**9, amount=500))
    with pytest.raises(PaymentError):
        decided(ledger, payment, Share(person_id=1, amount=0), Share(person_id=1, amount=500))


def test_money_that_left_is_used_for_nothing(session: Session, ledger: OpenSession, made: Organisation) -> None:
    payment = received(ledger, made, -500)
    with pytest.raises(NothingLeftError):
        decided(ledger, payment, Share(claim_id=owed(ledger)[0][0]))
    with pytest.raises(SomethingLeftError), ledger() as working:
        close_empty(working, payment_id=payment, by=OFFICER)
    assert [case.reason for case in open_cases(session, limit=9)] == [CaseReason.MONEY_LEFT]


def test_money_in_another_currency_is_kept_in_it(session: Session, ledger: OpenSession, made: Organisation) -> None:
    keeper = debtor(session, owed(ledger)[0][0])
    payment = received(ledger, made, 500, currency="EUR")
    decided(ledger, payment, Share(person_id=keeper, amount=500))
    assert session.execute(select(Credit.currency, Credit.balance)).all() == [("EUR", 500)]


def test_of_two_officers_at_one_moment_one_books(committing: Database) -> None:
    opened, made = committed(committing, many=3)
    first, second = (claim for claim, _, _ in owed(opened)[:2])
    payment = received(opened, made, FEE)
    found = together(
        partial(decided, opened, payment, Share(claim_id=first, open_seen=FEE), seen=0),
        partial(decided, opened, payment, Share(claim_id=second, open_seen=FEE), seen=0),
    )
    assert sorted(type(one).__name__ for one in found) == ["CaseMovedError", "Decision"]
    assert sorted(left for _, _, left in owed(opened)) == [0, FEE, FEE]
    with opened() as session:
        assert verify(session).ok


def test_booking_while_an_import_books_the_same_claims(committing: Database) -> None:
    """Officers split payments over the claims that an import settles at the same moment; nobody sees a deadlock."""
    opened, made = committed(committing, many=12)
    claims = owed(opened)
    payments = [received(opened, made, 2 * FEE) for _ in range(3)]
    run = taken(opened, camt(made.agreement, [paid(FEE, ref) for _, ref, _ in claims], on=PAID), on=PAID).run_id

    def officer(payment: int, pair: tuple[int, int]) -> Decision:
        shares = [Share(claim_id=claim, amount=FEE, open_seen=FEE) for claim in pair]
        return decided(opened, payment, *shares, seen=0)

    pairs = [(claims[-1][0], claims[0][0]), (claims[-2][0], claims[1][0]), (claims[-1][0], claims[2][0])]
    works: list[Callable[[], Decision | Outcome]] = [
        partial(officer, payment, pair) for payment, pair in zip(payments, pairs, strict=True)
    ]
    found = together(*works, partial(finished, opened, run))
    refused = {type(one) for one in found if isinstance(one, Exception)}
    assert refused <= {ClaimMovedError}
    with opened() as session:
        assert session.scalars(select(Claim.ended).distinct()).all() == [ClaimEnd.PAID]
    with opened() as session:
        assert verify(session).ok


def test_work_that_meets_crosswise_is_done_again(committing: Database) -> None:
    """Two lock two rows in opposite orders; PostgreSQL ends one of them, and it does its work again."""
    opened, made = committed(committing, many=2)
    payments = sorted(received(opened, made, FEE) for _ in range(2))
    tries: list[int] = []

    def lock(order: list[int]) -> None:
        with opened() as session, session.begin():

            def work() -> None:
                tries.append(1)
                for payment in order:
                    held = select(PaymentCase).where(PaymentCase.payment_id == payment).with_for_update()
                    session.execute(held).all()
                    session.execute(text("SELECT pg_sleep(0.3)"))

            patiently(session, work)

    assert together(partial(lock, payments), partial(lock, payments[::-1])) == [None, None]
    assert len(tries) == 3
    with opened() as session:
        assert session.scalar(select(func.count()).select_from(Allocation)) == 0
        assert session.scalar(select(func.count()).select_from(Payment)) == 2
