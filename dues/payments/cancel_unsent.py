"""Cancels an invoice that never left the house: credited whole, and nobody is told."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.delivery.models import Message, MessageState
from dues.invoicing.errors import NotCreditableError
from dues.invoicing.models import Claim, Invoice
from dues.invoicing.send_again import KIND
from dues.patience import patiently
from dues.payments.credit_invoice import Terms, credit_now, held_claims

_GONE = (MessageState.SENDING, MessageState.SENT)


def cancel_unsent(session: Session, *, invoice_id: int, on: dt.date, by: Actor, seen: int | None = None) -> int:
    """Take an unsent invoice out of the outbox, credit it whole, and return the credit note, which is not sent either.

    Raises NotCreditableError where a message about it left the house or is about to, or money came; and what
    `credit_invoice` raises.
    """

    def work() -> int:
        held_claims(session, invoice_id)  # before its messages, as whoever credits does
        if not unsent(session, invoice_id=invoice_id, hold=True):
            raise NotCreditableError(invoice_id, "somebody knows of it")
        return credit_now(session, invoice_id, None, Terms(on=on, by=by, seen=seen, withdraws=True))

    return patiently(session, work)


def unsent(session: Session, *, invoice_id: int, hold: bool = False) -> bool:
    """Tell whether nobody can know of an invoice: it was to be sent and was not, nothing was paid, nothing credited.

    ``hold`` keeps whoever sends from taking its messages until the transaction ends.
    """
    messages = select(Message.state).where(Message.kind == KIND, Message.subject_id == invoice_id).order_by(Message.id)
    states = session.scalars(messages.with_for_update() if hold else messages).all()
    if not states or any(state in _GONE for state in states):
        return False
    touched = select(Claim.id).where(Claim.invoice_id == invoice_id, Claim.open_amount < Claim.amount)
    notes = select(Invoice.id).where(Invoice.credits_id == invoice_id)
    return session.scalar(touched.limit(1)) is None and session.scalar(notes.limit(1)) is None
