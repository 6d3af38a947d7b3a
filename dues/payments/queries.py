"""Reads of payments."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BigInteger, cast, exists, func, select
from sqlalchemy.orm import Session, aliased

from dues.groups.below import books_within
from dues.invoicing.models import Claim
from dues.payments.models import Allocation, BankFile, CaseReason, Payment, PaymentCase, PaymentDay


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


@dataclass(frozen=True, slots=True)
class CameIn:
    """What came to accounts on a day: how many payments, and how much in minor units."""

    on: dt.date
    currency: str
    payments: int
    received: int


def came_in(session: Session, *, path: str, limit: int) -> list[CameIn]:
    """Return what came to the accounts of creditors at or below a group, the newest days first."""
    wanted = (
        select(
            PaymentDay.booked_on,
            PaymentDay.currency,
            cast(func.sum(PaymentDay.payments), BigInteger),
            cast(func.sum(PaymentDay.received), BigInteger),
        )
        .where(books_within(PaymentDay.creditor_id, path))
        .group_by(PaymentDay.booked_on, PaymentDay.currency)
        .order_by(PaymentDay.booked_on.desc(), PaymentDay.currency)
        .limit(limit)
    )
    return [CameIn(*row) for row in session.execute(wanted)]


def file_address(session: Session, *, file_id: int) -> UUID | None:
    """Return what addresses call a bank file."""
    return session.scalar(select(BankFile.uuid).where(BankFile.id == file_id))
