"""The decision to send the rest of a payment back to whoever it came from.

What is decided here stands in `payment_aside` with the purpose ``send back``: owed to the payer on the creditor's
account for receipts to be sent back, until a refund of it is paid. Whoever makes refunds takes up what `to_send` reads.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from dues.actor import Actor
from dues.payments.aside import Setting, set_aside
from dues.payments.aside_models import PaymentAside, Purpose


@dataclass(frozen=True, slots=True)
class SentBack:
    """What is to be paid, and to whom: minor units of ``currency``, the account as the bank or the officer gave it."""

    id: int
    payment_id: int
    creditor_id: int
    payer_name: str
    payer_account: str | None
    amount: int
    currency: str
    account_id: int
    reason: str


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
) -> SentBack:
    """Owe the rest of a payment to its payer; raises what `set_aside` raises."""
    wanted = Setting(Purpose.SEND_BACK, reason, payer_name=payer_name, payer_account=payer_account, seen=seen)
    return _told(set_aside(session, payment_id=payment_id, wanted=wanted, on=on, by=by))


def to_send(session: Session, *, creditor_id: int) -> list[SentBack]:
    """Return what a creditor has to send back and nobody brought back to the queue, oldest first."""
    back = aliased(PaymentAside)
    wanted = select(PaymentAside).where(
        PaymentAside.creditor_id == creditor_id,
        PaymentAside.purpose == Purpose.SEND_BACK,
        PaymentAside.reverses_id.is_(None),
        ~select(back.id).where(back.reverses_id == PaymentAside.id).exists(),
    )
    return [_told(row) for row in session.scalars(wanted.order_by(PaymentAside.id))]


def _told(row: PaymentAside) -> SentBack:
    return SentBack(
        id=row.id,
        payment_id=row.payment_id,
        creditor_id=row.creditor_id,
        payer_name=row.payer_name,
        payer_account=row.payer_account,
        amount=row.amount,
        currency=row.currency,
        account_id=row.account_id,
        reason=row.reason,
    )
