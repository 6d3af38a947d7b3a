"""Money in the audit log: what people decide is told row by row, what a bank file brings is told by its entries."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.acting import act
from database.connect import OpenSession
from dues.actor import Actor
from dues.invoicing.models import Claim
from dues.payments.allocate import allocate
from dues.payments.credit_invoice import credit_invoice
from dues.payments.models import Payment
from dues.payments.take_back import take_back
from tests.audit.lines import JOB, OFFICER, lines, newest
from tests.factories.members import member
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, organisation
from tests.factories.runs import issued

DAY = dt.date(2026, 3, 10)
PAID = dt.date(2026, 3, 20)
BY = Actor("staff", "7")


def test_a_bank_file_is_a_line_and_its_matches_are_their_entry(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    for _ in range(25):
        member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    before = newest(session)
    act(session, JOB)
    payments = [paid(FEE, reference) for _, reference, _ in owed(ledger)]
    banked(ledger, camt(made.agreement, payments, on=PAID), on=PAID)
    told = [line.relation for line in lines(session, after=before)]
    assert told.count("entry") == 1
    assert "bank_file" in told
    assert "allocation" not in told
    assert len(told) < 12


def test_a_payment_used_by_hand_and_taken_back_is_about_its_claim(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    banked(ledger, camt(made.agreement, [paid(FEE)], on=PAID), on=PAID)
    payment = session.scalars(select(func.max(Payment.id))).one()
    claim = session.scalars(select(Claim)).one()
    act(session, OFFICER)
    before = newest(session)
    used = allocate(session, payment_id=payment, claim_id=claim.id, amount=None, on=PAID, by=BY)
    told = {line.relation: line for line in lines(session, after=before)}
    assert (told["allocation"].said or {})["amount"] == [None, FEE]
    assert (told["entry"].said or {})["event"] == [None, "allocation"]
    assert "closed_at" in told["payment_case"].columns
    before = newest(session)
    take_back(session, allocation_id=used.allocation_id, on=PAID, by=BY)
    assert (lines(session, "allocation", after=before)[0].said or {})["reverses_id"] == [None, used.allocation_id]


def test_a_credited_invoice_is_told_with_its_credit_note(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    claim = session.scalars(select(Claim)).one()
    act(session, OFFICER)
    before = newest(session)
    credit_invoice(session, invoice_id=claim.invoice_id, on=PAID, by=BY, seen=claim.open_amount)
    (note,) = lines(session, "invoice", after=before)
    assert (note.actor, (note.said or {})["credits_id"]) == ("staff:7", [None, claim.invoice_id])
