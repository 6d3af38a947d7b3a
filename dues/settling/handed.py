"""Reads what creditors collected for each other on slips: it is owed as soon as it has come."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import BigInteger, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from dues.groups.models import Creditor
from dues.payments.aside_models import HandedOn


@dataclass(frozen=True, slots=True)
class Handed:
    """What one creditor collected for another on slips: how many times, and minor units of ``currency``."""

    collector: str
    receiver: str
    currency: str
    times: int
    amount: int


def handed_on(session: Session, *, creditor_id: int, through: dt.date) -> list[Handed]:
    """Return what a creditor collected for others through a day, and what others collected for it."""
    collector, receiver = aliased(Creditor), aliased(Creditor)
    wanted = (
        select(
            func.coalesce(collector.name, ""),
            func.coalesce(receiver.name, ""),
            HandedOn.currency,
            func.count(),
            cast(func.sum(HandedOn.amount), BigInteger),
        )
        .outerjoin(collector, collector.id == HandedOn.from_id)
        .outerjoin(receiver, receiver.id == HandedOn.to_id)
        .where(or_(HandedOn.from_id == creditor_id, HandedOn.to_id == creditor_id), HandedOn.on_date <= through)
        .group_by(collector.name, receiver.name, HandedOn.currency)
        .order_by(collector.name, receiver.name, HandedOn.currency)
    )
    return [Handed(*row) for row in session.execute(wanted)]
