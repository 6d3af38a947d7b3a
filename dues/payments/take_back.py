"""Takes an allocation back: the payment waits for a decision again, and what it settled is open again."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.invoicing.cover import uncover
from dues.invoicing.models import Claim, ClaimEnd
from dues.journal.models import Event
from dues.patience import patiently
from dues.payments.allocate import Allocated
from dues.payments.credit import take_credit
from dues.payments.errors import ClaimEndedError, CreditUsedError, UnknownAllocationError
from dues.payments.exchange_models import Exchange
from dues.payments.models import Allocation
from dues.payments.tolerated import untolerate
from dues.payments.transfer import held_claim, held_payment, reopen_case, transfer


def take_back(session: Session, *, allocation_id: int, on: dt.date, by: Actor) -> Allocated:
    """Reverse an allocation by another one of the same amount.

    Raises UnknownAllocationError (also for one that was taken back before), ClaimEndedError where the claim has
    ended otherwise since, CreditUsedError where the credit it became is used, and BusyError.
    """
    return patiently(session, lambda: take_back_now(session, allocation_id=allocation_id, on=on, by=by))


def take_back_now(session: Session, *, allocation_id: int, on: dt.date, by: Actor) -> Allocated:
    """Do the same within a larger piece of work, which is patient as a whole."""
    wanted = session.get(Allocation, allocation_id)
    if wanted is None or wanted.reverses_id is not None:
        raise UnknownAllocationError(allocation_id)
    payment = held_payment(session, wanted.payment_id)
    if session.scalar(select(Allocation.id).where(Allocation.reverses_id == allocation_id)) is not None:
        raise UnknownAllocationError(allocation_id)
    # Asked before the little that was written off opens it again.
    was_paid = wanted.claim_id is not None and held_claim(session, wanted.claim_id).ended is ClaimEnd.PAID
    untolerate(
        session,
        allocations=[wanted.id],
        creditor_id=payment.creditor_id,
        currency=payment.currency,
        on=on,
        by=by,
    )
    claim = _reopened(session, wanted, was_paid=was_paid)
    undo = transfer(
        session,
        payment=payment,
        person_id=wanted.person_id,
        claim_id=wanted.claim_id,
        amount=wanted.amount,
        target=Event.CREDIT if claim is None else Event.PAYMENT,
        on=on,
        by=by,
        reverses=wanted,
    )
    case = reopen_case(session, payment=payment, amount=wanted.amount, claim_id=wanted.claim_id)
    session.flush()
    return Allocated(undo.id, wanted.amount, case.unallocated, claim.open_amount if claim else 0, 0, undo.id)


def _reopened(session: Session, wanted: Allocation, *, was_paid: bool) -> Claim | None:
    """Open the claim again that the allocation was used for; take the credit away that it became."""
    if wanted.claim_id is None:
        exchanged = select(Exchange.id).where(Exchange.allocation_id == wanted.id, Exchange.taken_back_id.is_(None))
        if session.scalar(exchanged) is not None:  # other credit of the same person must not stand in for it
            raise CreditUsedError(wanted.id)
        creditor_id = held_payment(session, wanted.payment_id).creditor_id
        if not take_credit(
            session,
            creditor_id=creditor_id,
            person_id=wanted.person_id,
            amount=wanted.amount,
            currency=wanted.currency,
        ):
            raise CreditUsedError(wanted.id)
        return None
    claim = held_claim(session, wanted.claim_id)
    if claim.ended not in (None, ClaimEnd.PAID):
        raise ClaimEndedError(claim.id, claim.ended)
    if wanted.amount > claim.amount - claim.credited_amount - claim.open_amount:
        # What was credited beyond what was open is the debtor's credit now, and cannot be taken from the claim again.
        raise ClaimEndedError(claim.id, ClaimEnd.CREDITED)
    claim.open_amount += wanted.amount
    claim.ended, claim.ended_on = None, None
    session.flush()
    if was_paid:
        uncover(session, invoices=[claim.invoice_id])
    return claim
