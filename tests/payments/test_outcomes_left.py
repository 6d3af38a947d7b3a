"""From a bank's file to ledger and queue: money that left, was returned or deducted, and what is no member's."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from sqlalchemy import select

from bankfiles.types import Account as BankAccount
from bankfiles.types import Reference
from bankfiles.write import Incoming
from dues.delivery.models import Message
from dues.groups.models import Creditor, Overpaid, ReturnedFee
from dues.groups.returned import set_returned
from dues.invoicing.models import ClaimEnd
from dues.journal.bank_cost import open_bank_cost
from dues.journal.models import AccountRole
from dues.payments.allocate import allocate
from dues.payments.aside import Setting, bring_back, set_aside
from dues.payments.models import CaseReason, Payment
from dues.payments.payer_rules import Ruled, make_rule
from dues.payments.refunds import approve
from dues.payments.refunds.models import Refund, RefundState
from tests.factories.money import banked, bgmax, camt, owed, paid
from tests.factories.organisation import FEE
from tests.factories.runs import matched
from tests.payments.outcomes import (
    LATER,
    PAID,
    THROUGH,
    first_waiting,
    invoiced,
    mt940,
    ocr,
    paid_through,
    stands,
    waits,
)
from tests.payments.test_allocate import OFFICER
from tests.payments.test_matching import in_the_bank
from tests.payments.test_refunds import BANKGIRO, balance, ordered, rule

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession

SETTLED = (0, ClaimEnd.PAID)
OPEN = (FEE, None)
KIM = BankAccount("IBAN", "DE02120300000000202051")


def test_ocr_giro_money_nobody_can_place_is_kept_seen_set_aside_and_brought_back(
    session: Session, ledger: OpenSession
) -> None:
    """After months it goes to an account for what cannot be placed; whoever asks for it later gets it."""
    made = invoiced(session, ledger, "NO")
    (claim, _, _), *_ = owed(ledger)
    banked(ledger, ocr(made.agreement, [paid(FEE, message="Hilsen Kari")]), on=PAID, name="ocr.txt")
    assert waits(session) == [(CaseReason.NO_REFERENCE, FEE)]
    payment = first_waiting(session)
    on = PAID + dt.timedelta(days=92)
    with ledger() as own, own.begin():
        row = set_aside(own, payment_id=payment, wanted=Setting("three months without an owner"), on=on, by=OFFICER)
        aside = row.id
    assert (waits(session), balance(session, AccountRole.NOT_OURS), in_the_bank(session, made, "NOK")) == (
        *([], FEE, FEE),
    )
    with ledger() as own, own.begin():
        bring_back(own, aside_id=aside, on=on, by=OFFICER)
    assert waits(session) == [(CaseReason.TAKEN_BACK, FEE)]
    decided(ledger, payment, claim)
    assert (stands(session)[0], balance(session, AccountRole.NOT_OURS)) == (SETTLED, 0)


def decided(ledger: OpenSession, payment: int, claim: int) -> None:
    with ledger() as own, own.begin():
        allocate(own, payment_id=payment, claim_id=claim, amount=None, on=LATER, by=OFFICER)


def test_mt940_a_rule_keeps_what_is_no_members_out_of_the_queue_whichever_way_it_went(
    session: Session, ledger: OpenSession
) -> None:
    """The bank's fees and interest come every month; after the first time nobody has to look at them."""
    made = invoiced(session, ledger, "DE")
    banked(ledger, mt940(made.agreement, [paid(-150, message="Kontoentgelt")]), on=PAID, name="1.sta")
    assert waits(session) == [(CaseReason.MONEY_LEFT, -150)]
    fee = first_waiting(session)
    with ledger() as own, own.begin():
        aside = set_aside(own, payment_id=fee, wanted=Setting("the bank's fee"), on=PAID, by=OFFICER).id
    assert (waits(session), balance(session, AccountRole.NOT_OURS)) == ([], -150)
    with ledger() as own, own.begin():
        bring_back(own, aside_id=aside, on=PAID, by=OFFICER)
        set_aside(own, payment_id=fee, wanted=Setting("the bank's fee"), on=PAID, by=OFFICER)
        make_rule(own, ruled=Ruled(fee, words="kontoentgelt"), by=OFFICER)
        make_rule(own, ruled=Ruled(fee, words="habenzins"), by=OFFICER)
    came = [paid(-150, message="Kontoentgelt"), paid(40, message="Habenzins"), paid(-99, message="Lastschrift Miete")]
    banked(ledger, mt940(made.agreement, came, on=LATER, number=2), on=LATER, name="2.sta")
    assert waits(session) == [(CaseReason.MONEY_LEFT, -99)]
    assert balance(session, AccountRole.NOT_OURS) == -260
    assert in_the_bank(session, made, "EUR") == -359


