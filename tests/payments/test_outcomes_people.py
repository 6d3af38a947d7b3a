"""From a bank's file to ledger and membership: gifts beside dues, death, guardians, leaving with credit."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from dues.delivery.models import Channel, Message
from dues.groups.models import Overpaid
from dues.invoicing.models import Claim, ClaimEnd, Invoice
from dues.journal.models import AccountRole
from dues.loop.death import record_death
from dues.loop.end import end_membership
from dues.members.models import Membership, MembershipStatus
from dues.members.register import pay_for
from dues.payments.decide import Share, decide
from dues.payments.exchange import exchange
from dues.payments.gifts.funds import add_fund
from dues.payments.gifts.give import give
from dues.payments.gifts.models import Gift
from dues.payments.models import BankSection, CaseReason, Credit
from dues.payments.overpaid import set_overpaid
from dues.payments.refunds.models import Refund
from dues.payments.refunds.propose import propose
from dues.payments.reissue import Anew, reissue
from tests.factories.members import person
from tests.factories.money import banked, bgmax, camt, owed, paid
from tests.factories.organisation import FEE
from tests.factories.runs import matched
from tests.payments.outcomes import (
    LATER,
    PAID,
    THROUGH,
    credit_of,
    first_waiting,
    invoiced,
    membership_of,
    mt940,
    ocr,
    paid_through,
    stands,
    waits,
)
from tests.payments.test_allocate import OFFICER
from tests.payments.test_matching import in_the_bank
from tests.payments.test_refunds import balance

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession

SETTLED = (0, ClaimEnd.PAID)
OPEN = (FEE, None)


def test_bgmax_dues_and_a_gift_in_one_payment(session: Session, ledger: OpenSession) -> None:
    """By rule what exceeds the fee is a gift; without one an officer splits it, and the gift is given."""
    made = invoiced(session, ledger)
    creditor = made.creditor.id
    fund = add_fund(session, creditor_id=creditor, names={"sv": "Orgel"}).id
    (_, one, _), (second, two, _), _ = owed(ledger)
    banked(ledger, bgmax(made.agreement, [paid(FEE + 5000, two)], on=PAID), on=PAID)
    payer = session.get_one(Claim, second).debtor_id
    shares = [Share(claim_id=second, amount=FEE), Share(person_id=payer, amount=5000)]
    with ledger() as own, own.begin():
        decide(own, payment_id=first_waiting(own), shares=shares, seen=0, on=PAID, by=OFFICER)
        told = {"creditor_id": creditor, "person_id": payer, "fund_id": fund, "currency": "SEK"}
        give(own, amount=5000, on=PAID, by=OFFICER, **told)  # type: ignore[arg-type]
        set_overpaid(own, creditor_id=creditor, overpaid=Overpaid.GIFT, fund_id=fund, tolerance=0)
    banked(ledger, bgmax(made.agreement, [paid(FEE + 2500, one)], on=LATER), on=LATER)
    assert session.execute(select(Gift.amount, Gift.on_date).order_by(Gift.id)).all() == [(5000, PAID), (2500, LATER)]
    assert (stands(session)[:2], credit_of(session), waits(session)) == ([SETTLED] * 2, [], [])
    assert balance(session, AccountRole.GIFT) == 7500


def test_ocr_giro_an_estate_pays_what_a_member_who_died_owed(session: Session, ledger: OpenSession) -> None:
    """What had begun stays owed; the money settles it, and nobody writes to the dead by mail."""
    made = invoiced(session, ledger, "NO", members=1)
    ((claim, kid, _),) = owed(ledger)
    dead = session.get_one(Claim, claim).debtor_id
    membership_of(session, claim).status = MembershipStatus.ACTIVE
    session.commit()
    with ledger() as own, own.begin():
        record_death(own, person_id=dead, on=PAID, today=PAID, by=OFFICER)
    assert stands(session) == [OPEN]
    banked(ledger, ocr(made.agreement, [paid(FEE, kid)], on=LATER), on=LATER, name="ocr.txt")
    assert (stands(session), waits(session)) == ([SETTLED], [])
    assert membership_of(session, claim).status is MembershipStatus.DECEASED
    told = select(Message.channel).where(Message.kind != "invoice", Message.channel == Channel.EMAIL)
    assert session.scalars(told).all() == []


def test_mt940_a_guardian_pays_for_a_member_who_may_no_longer_decide(session: Session, ledger: OpenSession) -> None:
    """The open invoice is written anew to the guardian: its reference settles, and the old one is still understood."""
    made = invoiced(session, ledger, "DE", members=1)
    ((claim, old, _),) = owed(ledger)
    ward = session.get_one(Claim, claim)
    guardian = person(session, family_name="Vogt").id
    pay_for(session, person_id=ward.debtor_id, payer_id=guardian, on=PAID)
    invoice = ward.invoice_id
    session.commit()
    with ledger() as own, own.begin():
        due_on = PAID + dt.timedelta(days=30)
        new = reissue(own, anew=Anew(invoice, due_on, uuid.uuid4()), on=PAID, by=OFFICER).id
    assert session.get_one(Invoice, new).payer_id == guardian
    second = session.scalars(select(Claim.id).where(Claim.invoice_id == new)).one()
    reference = next(value for at, value, _ in owed(ledger) if at == second)
    banked(ledger, camt(made.agreement, [paid(FEE, old), paid(FEE, reference)], on=LATER), on=LATER)
    assert waits(session) == [(CaseReason.ALREADY_CREDITED, FEE)]
    assert stands(session) == [(0, ClaimEnd.CREDITED), SETTLED]
    covered = session.scalars(select(Membership.paid_through).where(Membership.person_id == ward.debtor_id))
    assert covered.one() == THROUGH
    assert in_the_bank(session, made, "EUR") == 2 * FEE


@pytest.mark.parametrize("wish", ["keep", "refund", "give"])
def test_who_leaves_with_credit_keeps_it_gets_it_back_or_gives_it(
    session: Session, ledger: OpenSession, wish: str
) -> None:
    made = invoiced(session, ledger, members=1)
    creditor = made.creditor.id
    fund = add_fund(session, creditor_id=creditor, names={"sv": "Orgel"}).id
    set_overpaid(session, creditor_id=creditor, overpaid=Overpaid.CREDIT, fund_id=None, tolerance=0)
    session.commit()
    ((claim, reference, _),) = owed(ledger)
    banked(ledger, bgmax(made.agreement, [paid(FEE + 6000, reference)], on=PAID), on=PAID)
    assert credit_of(session) == [6000]
    left = membership_of(session, claim)
    membership = left.id
    whose = {"creditor_id": creditor, "person_id": left.person_id, "currency": "SEK", "on": LATER}
    with ledger() as own, own.begin():
        end_membership(
            own, membership_id=membership, status=MembershipStatus.LEFT, on=LATER, today=LATER, by=OFFICER, paid=False
        )
        if wish == "refund":
            terms = {"payment_id": None, "name": "Kim Ek", "account": "5050-1055", "reason": "left", **whose}
            propose(own, amount=6000, by=OFFICER, **terms)  # type: ignore[arg-type]
        elif wish == "give":
            give(own, fund_id=fund, amount=6000, by=OFFICER, **whose)  # type: ignore[arg-type]
    assert session.scalars(select(Credit.balance)).all() == [6000 if wish == "keep" else 0]
    assert session.scalars(select(Refund.amount)).all() == ([6000] if wish == "refund" else [])
    assert balance(session, AccountRole.GIFT) == (6000 if wish == "give" else 0)


def test_camt_foreign_money_less_what_a_bank_took_on_the_way_settles_in_full(
    session: Session, ledger: OpenSession
) -> None:
    """An invoice in euro paid in kroner, of which less arrives: booked at the bank's rate, the loss posted."""
    made = invoiced(session, ledger, "NL", members=1)
    ((claim, reference, _),) = owed(ledger)
    banked(ledger, camt(made.agreement, [paid(561_000, reference)], on=PAID, currency="SEK"), on=PAID)
    assert waits(session) == [(CaseReason.OTHER_CURRENCY, 561_000)]
    with ledger() as own, own.begin():
        rate = Decimal("0.089")
        done = exchange(
            own, payment_id=first_waiting(own), claim_id=claim, rate=rate, in_full=True, on=PAID, by=OFFICER
        )
        assert (done.worth, done.settled) == (49_929, FEE)
    assert (stands(session), waits(session), paid_through(session, claim)) == ([SETTLED], [], THROUGH)


def test_mt940_paid_years_late_settles_the_year_it_was_meant_for(session: Session, ledger: OpenSession) -> None:
    made = invoiced(session, ledger, "DE", members=1)
    ((claim, reference, _),) = owed(ledger)
    late = dt.date(2028, 1, 5)
    read_on = late + dt.timedelta(days=3)
    banked(ledger, mt940(made.agreement, [paid(FEE, message=reference)], on=late), on=read_on, name="1.sta")
    matched(ledger, on=read_on)
    assert session.scalars(select(BankSection.created_on)).all() == [late]  # the statement's own day, not ours
    assert (stands(session), paid_through(session, claim)) == ([SETTLED], THROUGH)
