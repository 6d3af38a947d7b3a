"""Tells whether a payment was worked on since somebody looked at it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.payments.aside_models import PaymentAside
from dues.payments.models import Allocation
from dues.payments.refunds.models import RefundPayment

_USES = (Allocation, PaymentAside, RefundPayment)


def last_move(session: Session, *, payment_id: int) -> int:
    """Return a number that grows with whatever is done with a payment; 0 where nothing was.

    It is the sum of the last ids of all that a payment may be used for (allocations, asides, refunds): each only grows.
    """
    used, aside, refunded = (
        func.coalesce(select(func.max(table.id)).where(table.payment_id == payment_id).scalar_subquery(), 0)
        for table in _USES
    )
    return session.scalar(select(used + aside + refunded)) or 0
