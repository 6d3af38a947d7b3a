"""Which payment a return took back, and which return took a payment back."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.payments.models import CaseReason, Payment, PaymentCase
from dues.payments.return_models import FoundBy, PaymentReturn


@dataclass(frozen=True, slots=True)
class Link:
    """The other payment of a return; ``takes_back`` tells whether the one that was asked about is the return."""

    other: Payment
    takes_back: bool
    found_by: FoundBy
    fee: int
    keeps_cover: bool


def return_link(session: Session, *, payment_id: int) -> Link | None:
    """Return what ties a payment to the one it returned, or that returned it; None for nearly all."""
    found = session.scalars(
        select(PaymentReturn).where(
            or_(PaymentReturn.payment_id == payment_id, PaymentReturn.original_id == payment_id)
        )
    ).first()
    if found is None:
        return None
    takes_back = found.payment_id == payment_id
    other = session.get_one(Payment, found.original_id if takes_back else found.payment_id)
    return Link(other, takes_back, found.found_by, found.fee, found.keeps_cover)


def has_gone_back(session: Session, *, payment_id: int) -> bool:
    """Tell whether a return that waits means a payment: its money is gone, whatever it became here."""
    payment = session.get_one(Payment, payment_id)
    waiting = session.scalars(
        select(PaymentCase.payment_id)
        .join(Payment, Payment.id == PaymentCase.payment_id)
        .where(
            PaymentCase.creditor_id == payment.creditor_id,
            PaymentCase.reason == CaseReason.RETURNED,
            PaymentCase.closed_at.is_(None),
            Payment.amount <= -payment.amount,
        )
    ).all()
    if not waiting:
        return False
    meant = session.execute(statement("dues/payments/sql/returned_find.sql"), {"returns": list(waiting)})
    return payment_id in {row.original_id for row in meant}
