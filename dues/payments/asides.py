"""Reads of what was set aside of payments: not ours, or to be sent back."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from dues.groups.below import books_within
from dues.journal.models import Account
from dues.payments.aside_models import PaymentAside, Purpose
from dues.payments.models import Payment


@dataclass(frozen=True, slots=True)
class Aside:
    """A part of a payment that is no member's, as pages tell it; minor units of ``currency``."""

    id: int
    payment_id: int
    purpose: Purpose
    amount: int
    currency: str
    payer_name: str
    payer_account: str | None
    reason: str
    on: dt.date
    actor: str
    code: str
    account: dict[str, str]
    brought_back: bool


def asides_of(session: Session, *, payment_id: int) -> list[Aside]:
    """Return what of a payment was set aside, oldest first, also what was brought back since."""
    return _asides(session, payment_id=payment_id)


def asides_held(session: Session, *, limit: int, before: int = 0, path: str = "") -> list[Aside]:
    """Return what is set aside by now, newest first, older than ``before``; with a ``path`` at or below that group."""
    return _asides(session, limit=limit, before=before, path=path)


def _asides(
    session: Session,
    *,
    payment_id: int | None = None,
    limit: int | None = None,
    before: int = 0,
    path: str = "",
) -> list[Aside]:
    back = aliased(PaymentAside)
    returned = select(back.id).where(back.reverses_id == PaymentAside.id).exists()
    wanted = (
        select(PaymentAside, Payment.payer_name, Account.code, Account.names, returned)
        .join(Payment, Payment.id == PaymentAside.payment_id)
        .join(Account, Account.id == PaymentAside.account_id)
        .where(PaymentAside.reverses_id.is_(None))
    )
    if payment_id is not None:
        wanted = wanted.where(PaymentAside.payment_id == payment_id).order_by(PaymentAside.id)
    else:
        wanted = wanted.where(~returned, PaymentAside.purpose == Purpose.NOT_OURS)
        wanted = wanted.order_by(PaymentAside.id.desc()).limit(limit)
        if before:
            wanted = wanted.where(PaymentAside.id < before)
    if path:
        wanted = wanted.where(books_within(PaymentAside.creditor_id, path))
    return [
        Aside(
            id=row.id,
            payment_id=row.payment_id,
            purpose=row.purpose,
            amount=row.amount,
            currency=row.currency,
            payer_name=row.payer_name or payer,
            payer_account=row.payer_account,
            reason=row.reason,
            on=row.on_date,
            actor=row.actor,
            code=code,
            account=names,
            brought_back=gone,
        )
        for row, payer, code, names, gone in session.execute(wanted)
    ]
