"""What happened to a refund, oldest first, and the entries of the books that it is behind."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.payments.refunds.models import CreditUse, Refund, RefundOrder, RefundPayment, RefundPaymentKind
from dues.payments.refunds.report_models import OrderReport, OrderTold, Outcome


class Step(StrEnum):
    """A step of a refund."""

    PROPOSED = "proposed"
    ORDERED = "ordered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PAID = "paid"
    BOUNCED = "bounced"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Past:
    """When a step was taken, by whom (as `dues.actor` writes it), and the payment or the bank's reason behind it."""

    step: Step
    at: dt.datetime
    day: dt.date
    actor: str
    payment: int | None = None
    code: str | None = None
    words: str = ""


def past_of(session: Session, *, refund: Refund) -> list[Past]:
    """Return the steps of a refund, the newest first; of orders the last one is known."""
    found = [Past(Step.PROPOSED, refund.recorded_at, refund.on_date, refund.actor)]
    order = session.get(RefundOrder, refund.order_id) if refund.order_id else None
    if order is not None:
        found.append(Past(Step.ORDERED, order.recorded_at, order.execute_on, order.actor))
    found += _told(session, refund)
    found += _moved(session, refund)
    return sorted(found, key=lambda one: one.at, reverse=True)


def _told(session: Session, refund: Refund) -> list[Past]:
    wanted = (
        select(OrderTold, OrderReport)
        .join(OrderReport, OrderReport.id == OrderTold.report_id)
        .where(OrderTold.refund_id == refund.id, OrderTold.outcome.in_((Outcome.ACCEPTED, Outcome.REJECTED)))
    )
    return [
        Past(
            Step(told.outcome.value),
            report.recorded_at,
            report.created_on or report.recorded_at.date(),
            "",
            code=told.reason,
            words=told.words,
        )
        for told, report in session.execute(wanted)
    ]


_KINDS = {RefundPaymentKind.PAID: Step.PAID, RefundPaymentKind.BOUNCED: Step.BOUNCED}


def _moved(session: Session, refund: Refund) -> list[Past]:
    """Return what payments and credit had to do with it since it was proposed."""
    payments = session.scalars(select(RefundPayment).where(RefundPayment.refund_id == refund.id)).all()
    found = [
        Past(_KINDS.get(one.kind, Step.CANCELLED), one.recorded_at, one.on_date, one.actor, payment=one.payment_id)
        for one in payments
        if one.kind is not RefundPaymentKind.SOURCE or one.amount < 0
    ]
    uses = select(CreditUse).where(CreditUse.refund_id == refund.id, CreditUse.reverses_id.is_not(None))
    return found + [Past(Step.CANCELLED, one.recorded_at, one.on_date, one.actor) for one in session.scalars(uses)]


def entries_of(session: Session, *, refund_id: int) -> list[int]:
    """Return the entries in which a refund's money was moved."""
    uses = select(CreditUse.entry_id).where(CreditUse.refund_id == refund_id)
    payments = select(RefundPayment.entry_id).where(RefundPayment.refund_id == refund_id)
    return sorted({*session.scalars(uses), *session.scalars(payments)})
