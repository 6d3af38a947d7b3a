"""Money that goes back: from too much that came to the bank's word that it left, and what may happen between."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from lxml import etree
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bankfiles.types import Account as BankAccount
from bankfiles.write import Incoming
from database.connect import OpenSession
from dues.actor import Actor
from dues.delivery.models import Message
from dues.groups.models import CASH, BankAgreement, Creditor, Overpaid, ReferenceKind
from dues.invoicing.models import Claim, ClaimEnd
from dues.journal.models import Account, AccountRole, Posting
from dues.members.models import Membership
from dues.payments import used_mail
from dues.payments.allocate import allocate
from dues.payments.errors import NotReturnedError, UnknownAllocationError
from dues.payments.gifts.funds import add_fund
from dues.payments.gifts.give import take_gift_back
from dues.payments.gifts.models import Gift
from dues.payments.keep import keep
from dues.payments.match import start_matching
from dues.payments.models import Credit, Payment, PaymentCase
from dues.payments.overpaid import set_overpaid
from dues.payments.queries import open_cases
from dues.payments.refunds import approve, order
from dues.payments.refunds.cancel import cancel, reject
from dues.payments.refunds.errors import (
    NoOrderAccountError,
    NoPayoutAccountError,
    NotEnoughCreditError,
    RefundMovedError,
    SourceReturnedError,
    WrongPayoutAccountError,
)
from dues.payments.refunds.find import told_by_bank
from dues.payments.refunds.models import Refund, RefundOrder, RefundPaymentKind, RefundState, Stopped
from dues.payments.refunds.propose import propose
from dues.payments.returned import return_by_hand
from dues.payments.send_back import send_back
from dues.payments.take_credit_back import take_credit_back, used_for
from dues.payments.use_credit import use_credit
from dues.runs.models import Run
from language import Language
from tests.factories.members import member
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import finished, issued
from tests.payments.test_matching import DAY, PAID, THROUGH

LATER = PAID + dt.timedelta(days=5)
OFFICER = Actor("staff", "7")
BANKGIRO = "5050-1055"


@pytest.fixture
def made(session: Session, ledger: OpenSession) -> Organisation:
    """An organisation with three members who have been invoiced."""
    found = organisation(session)
    for _ in range(3):
        member(session, found, joined_on=DAY)
    issued(ledger, on=DAY)
    return found


def rule(session: Session, made: Organisation, **values: object) -> None:
    session.execute(update(Creditor).where(Creditor.id == made.creditor.id).values(**values))
    session.commit()


def balance(session: Session, role: AccountRole) -> int:
    """What lies on a creditor's accounts of a role: credits less debits."""
    accounts = set(session.scalars(select(Account.id).where(Account.role == role)))
    rows = session.execute(select(Posting.debit_account_id, Posting.credit_account_id, Posting.amount))
    return sum(amount * ((credit in accounts) - (debit in accounts)) for debit, credit, amount in rows)


def overpaid(ledger: OpenSession, made: Organisation, beyond: int) -> int:
    """Pays the first open claim and something beyond (or less); the claim."""
    claim, reference, left = next(one for one in owed(ledger) if one[2])
    banked(ledger, camt(made.agreement, [paid(left + beyond, reference)], on=PAID), on=PAID)
    return claim


def ordered(session: Session, ledger: OpenSession, made: Organisation) -> bytes:
    """Orders what is approved, and returns the file."""
    with ledger() as own, own.begin():
        run = order.start_order(
            own, creditor_id=made.creditor.id, currency="SEK", execute_on=LATER, on=LATER, by=OFFICER
        )
        run_id = run.id
    with ledger() as killed:
        run = killed.get_one(Run, run_id)
        assert [order.WORK.step(killed, run) for _step in range(2)] == [True, False]
        killed.rollback()
    assert session.scalars(select(RefundOrder.id).where(RefundOrder.run_id == run_id)).all() == []
    assert finished(ledger, run_id).state == "done"
    assert finished(ledger, run_id).state == "done"
    return session.scalars(select(RefundOrder.content).where(RefundOrder.run_id == run_id)).one()


