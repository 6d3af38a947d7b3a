"""Reads of payments."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from dues.invoicing.models import Claim
from dues.payments.models import Allocation, BankFile, CaseReason, Payment, PaymentCase


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


@dataclass(frozen=True, slots=True)
class Arrived:
    """A part of a payment that was used for an invoice: minor units of its currency, on the day of the books."""

    on: dt.date
    amount: int


def arrived(session: Session, *, invoice_id: int) -> list[Arrived]:
    """Return what has come for an invoice and was not taken back since, oldest first."""
    reversal = aliased(Allocation)
    rows = session.execute(
        select(Allocation.on_date, Allocation.amount)
        .join(Claim, Claim.id == Allocation.claim_id)
        .where(
            Claim.invoice_id == invoice_id,
            Allocation.reverses_id.is_(None),
            ~exists(select(reversal.id).where(reversal.reverses_id == Allocation.id)),
        )
        .order_by(Allocation.on_date, Allocation.id)
    )
    return [Arrived(on, amount) for on, amount in rows]


def file_address(session: Session, *, file_id: int) -> UUID | None:
    """Return what addresses call a bank file."""
    return session.scalar(select(BankFile.uuid).where(BankFile.id == file_id))