def test_bgmax_a_deduction_lowers_what_reached_the_bank_and_waits(session: Session, ledger: OpenSession) -> None:
    """A payer uses a credit note: the invoice is paid whole, the note is no money, and the books are the bank's."""
    made = invoiced(session, ledger)
    (claim, reference, _), *_ = owed(ledger)
    came = [paid(FEE, reference), replace(paid(-200), references=(Reference("74450"),))]
    banked(ledger, bgmax(made.agreement, came, on=PAID), on=PAID)
    assert session.scalars(select(Payment.kind).order_by(Payment.id)).all() == ["payment", "deduction"]
    assert (stands(session)[0], paid_through(session, claim)) == (SETTLED, THROUGH)
    assert waits(session) == [(CaseReason.MONEY_LEFT, -200)]
    assert in_the_bank(session, made) == FEE - 200
    with ledger() as own, own.begin():
        set_aside(own, payment_id=first_waiting(own), wanted=Setting("credit note 74450"), on=PAID, by=OFFICER)
    assert waits(session) == []


def test_mt940_a_returned_debit_with_the_banks_fee_opens_the_claim_and_books_the_fee(
    session: Session, ledger: OpenSession
) -> None:
    """As German banks tell it: what went back and their fee in one sum, with both in field 61."""
    made = invoiced(session, ledger, "DE", members=1)
    creditor = session.get_one(Creditor, made.creditor.id)
    set_returned(session, creditor_id=creditor.id, cover=creditor.returned_cover, fee=ReturnedFee.COST)
    open_bank_cost(session, creditor=creditor)
    session.commit()
    ((claim, reference, _),) = owed(ledger)
    came = replace(paid(FEE, message=f"Beitrag {reference}"), end_to_end_id="E2026-17", payer_account=KIM)
    banked(ledger, mt940(made.agreement, [came]), on=PAID, name="1.sta")
    matched(ledger, on=PAID)
    assert (stands(session), paid_through(session, claim)) == ([SETTLED], THROUGH)
    back = replace(paid(-FEE - 350), end_to_end_id="E2026-17", payer_account=KIM, return_reason="AC04")
    file = mt940(made.agreement, [back], on=LATER, number=2).getvalue()
    told = b"\r\n/OCMT/EUR500,00/CHGS/EUR3,50/\r\n:86:"
    assert banked(ledger, BytesIO(file.replace(b"\r\n:86:", told)), on=LATER, name="2.sta").result["returned"] == 1
    assert (stands(session), paid_through(session, claim), waits(session)) == ([OPEN], None, [])
    assert balance(session, AccountRole.BANK_COST) == -350
    assert session.scalars(select(Message.kind).where(Message.kind == "returned")).all() == ["returned"]


def test_camt_a_refund_that_bounced_goes_to_another_account(session: Session, ledger: OpenSession) -> None:
    made = invoiced(session, ledger)
    rule(session, made, overpaid=Overpaid.REFUND)
    _, reference, _ = owed(ledger)[0]
    banked(ledger, camt(made.agreement, [paid(FEE + 7000, reference)], on=PAID), on=PAID)
    refund = session.scalars(select(Refund)).one()
    for at, account in enumerate((BANKGIRO, "SE4550000000058398257466")):
        session.refresh(refund)
        approve.write_account(session, refund_id=refund.id, account=account, name="Kim Ek", by=OFFICER)
        approve.offer_approval(session, refund_id=refund.id, by=OFFICER, proposer=7)
        session.commit()
        ordered(session, ledger, made)
        session.refresh(refund)
        sent = Incoming(amount=-7000, bank_reference=f"S{at}", end_to_end_id=refund.end_to_end_id or "")
        banked(ledger, camt(made.agreement, [sent], on=LATER), on=LATER)
        if not at:
            back = replace(sent, amount=7000, bank_reference="B0", return_reason="AC04")
            banked(ledger, camt(made.agreement, [back], on=LATER), on=LATER)
    session.refresh(refund)
    assert (refund.state, refund.number) == (RefundState.CONFIRMED, "SE4550000000058398257466")
    assert (balance(session, AccountRole.REFUND), waits(session), in_the_bank(session, made)) == (0, [], FEE)


def test_nothing_is_paid_or_given_before_the_bank_says_so(session: Session, ledger: OpenSession) -> None:
    """A file without money changes nothing, whatever was promised, and says that it brought nothing."""
    made = invoiced(session, ledger)
    (claim, _, _), *_ = owed(ledger)
    empty = banked(ledger, camt(made.agreement, [], on=PAID), on=PAID)
    assert (empty.total, empty.result) == (0, {"matched": 0, "unmatched": 0})
    assert (stands(session), paid_through(session, claim), in_the_bank(session, made)) == ([OPEN] * 3, None, 0)