def test_too_much_goes_back_and_is_booked_when_the_bank_says_so(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    rule(session, made, overpaid=Overpaid.REFUND)
    claim = overpaid(ledger, made, 70_00)
    settled = session.get_one(Claim, claim)
    assert (settled.open_amount, settled.ended, open_cases(session, limit=9)) == (0, ClaimEnd.PAID, [])
    covered = session.scalars(select(Membership.paid_through).where(Membership.person_id == settled.debtor_id)).one()
    assert covered == THROUGH
    refund = session.scalars(select(Refund)).one()
    assert (refund.state, refund.amount, refund.person_id) == (RefundState.PROPOSED, 70_00, settled.debtor_id)
    assert balance(session, AccountRole.REFUND) == 70_00
    assert session.scalars(select(Credit)).all() == []

    with pytest.raises(NoPayoutAccountError):
        approve.offer_approval(session, refund_id=refund.id, by=OFFICER, proposer=7)
    with pytest.raises(WrongPayoutAccountError):
        approve.write_account(session, refund_id=refund.id, account="5050-1056", name="", by=OFFICER)
    approve.write_account(session, refund_id=refund.id, account=BANKGIRO, name="Kim Ek", by=OFFICER)
    assert approve.offer_approval(session, refund_id=refund.id, by=OFFICER, proposer=7) is None
    session.commit()
    content = ordered(session, ledger, made)
    tree = etree.fromstring(content)
    assert [one.text for one in tree.iter("{*}InstdAmt")] == ["70.00"]
    session.refresh(refund)
    assert [one.text for one in tree.iter("{*}EndToEndId")] == [refund.end_to_end_id]
    assert refund.state is RefundState.SENT
    with pytest.raises(RefundMovedError):
        cancel(session, refund_id=refund.id, on=LATER, by=OFFICER)

    left = Incoming(amount=-70_00, bank_reference="77", end_to_end_id=refund.end_to_end_id or "")
    banked(ledger, camt(made.agreement, [left], on=LATER), on=LATER)
    session.refresh(refund)
    assert (refund.state, refund.ended_on) == (RefundState.CONFIRMED, LATER)
    assert (balance(session, AccountRole.REFUND), open_cases(session, limit=9)) == (0, [])

    back = Incoming(amount=70_00, bank_reference="78", end_to_end_id=refund.end_to_end_id or "", return_reason="AC04")
    banked(ledger, camt(made.agreement, [back], on=LATER), on=LATER)
    session.refresh(refund)
    assert (refund.state, balance(session, AccountRole.REFUND)) == (RefundState.BOUNCED, 70_00)
    told = [(kind, one.amount, one.return_reason) for kind, one in told_by_bank(session, refund_id=refund.id)]
    assert told == [(RefundPaymentKind.PAID, -70_00, None), (RefundPaymentKind.BOUNCED, 70_00, "AC04")]
    cancel(session, refund_id=refund.id, on=LATER, by=OFFICER)
    assert session.scalars(select(Credit.balance)).all() == [70_00]
    assert balance(session, AccountRole.REFUND) == 0


@pytest.mark.parametrize("together", [True, False])
def test_money_that_is_back_before_the_bank_confirms_its_refund_waits_for_another_account(
    session: Session, ledger: OpenSession, made: Organisation, *, together: bool
) -> None:
    rule(session, made, overpaid=Overpaid.REFUND)
    overpaid(ledger, made, 70_00)
    refund = session.scalars(select(Refund)).one()
    approve.write_account(session, refund_id=refund.id, account=BANKGIRO, name="Kim Ek", by=OFFICER)
    approve.offer_approval(session, refund_id=refund.id, by=OFFICER, proposer=7)
    session.commit()
    ordered(session, ledger, made)
    session.refresh(refund)
    told = refund.end_to_end_id or ""
    left = Incoming(amount=-70_00, bank_reference="77", end_to_end_id=told)
    back = Incoming(amount=70_00, bank_reference="78", end_to_end_id=told, return_reason="AC04")
    for payments in [[left, back]] if together else [[back], [left]]:
        banked(ledger, camt(made.agreement, payments, on=LATER), on=LATER)
    session.refresh(refund)
    assert (refund.state, refund.ended_on, open_cases(session, limit=9)) == (RefundState.BOUNCED, None, [])
    assert balance(session, AccountRole.REFUND) == 70_00


@pytest.mark.parametrize("becomes", [Overpaid.REFUND, Overpaid.GIFT])
def test_money_that_was_spent_by_rule_is_not_taken_back_with_its_payment_before_that_is_undone(
    session: Session, ledger: OpenSession, made: Organisation, becomes: Overpaid
) -> None:
    fund = add_fund(session, creditor_id=made.creditor.id, names={"en": "Organ"})
    set_overpaid(session, creditor_id=made.creditor.id, overpaid=becomes, fund_id=fund.id, tolerance=0)
    session.commit()
    claim, reference, left = owed(ledger)[0]
    came = replace(paid(left + 70_00, reference), end_to_end_id="E1")
    banked(ledger, camt(made.agreement, [came], on=PAID), on=PAID)
    back = replace(paid(-left - 70_00), end_to_end_id="E1", return_reason="MD06")
    banked(ledger, camt(made.agreement, [back], on=LATER), on=LATER)
    session.expire_all()
    (waits,) = open_cases(session, limit=9)
    assert (waits.unallocated, session.get_one(Claim, claim).ended) == (-left - 70_00, ClaimEnd.PAID)
    original = session.scalars(select(Payment.id).where(Payment.amount > 0)).one()
    pair = {"payment_id": waits.payment_id, "original_id": original, "on": LATER, "by": OFFICER}
    with pytest.raises(NotReturnedError):
        return_by_hand(session, **pair)  # type: ignore[arg-type]
    if becomes is Overpaid.REFUND:
        cancel(session, refund_id=session.scalars(select(Refund.id)).one(), on=LATER, by=OFFICER)
    else:
        take_gift_back(session, gift_id=session.scalars(select(Gift.id)).one(), on=LATER, by=OFFICER)
    session.expire_all()
    assert (open_cases(session, limit=9), session.get_one(Claim, claim).open_amount) == ([], left)
    assert session.scalars(select(Credit.balance)).all() == [0]


def test_above_the_limit_a_second_person_agrees_to_the_account_they_saw(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    rule(session, made, refund_limit=100_00)
    banked(ledger, camt(made.agreement, [paid(300_00)], on=PAID), on=PAID)
    payment = session.scalars(select(PaymentCase.payment_id)).one()
    made_of = {"creditor_id": made.creditor.id, "person_id": None, "payment_id": payment, "currency": "SEK"}
    told = {"name": "Bo", "account": BANKGIRO, "reason": "Wrong receiver", "by": OFFICER, "on": PAID}
    whole = [propose(session, amount=amount, **made_of, **told) for amount in (60_00, 60_00)]  # type: ignore[arg-type]
    assert open_cases(session, limit=9)[0].unallocated == 180_00
    assert approve.offer_approval(session, refund_id=whole[0], by=OFFICER, proposer=7) is None
    refund = session.get_one(Refund, whole[1])
    creditor = session.get_one(Creditor, made.creditor.id)
    assert not approve.within_limit(session, refund=refund, creditor=creditor), "in small steps"
    seen = {"amount": refund.amount, "name": "Bo", "scheme": "BGNR", "number": "50501055"}
    payload = {"refund": refund.id, **seen, "by": 7, "agreed": 8}
    for other in ({"number": "123"}, {"scheme": "PGNR"}, {"name": "Kim"}):
        with pytest.raises(RefundMovedError):
            approve.approve_proposed(session, {**payload, **other})
    approve.approve_proposed(session, payload)
    assert (refund.state, refund.approved_by) == (RefundState.APPROVED, "staff:8")
    cancel(session, refund_id=refund.id, on=LATER, by=OFFICER)
    assert open_cases(session, limit=9)[0].unallocated == 240_00
    session.commit()
    ordered(session, ledger, made)
    sent = session.get_one(Refund, whole[0])
    reject(session, refund_id=sent.id)
    assert (sent.state, sent.stopped) == (RefundState.BOUNCED, Stopped.REJECTED)


def test_no_order_pays_from_cash(session: Session, made: Organisation) -> None:
    cash = BankAgreement(
        creditor_id=made.creditor.id,
        scheme=CASH,
        number="CASH",
        currency="NOK",
        reference_kind=ReferenceKind.RF,
        bank_account_id=made.agreement.bank_account_id,
        preferred=False,
    )
    session.add(cash)
    session.flush()
    with pytest.raises(NoOrderAccountError):
        order.paying_account(session, creditor_id=made.creditor.id, currency="NOK")


def test_money_of_ours_that_came_back_is_nobodys_payment(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    claim, _, left = owed(ledger)[0]
    account = BankAccount("IBAN", "SE4550000000058398257466")
    banked(ledger, camt(made.agreement, [replace(paid(10_00), payer_account=account)], on=PAID), on=PAID)
    known = session.scalars(select(Payment.id)).one()
    allocate(session, payment_id=known, claim_id=claim, amount=10_00, on=PAID, by=OFFICER)
    session.commit()
    back = replace(paid(left - 10_00), payer_account=account, return_reason="AC04")
    banked(ledger, camt(made.agreement, [back], on=LATER), on=LATER)
    with ledger() as own, own.begin():
        run_id = start_matching(own, on=LATER, by=OFFICER).id
    finished(ledger, run_id)
    session.expire_all()
    assert session.get_one(Claim, claim).open_amount == left - 10_00
    assert [case.unallocated for case in open_cases(session, limit=9)] == [left - 10_00]


def test_credit_goes_back_once(session: Session, ledger: OpenSession, made: Organisation) -> None:
    banked(ledger, camt(made.agreement, [paid(50_00)], on=PAID), on=PAID)
    debtor = session.get_one(Claim, owed(ledger)[0][0]).debtor_id
    payment = session.scalars(select(PaymentCase.payment_id)).one()
    keep(session, payment_id=payment, person_id=debtor, amount=None, on=PAID, by=OFFICER)
    told = {"creditor_id": made.creditor.id, "person_id": debtor, "payment_id": None, "currency": "SEK"}
    said = {"name": "Bo", "account": None, "reason": "", "by": OFFICER, "on": PAID}
    propose(session, amount=30_00, **told, **said)  # type: ignore[arg-type]
    with pytest.raises(NotEnoughCreditError):
        propose(session, amount=30_00, **told, **said)  # type: ignore[arg-type]
    assert session.scalars(select(Credit.balance)).all() == [20_00]


@pytest.mark.parametrize(("beyond", "written_off"), [(-99, -99), (99, 99), (-101, 0), (101, 0)])
def test_small_differences_are_written_off_within_the_tolerance(
    session: Session, ledger: OpenSession, made: Organisation, beyond: int, written_off: int
) -> None:
    rule(session, made, tolerance=1_00)
    claim = session.get_one(Claim, overpaid(ledger, made, beyond))
    assert balance(session, AccountRole.DIFFERENCE) == written_off
    assert len(open_cases(session, limit=9)) == (0 if written_off else 1)
    assert (claim.ended is ClaimEnd.PAID) == bool(written_off)
    paid_through = session.scalars(select(Membership.paid_through).where(Membership.person_id == claim.debtor_id))
    assert (paid_through.one() == THROUGH) == bool(written_off)


def test_what_is_too_much_is_kept_as_credit_by_rule(session: Session, ledger: OpenSession, made: Organisation) -> None:
    rule(session, made, overpaid=Overpaid.CREDIT)
    claim = session.get_one(Claim, overpaid(ledger, made, 12_00))
    kept = session.scalars(select(Credit)).one()
    assert (kept.person_id, kept.balance) == (claim.debtor_id, 12_00)


def test_credit_pays_the_next_invoice_by_itself(session: Session, ledger: OpenSession, made: Organisation) -> None:
    rule(session, made, overpaid=Overpaid.CREDIT)
    claims = [session.get_one(Claim, claim) for claim, _, _ in owed(ledger)]
    owing = claims[1]
    overpaid(ledger, made, 12_00)
    assert use_credit(session, on=LATER, by=OFFICER) == 0, "nothing else is owed"
    banked(ledger, camt(made.agreement, [paid(FEE)], on=PAID), on=PAID)
    payment = session.scalars(select(PaymentCase.payment_id).where(PaymentCase.closed_at.is_(None))).one()
    keep(session, payment_id=payment, person_id=owing.debtor_id, amount=None, on=PAID, by=OFFICER)
    session.commit()
    with ledger() as own, own.begin():
        assert use_credit(own, on=LATER, by=OFFICER) == 1
    session.refresh(owing)
    (message,) = session.scalars(select(Message).where(Message.kind == "credit used")).all()
    told = used_mail.used(session, uses=[message.subject_id])[message.subject_id]
    assert (message.person_id, told.amount, told.left) == (owing.debtor_id, FEE, 0)
    assert "The invoice is paid in full." in used_mail.used_words(told, Language("en")).text
    assert (owing.ended, owing.open_amount) == (ClaimEnd.PAID, 0)
    through = select(Membership.paid_through).where(Membership.person_id == owing.debtor_id)
    assert session.scalars(through).one() == THROUGH
    assert session.scalars(select(Credit.balance).where(Credit.balance > 0)).all() == [12_00]
    assert use_credit(session, on=LATER, by=OFFICER) == 0
    (use,) = used_for(session, person_id=owing.debtor_id)
    take_credit_back(session, use_id=use.use_id, on=LATER, by=OFFICER)
    assert (owing.ended, owing.open_amount, session.scalars(through).one()) == (None, FEE, None)
    assert used_mail.used(session, uses=[message.subject_id])[message.subject_id].amount == 0, "withheld now"
    assert sorted(session.scalars(select(Credit.balance))) == [12_00, FEE]
    assert use_credit(session, on=LATER, by=OFFICER) == 0, "what was taken back is not used again by itself"
    with pytest.raises(UnknownAllocationError):
        take_credit_back(session, use_id=use.use_id, on=LATER, by=OFFICER)


def test_what_the_bank_took_back_is_not_refunded_as_well(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    came = Incoming(amount=90_00, bank_reference="1", end_to_end_id="E9", payer_name="Kim Ek")
    banked(ledger, camt(made.agreement, [came], on=PAID), on=PAID)
    (case,) = open_cases(session, limit=9)
    refund = send_back(
        session,
        payment_id=case.payment_id,
        payer_name="Kim Ek",
        payer_account=BANKGIRO,
        reason="no member",
        seen=None,
        on=PAID,
        by=OFFICER,
    )
    session.commit()
    gone = Incoming(amount=-90_00, bank_reference="2", end_to_end_id="E9", return_reason="MD06")
    banked(ledger, camt(made.agreement, [gone], on=LATER), on=LATER)
    with pytest.raises(SourceReturnedError):
        approve.offer_approval(session, refund_id=refund.id, by=OFFICER, proposer=7)
    cancel(session, refund_id=refund.id, on=LATER, by=OFFICER)  # the return meets its payment at once
    assert (open_cases(session, limit=9), balance(session, AccountRole.REFUND)) == ([], 0)
