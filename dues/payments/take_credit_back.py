"""Takes back that credit was used for a claim: the claim is open again, and the money its person's credit."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from dues.actor import Actor
from dues.invoicing.cover import uncover
from dues.invoicing.models import Claim, ClaimEnd, Invoice
from dues.journal.models import Event
from dues.patience import patiently
from dues.payments.errors import ClaimEndedError, UnknownAllocationError
from dues.payments.refunds.models import CreditUse, CreditUseKind
from dues.payments.refunds.spend import give_back
from dues.payments.transfer import credit_account, held_claim


@dataclass(frozen=True, slots=True)
class UsedFor:
    """An invoice that a person's credit paid, whole or in part; minor units of its currency."""

    use_id: int
    number: str
    on: dt.date
    amount: int
    currency: str


def used_for(session: Session, *, person_id: int, limit: int = 50) -> list[UsedFor]:
    """Return what a person's credit was used for and not taken back since, the newest first."""
    back = aliased(CreditUse)
    wanted = (
        select(CreditUse.id, Invoice.called, CreditUse.on_date, CreditUse.amount, CreditUse.currency)
        .join(Claim, Claim.id == CreditUse.claim_id)
        .join(Invoice, Invoice.id == Claim.invoice_id)
        .where(
            CreditUse.person_id == person_id,
            CreditUse.reverses_id.is_(None),
            ~exists().where(back.reverses_id == CreditUse.id),
        )
        .order_by(CreditUse.id.desc())
        .limit(limit)
    )
    return [UsedFor(*row) for row in session.execute(wanted)]


def take_credit_back(session: Session, *, use_id: int, on: dt.date, by: Actor) -> None:
    """Reverse such a use; credit is not used for the claim by itself again.

    Raises UnknownAllocationError (also for one that was taken back before), ClaimEndedError where the claim has ended
    otherwise since, and BusyError.
    """
    patiently(session, lambda: _take_back(session, use_id, on=on, by=by))


def _take_back(session: Session, use_id: int, *, on: dt.date, by: Actor) -> None:
    use = session.get(CreditUse, use_id)
    if use is None or use.kind is not CreditUseKind.CLAIM or use.claim_id is None or use.reverses_id is not None:
        raise UnknownAllocationError(use_id)
    claim = held_claim(session, use.claim_id)
    if session.scalar(select(CreditUse.id).where(CreditUse.reverses_id == use_id)) is not None:
        raise UnknownAllocationError(use_id)
    if claim.ended not in (None, ClaimEnd.PAID):
        raise ClaimEndedError(claim.id, claim.ended)
    if use.amount > claim.amount - claim.credited_amount - claim.open_amount:
        raise ClaimEndedError(claim.id, ClaimEnd.CREDITED)
    was_paid = claim.ended is ClaimEnd.PAID
    claim.open_amount += use.amount
    claim.ended, claim.ended_on = None, None
    session.flush()
    receivable = credit_account(session, creditor_id=use.creditor_id, event=Event.PAYMENT, currency=use.currency)
    give_back(session, use=use, account_id=receivable, on=on, by=by)
    if was_paid:
        uncover(session, invoices=[claim.invoice_id])
