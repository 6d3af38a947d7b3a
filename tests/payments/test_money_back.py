"""Money that comes back after it was used: small differences are owed again, and nothing goes back twice."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bankfiles.types import Reference
from bankfiles.write import Incoming
from database.connect import Database, OpenSession, Role
from dues.groups.models import Creditor, Overpaid
from dues.invoicing.models import Claim, ClaimEnd
from dues.journal.models import AccountRole
from dues.members.models import Membership
from dues.overview.timeline import Kind, Subject, Theme, timeline
from dues.payments.allocate import allocate
from dues.payments.keep import keep
from dues.payments.models import Allocation, Payment, PaymentCase
from dues.payments.moved import last_move
from dues.payments.queries import open_cases
from dues.payments.refunds import approve, order
from dues.payments.refunds.errors import SourceReturnedError
from dues.payments.refunds.models import Refund, RefundOrder, RefundState, Stopped
from dues.payments.refunds.propose import propose
from dues.payments.send_back import send_back
from dues.payments.take_back import take_back
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import Organisation, organisation
from tests.factories.runs import finished
from tests.factories.staff import employ
from tests.payments.test_matching import PAID
from tests.payments.test_refunds import BANKGIRO, LATER, OFFICER, balance, made, overpaid, rule
from tests.together import together

__all__ = ["made"]


@pytest.mark.parametrize(("beyond", "returned"), [(-99, True), (-99, False), (99, True), (99, False)])
def test_what_was_written_off_is_owed_again_when_its_payment_is_taken_back(
    session: Session, ledger: OpenSession, made: Organisation, *, beyond: int, returned: bool
) -> None:
    """By the bank or at the desk, and once more after somebody paid once more."""
    rule(session, made, tolerance=1_00)
    for nth in (1, 2):
        claim = session.get_one(Claim, overpaid(ledger, made, beyond))
        came = session.scalars(select(Payment).order_by(Payment.id.desc()).limit(1)).one()
        assert (claim.ended, balance(session, AccountRole.DIFFERENCE)) == (ClaimEnd.PAID, beyond)
        if returned:
            back = Incoming(amount=-came.amount, bank_reference=f"B{nth}", return_reason="MD06")
            gone = replace(back, references=(Reference(came.reference or ""),))
            run = banked(ledger, camt(made.agreement, [gone], on=LATER), on=LATER)
            assert (run.result["returned"], open_cases(session, limit=9)) == (1, [])
        else:
            for use in session.scalars(select(Allocation.id).where(Allocation.payment_id == came.id)).all():
                take_back(session, allocation_id=use, on=LATER, by=OFFICER)
            session.commit()
        session.refresh(claim)
        assert (claim.open_amount, claim.ended) == (claim.amount, None)
        paid_through = select(Membership.paid_through).where(Membership.person_id == claim.debtor_id)
        assert session.scalars(paid_through).one() is None
        assert [balance(session, role) for role in (AccountRole.DIFFERENCE, AccountRole.CREDIT)] == [0, 0]
    told = timeline(session, of=Subject(person_id=claim.debtor_id), zone=ZoneInfo("UTC"), themes=[Theme.MONEY])
    kinds = [one.kind for one in told.happenings]
    assert kinds.count(Kind.CREDIT_USED) == kinds.count(Kind.CREDIT_BACK) == (2 if beyond > 0 else 0)


def test_of_two_parts_only_what_is_taken_back_is_owed_again(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    """Nothing was written off, and so nothing of it comes back."""
    claim = session.get_one(Claim, owed(ledger)[0][0])
    banked(ledger, camt(made.agreement, [paid(100_00, ""), paid(25_00, "")], on=PAID), on=PAID)
    uses = [
        allocate(session, payment_id=case.payment_id, claim_id=claim.id, amount=None, on=PAID, by=OFFICER)
        for case in open_cases(session, limit=9)
    ]
    take_back(session, allocation_id=uses[0].allocation_id, on=LATER, by=OFFICER)
    session.refresh(claim)
    assert claim.open_amount == claim.amount - 25_00


def going_back(session: Session, ledger: OpenSession, made: Organisation, kept_as: str) -> Incoming:
    """Return money of which a refund is proposed: of the payment, by a rule, or because somebody asked."""
    if kept_as == "credit":
        rule(session, made, overpaid=Overpaid.REFUND)
        claim, reference, left = owed(ledger)[0]
        came = replace(paid(left + 90_00, reference), end_to_end_id="E9")
        banked(ledger, camt(made.agreement, [came], on=PAID), on=PAID)
        banked(ledger, camt(made.agreement, [paid(90_00)], on=PAID), on=PAID)
        (case,) = open_cases(session, limit=9)
        debtor = session.get_one(Claim, claim).debtor_id  # whose other credit does not stand in for what goes back
        keep(session, payment_id=case.payment_id, person_id=debtor, amount=None, on=PAID, by=OFFICER)
    elif kept_as == "asked for":
        rule(session, made, overpaid=Overpaid.CREDIT)
        claim, reference, left = owed(ledger)[0]
        came = replace(paid(left + 90_00, reference), end_to_end_id="E9")
        banked(ledger, camt(made.agreement, [came], on=PAID), on=PAID)
        told: dict[str, object] = {
            "name": "Kim Ek",
            "account": None,
            "reason": "",
            "payment_id": None,
            "currency": "SEK",
        }
        debtor = session.get_one(Claim, claim).debtor_id
        told |= {"creditor_id": made.creditor.id, "person_id": debtor}
        propose(session, amount=90_00, by=OFFICER, on=PAID, **told)  # type: ignore[arg-type]
    else:
        came = Incoming(amount=90_00, bank_reference="1", end_to_end_id="E9", payer_name="Kim Ek")
        banked(ledger, camt(made.agreement, [came], on=PAID), on=PAID)
        (case,) = open_cases(session, limit=9)
        values = {"payer_name": "Kim Ek", "payer_account": BANKGIRO, "reason": "no member", "seen": None}
        send_back(session, payment_id=case.payment_id, on=PAID, by=OFFICER, **values)  # type: ignore[arg-type]
    return came


@pytest.mark.parametrize("kept_as", ["payment", "credit", "asked for"])
def test_what_the_bank_takes_back_after_approval_drops_out_of_the_order(
    session: Session, ledger: OpenSession, made: Organisation, kept_as: str
) -> None:
    """When the return comes, and once more when the order is written: what was approved between the two is left out."""
    came = going_back(session, ledger, made, kept_as)
    refund = session.scalars(select(Refund)).one()
    approve.write_account(session, refund_id=refund.id, account=BANKGIRO, name="Kim Ek", by=OFFICER)
    approve.offer_approval(session, refund_id=refund.id, by=OFFICER, proposer=7)
    session.commit()
    gone = Incoming(amount=-came.amount, bank_reference="2", end_to_end_id="E9", return_reason="MD06")
    banked(ledger, camt(made.agreement, [gone], on=LATER), on=LATER)
    session.refresh(refund)
    assert (refund.state, refund.stopped) == (RefundState.PROPOSED, Stopped.SOURCE_RETURNED)
    with pytest.raises(SourceReturnedError):
        approve.offer_approval(session, refund_id=refund.id, by=OFFICER, proposer=7)
    session.execute(update(Refund).values(state=RefundState.APPROVED, stopped=None))
    session.commit()
    with ledger() as own, own.begin():
        run_id = order.start_order(
            own, creditor_id=made.creditor.id, currency="SEK", execute_on=LATER, on=LATER, by=OFFICER
        ).id
    assert finished(ledger, run_id).result == {"files": 0, "issued": 0, "left_out": 1}
    session.refresh(refund)
    assert (refund.state, refund.stopped) == (RefundState.PROPOSED, Stopped.SOURCE_RETURNED)
    assert session.scalars(select(RefundOrder)).all() == []


def test_two_who_approve_at_once_do_not_pass_the_limit_in_two_steps(committing: Database) -> None:
    opened = committing.opener(Role.JOBS)
    with committing.unit_of_work(Role.JOBS) as session:
        found = organisation(session)
        session.execute(update(Creditor).values(refund_limit=100_00))
        proposer = employ(session).id
        session.expunge_all()
    banked(opened, camt(found.agreement, [paid(120_00)], on=PAID), on=PAID)
    with opened() as session, session.begin():
        payment = session.scalars(select(PaymentCase.payment_id)).one()
        whose = {"creditor_id": found.creditor.id, "person_id": None, "payment_id": payment, "currency": "SEK"}
        told = {"name": "Bo", "account": BANKGIRO, "reason": "Wrong receiver", "by": OFFICER, "on": PAID}
        before = last_move(session, payment_id=payment)
        both = [propose(session, amount=60_00, **whose, **told) for _ in range(2)]  # type: ignore[arg-type]
        assert last_move(session, payment_id=payment) > before, "a refund is a move, too"

    def approved(refund_id: int) -> None:
        with opened() as own, own.begin():
            approve.offer_approval(own, refund_id=refund_id, by=OFFICER, proposer=proposer)

    together(*(partial(approved, one) for one in both))  # of the other a second person is asked
    with opened() as session:
        states = sorted(session.scalars(select(Refund.state)))
    assert states == [RefundState.APPROVED, RefundState.PROPOSED]
