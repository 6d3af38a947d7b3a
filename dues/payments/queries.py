"""Reads of payments."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.payments.models import BankFile, CaseReason, Payment, PaymentCase


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A payment that waits for a person; ``unallocated`` is in minor units of ``currency``."""

    payment_id: int
    reason: CaseReason
    claim_id: int | None
    creditor_id: int
    booked_on: dt.date
    amount: int
    unallocated: int
    currency: str
    reference: str | None


def open_cases(session: Session, *, limit: int, after: int = 0) -> list[OpenCase]:
    """Return the open cases by payment, at most ``limit`` beyond the payment ``after``."""
    rows = session.execute(
        select(
            PaymentCase.payment_id,
            PaymentCase.reason,
            PaymentCase.claim_id,
            PaymentCase.creditor_id,
            Payment.booked_on,
            Payment.amount,
            PaymentCase.unallocated,
            Payment.currency,
            Payment.reference,
        )
        .join(Payment, Payment.id == PaymentCase.payment_id)
        .where(PaymentCase.closed_at.is_(None), PaymentCase.payment_id > after)
        .order_by(PaymentCase.payment_id)
        .limit(limit)
    )
    return [OpenCase(*row) for row in rows]


def file_address(session: Session, *, file_id: int) -> UUID | None:
    """Return what addresses call a bank file."""
    return session.scalar(select(BankFile.uuid).where(BankFile.id == file_id))
