"""An officer's decision: use a payment for a claim. Every step is posted."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.delivery.models import Channel, Message
from dues.invoicing.cover import cover
from dues.invoicing.models import Claim, ClaimEnd
from dues.journal.models import Event
from dues.members.models import Person
from dues.patience import patiently
from dues.payments.errors import (
    ClaimEndedError,
    NotPositiveError,
    OtherCreditorError,
    OtherCurrencyError,
    TooMuchError,
)
from dues.payments.keep import keep_as_credit
from dues.payments.models import Allocation, Payment
from dues.payments.transfer import held_claim, held_payment, transfer, use_up, waiting


@dataclass(frozen=True, slots=True)
class Allocated:
    """What a decision led to; amounts in minor units of the payment's currency.

    ``credit`` is the surplus that became the debtor's credit, ``unallocated`` what the payment has left and
    ``open_amount`` what the claim has open. ``last_id`` is the last allocation that the decision wrote.
    """

    allocation_id: int
    amount: int
    unallocated: int
    open_amount: int
    credit: int
    last_id: int


def allocate(
    session: Session, *, payment_id: int, claim_id: int, amount: int | None, on: dt.date, by: Actor
) -> Allocated:
    """Use a payment, or an amount of it, for a claim.

    Without an amount the whole payment is used: what the claim does not need becomes the debtor's credit. Raises a
    PaymentError where it cannot be done, and BusyError; nothing is changed then.
    """
    return patiently(
        session,
        lambda: allocate_now(session, payment_id=payment_id, claim_id=claim_id, amount=amount, on=on, by=by),
    )


def allocate_now(
    session: Session,
    *,
    payment_id: int,
    claim_id: int,
    amount: int | None,
    on: dt.date,
    by: Actor,
    moved_from: int | None = None,
) -> Allocated:
    """Do the same within a larger piece of work, which is patient as a whole.

    ``moved_from`` is an allocation whose place this one takes.
    """
    payment = held_payment(session, payment_id)
    claim = held_claim(session, claim_id)
    case = waiting(session, payment)
    used = _checked(payment, claim, case.unallocated, amount)
    surplus = case.unallocated - used if amount is None else 0
    kept = 0
    debtor = claim.debtor_id
    allocation = transfer(
        session,
        payment=payment,
        person_id=debtor,
        claim_id=claim.id,
        amount=used,
        target=Event.PAYMENT,
        on=on,
        by=by,
        moved_from=moved_from,
    )
    settle(claim, used, on=on)
    if surplus:
        kept = keep_as_credit(session, payment=payment, person_id=debtor, amount=surplus, on=on, by=by).id
    if claim.open_amount == 0:
        cover(session, invoices=[claim.invoice_id], on=on, by=by)
        _receipt(session, allocation)
    use_up(case, used + surplus, by=by)
    session.flush()
    return Allocated(allocation.id, used, case.unallocated, claim.open_amount, surplus, kept or allocation.id)


def _checked(payment: Payment, claim: Claim, left: int, amount: int | None) -> int:
    """Return the amount to use, or raise why it cannot be."""
    if payment.creditor_id != claim.creditor_id:
        raise OtherCreditorError(payment.id, claim.id)
    if payment.currency != claim.currency:
        raise OtherCurrencyError(payment.currency, claim.currency)
    if claim.ended is not None:
        raise ClaimEndedError(claim.id, claim.ended.value)
    if amount is None:
        return min(left, claim.open_amount)
    if amount <= 0:
        raise NotPositiveError(amount)
    if amount > left or amount > claim.open_amount:
        raise TooMuchError(amount, left, claim.open_amount)
    return amount


def settle(claim: Claim, amount: int, *, on: dt.date) -> None:
    """Lower what a claim has open; at nothing it has ended as paid."""
    claim.open_amount -= amount
    if claim.open_amount == 0:
        claim.ended, claim.ended_on = ClaimEnd.PAID, on


def _receipt(session: Session, allocation: Allocation) -> None:
    person = session.get_one(Person, allocation.person_id)
    if person.email and person.deceased_on is None:
        session.add(
            Message(
                kind="receipt",
                subject_id=allocation.id,
                person_id=person.id,
                channel=Channel.EMAIL,
                address=person.email,
                language=person.language,
            )
        )
