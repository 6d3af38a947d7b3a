"""Reads what banks said of orders of refunds: in a file, of a refund, and what waits for somebody because of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.payments.refunds.listing import needs_somebody
from dues.payments.refunds.models import Refund
from dues.payments.refunds.report_models import OrderReport, OrderTold, Outcome


@dataclass(frozen=True, slots=True)
class Told:
    """A bank's word on one order; ``refund`` is None where the order is none of ours. Minor units of ``currency``."""

    position: int
    refund: UUID | None
    name: str
    end_to_end_id: str
    amount: int | None
    currency: str
    code: str
    reason: str | None
    words: str
    outcome: Outcome


def told_of_file(session: Session, *, file_id: int, after: int, limit: int) -> list[Told]:
    """Return what a file says of orders, in its order, beyond a position (-1 from the beginning)."""
    wanted = (
        select(OrderTold, Refund)
        .join(OrderReport, OrderReport.id == OrderTold.report_id)
        .outerjoin(Refund, Refund.id == OrderTold.refund_id)
        .where(OrderReport.file_id == file_id, OrderTold.position > after)
        .order_by(OrderTold.position)
        .limit(limit)
    )
    return [_told(*row) for row in session.execute(wanted)]


def _told(one: OrderTold, refund: Refund | None) -> Told:
    if refund is None:
        known, name, amount, currency = None, one.name, one.amount, one.currency or ""
    else:
        known, name, amount, currency = refund.uuid, refund.name, one.amount, one.currency or refund.currency
        amount = refund.amount if amount is None else amount
    return Told(
        position=one.position,
        refund=known,
        name=name,
        end_to_end_id=one.end_to_end_id,
        amount=amount,
        currency=currency,
        code=one.code,
        reason=one.reason,
        words=one.words,
        outcome=one.outcome,
    )


def counted(session: Session, *, file_id: int) -> Counter[Outcome]:
    """Return how many orders of a file came to what; nothing where it is no report."""
    wanted = (
        select(OrderTold.outcome, func.count())
        .join(OrderReport, OrderReport.id == OrderTold.report_id)
        .where(OrderReport.file_id == file_id)
        .group_by(OrderTold.outcome)
    )
    return Counter({row[0]: row[1] for row in session.execute(wanted)})


def stopped(session: Session, *, limit: int) -> Sequence[Refund]:
    """Return refunds that do not go on before somebody looks at them, the newest first."""
    return session.scalars(select(Refund).where(needs_somebody(Refund)).order_by(Refund.id.desc()).limit(limit)).all()
