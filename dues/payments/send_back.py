"""The decision to send the rest of a payment back to whoever it came from: it is proposed as a refund."""

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.payments.errors import CaseMovedError, ReasonMissingError
from dues.payments.moved import last_move
from dues.payments.refunds.cancel import cancel
from dues.payments.refunds.errors import UnknownRefundError
from dues.payments.refunds.find import held_refund, refund_named
from dues.payments.refunds.models import Refund, RefundState
from dues.payments.refunds.propose import propose
from dues.payments.transfer import held_payment, waiting


def send_back(
    session: Session,
    *,
    payment_id: int,
    payer_name: str,
    payer_account: str | None,
    reason: str,
    seen: int | None,
    on: dt.date,
    by: Actor,
) -> Refund:
    """Propose that all a payment has left goes back to its payer; return the refund, which waits to be approved.

    ``seen`` is the payment's `last_move` when the officer looked. Raises ReasonMissingError, CaseMovedError,
    NothingLeftError, and what `propose` raises.
    """
    if not reason.strip():
        raise ReasonMissingError
    payment = held_payment(session, payment_id)
    if seen is not None and last_move(session, payment_id=payment_id) != seen:
        raise CaseMovedError(payment_id)
    refund = propose(
        session,
        creditor_id=payment.creditor_id,
        person_id=None,
        payment_id=payment_id,
        amount=waiting(session, payment).unallocated,
        currency=payment.currency,
        name=payer_name,
        account=payer_account,
        reason=reason,
        by=by,
        on=on,
    )
    return session.get_one(Refund, refund)


def keep_after_all(session: Session, *, name: UUID, on: dt.date, by: Actor) -> int:
    """Take back that a payment goes back to its payer, as long as nobody agreed to it; return the payment's id.

    Raises UnknownRefundError (also for a refund of credit), RefundMovedError and BusyError.
    """
    refund = refund_named(session, name=name)
    if refund.payment_id is None:
        raise UnknownRefundError(name)
    held_refund(session, refund.id, RefundState.PROPOSED)  # nobody agrees to it between this look and the deed
    cancel(session, refund_id=refund.id, on=on, by=by)
    return refund.payment_id
