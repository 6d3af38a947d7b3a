"""Which payment a return took back, which return took a payment back, and what must not go back as well."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from database.sql import statement
from dues.payments.models import Allocation, CaseReason, Credit, Payment, PaymentCase
from dues.payments.refunds.models import CreditUse, Refund
from dues.payments.return_models import FoundBy, PaymentReturn


@dataclass(frozen=True, slots=True)
class Link:
    """The other payment of a return; ``takes_back`` tells whether the one that was asked about is the return."""

    other: Payment
    takes_back: bool
    found_by: FoundBy
    fee: int
    keeps_cover: bool
    reason: str


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
    return Link(other, takes_back, found.found_by, found.fee, found.keeps_cover, found.reason)


def returns_that_wait(session: Session, *, creditor_id: int) -> list[int]:
    """Return the returns of a creditor whose payments were not found yet, or became what cannot be taken back."""
    return list(
        session.scalars(
            select(PaymentCase.payment_id)
            .where(
                PaymentCase.creditor_id == creditor_id,
                PaymentCase.reason == CaseReason.RETURNED,
                PaymentCase.closed_at.is_(None),
                PaymentCase.unallocated < 0,
            )
            .order_by(PaymentCase.payment_id)
        )
    )


def taken_back(session: Session, *, creditor_id: int) -> set[int]:
    """Return the payments of a creditor that returns which wait mean: their money is gone, whatever it became here."""
    waiting = returns_that_wait(session, creditor_id=creditor_id)
    if not waiting:
        return set()
    meant = session.execute(statement("dues/payments/sql/returned_find.sql"), {"returns": list(waiting)})
    return {row.original_id for row in meant}


def has_gone_back(session: Session, *, refund: Refund) -> bool:
    """Tell whether a return that waits means a payment that a refund is of."""
    sources = {refund.payment_id}
    if refund.payment_id is None:
        wanted = select(Allocation.payment_id).join(CreditUse, CreditUse.allocation_id == Allocation.id)
        sources = set(session.scalars(wanted.where(CreditUse.refund_id == refund.id, CreditUse.reverses_id.is_(None))))
        sources |= _perhaps(session, refund)
    return bool(sources and sources & taken_back(session, creditor_id=refund.creditor_id))


def _perhaps(session: Session, refund: Refund) -> set[int]:
    """Return whose money credit may have been that somebody asked back: as `returned_stop.sql` says it."""
    back = aliased(Allocation)
    left = select(Credit.balance).where(
        Credit.creditor_id == CreditUse.creditor_id,
        Credit.person_id == CreditUse.person_id,
        Credit.currency == CreditUse.currency,
    )
    wanted = (
        select(Allocation.payment_id)
        .join(
            CreditUse,
            (CreditUse.person_id == Allocation.person_id) & (CreditUse.currency == Allocation.currency),
        )
        .join(Payment, (Payment.id == Allocation.payment_id) & (Payment.creditor_id == CreditUse.creditor_id))
        .where(
            CreditUse.refund_id == refund.id,
            CreditUse.reverses_id.is_(None),
            CreditUse.allocation_id.is_(None),
            Allocation.claim_id.is_(None),
            Allocation.reverses_id.is_(None),
            ~exists().where(back.reverses_id == Allocation.id),
            func.coalesce(left.scalar_subquery(), 0) < Allocation.amount,
        )
    )
    return set(session.scalars(wanted))


def stop_refunds(session: Session, *, payments: Collection[int], refunds: Sequence[int] | None = None) -> int:
    """Stop what is to go back of payments that the bank has taken back, of some refunds or all; return how many."""
    if not payments:
        return 0
    values = {"payments": sorted(payments), "among": None if refunds is None else list(refunds)}
    return len(session.scalars(statement("dues/payments/sql/returned_stop.sql"), values).all())
