"""Finds a refund and holds it while something is done with it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.payments.models import Payment
from dues.payments.refunds.errors import RefundMovedError, UnknownRefundError
from dues.payments.refunds.models import Refund, RefundPayment, RefundPaymentKind, RefundState


def refund_named(session: Session, *, name: UUID) -> Refund:
    """Return the refund that others know by a name; raise UnknownRefundError."""
    found = session.scalar(select(Refund).where(Refund.uuid == name))
    if found is None:
        raise UnknownRefundError(name)
    return found


def told_by_bank(session: Session, *, refund_id: int) -> Sequence[tuple[RefundPaymentKind, Payment]]:
    """Return the payments with which a refund left the bank or came back, the oldest first."""
    wanted = (
        select(RefundPayment.kind, Payment)
        .join(Payment, Payment.id == RefundPayment.payment_id)
        .where(RefundPayment.refund_id == refund_id, RefundPayment.kind != RefundPaymentKind.SOURCE)
        .order_by(RefundPayment.id)
    )
    return [(kind, payment) for kind, payment in session.execute(wanted)]


def held_refund(session: Session, refund_id: int, *states: RefundState) -> Refund:
    """Return a refund in one of some states, locked until the transaction ends.

    Raises UnknownRefundError and RefundMovedError.
    """
    refund = session.get(Refund, refund_id, with_for_update={"key_share": True}, populate_existing=True)
    if refund is None:
        raise UnknownRefundError(refund_id)
    if refund.state not in states:
        raise RefundMovedError(refund.id, refund.state)
    return refund
