"""Writes an allocation and the posting behind it; what allocating and taking back have in common."""

import datetime as dt
from typing import Any

from sqlalchemy import func, insert, text
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.groups.models import Creditor
from dues.invoicing.models import Claim
from dues.journal.errors import NoPostingRuleError
from dues.journal.models import Entry, Event, Posting
from dues.journal.post import open_entry
from dues.journal.rules import posting_rules
from dues.payments.errors import NothingLeftError, UnknownClaimError, UnknownPaymentError
from dues.payments.models import Allocation, CaseReason, Payment, PaymentCase


def held_payment(session: Session, payment_id: int) -> Payment:
    """Return a payment, locked until the transaction ends; raise UnknownPaymentError."""
    payment = session.get(Payment, payment_id, with_for_update={"key_share": True}, populate_existing=True)
    if payment is None:
        raise UnknownPaymentError(payment_id)
    return payment


def waiting(session: Session, payment: Payment, *, empty: bool = False) -> PaymentCase:
    """Return the payment's case, locked; raise NothingLeftError where nothing of it waits for a use.

    ``empty`` asks for the case whatever is left in it.
    """
    case = session.get(PaymentCase, payment.id, with_for_update=True, populate_existing=True)
    if case is None or (case.unallocated <= 0 and not empty):
        raise NothingLeftError(payment.id)
    return case


def held_claim(session: Session, claim_id: int) -> Claim:
    """Return a claim, locked until the transaction ends; raise UnknownClaimError."""
    claim = session.get(Claim, claim_id, with_for_update={"key_share": True}, populate_existing=True)
    if claim is None:
        raise UnknownClaimError(claim_id)
    return claim


def credit_account(session: Session, *, creditor_id: int, event: Event, currency: str) -> int:
    """Return the account that an event books to in a currency: unidentified, receivable or member credit."""
    own = session.get_one(Creditor, creditor_id).currency
    rules = posting_rules(session, event=event, creditors=[creditor_id], currency=None if currency == own else currency)
    account = rules.require(creditor_id)[1]
    if account is None:
        raise NoPostingRuleError(creditor_id, event)
    return account


def transfer(
    session: Session,
    *,
    payment: Payment,
    person_id: int,
    claim_id: int | None,
    amount: int,
    target: Event,
    on: dt.date,
    by: Actor,
    reverses: Allocation | None = None,
    moved_from: int | None = None,
) -> Allocation:
    """Move an amount from the unidentified account to the one of ``target``, or (reversing) back; see Allocation."""
    unidentified, account = (
        credit_account(session, creditor_id=payment.creditor_id, event=event, currency=payment.currency)
        for event in (Event.UNIDENTIFIED, target)
    )
    allocation_id = session.scalars(text("SELECT nextval('allocation_id_seq')")).one()
    entry = open_entry(
        session,
        creditor_id=payment.creditor_id,
        event="allocation taken back" if reverses else "allocation",
        key=f"allocation:{allocation_id}",
        on=on,
        by=by,
    )
    told = {
        "amount": amount,
        "currency": payment.currency,
        "claim_id": claim_id,
        "payment_id": payment.id,
        "person_id": person_id,
        "on_date": entry.on_date,
    }
    accounts = (account, unidentified) if reverses else (unidentified, account)
    _post(session, entry, accounts, value_date=payment.value_on, **told)
    allocation = Allocation(
        id=allocation_id,
        entry_id=entry.id,
        actor=str(by),
        reverses_id=reverses.id if reverses else None,
        moved_from_id=moved_from,
        **told,
    )
    session.add(allocation)
    session.flush()  # receipts and reversals refer to it
    return allocation


def _post(session: Session, entry: Entry, accounts: tuple[int, int], **told: Any) -> None:
    """Write the posting between two accounts, debit and credit."""
    debit, credit = accounts
    posting = {"entry_id": entry.id, "debit_account_id": debit, "credit_account_id": credit, **told}
    session.execute(insert(Posting).values(**posting))


def use_up(case: PaymentCase, amount: int, *, by: Actor) -> None:
    """Lower what a case has unallocated; at nothing it leaves the queue."""
    case.unallocated -= amount
    if case.unallocated == 0:
        case.closed_at, case.closed_by = func.now(), str(by)


def reopen_case(session: Session, *, payment: Payment, amount: int, claim_id: int | None) -> PaymentCase:
    """Put an amount of a payment back on the queue because its use was taken back."""
    case = session.get(PaymentCase, payment.id, with_for_update=True, populate_existing=True)
    if case is None:
        case = PaymentCase(
            payment_id=payment.id,
            creditor_id=payment.creditor_id,
            agreement_id=payment.agreement_id,
            unallocated=0,
            reference=payment.reference,
            search_key=func.case_search_key(
                payment.payer_name, payment.reference, payment.payer_account, payment.message
            ),
        )
        session.add(case)
    case.reason, case.claim_id = CaseReason.TAKEN_BACK, claim_id
    case.unallocated += amount
    case.closed_at, case.closed_by = None, None
    return case
