"""Tables of what banks report on orders of refunds (pain.002): never money, and not proof of any."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Currency, Key, Recorded, one_of


class Outcome(StrEnum):
    """What a report's word on an order came to here."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WAITING = "waiting"
    """The bank has it and has not decided."""
    LATE = "late"
    """The refund had moved on: it was paid, refused, or ordered anew before."""
    DIFFERS = "differs"
    """The bank speaks of another amount than was ordered: nothing is done by itself."""
    UNKNOWN = "unknown"
    """No refund of ours was ordered under this number."""


class OrderReport(Base):
    """A report that a bank file is, about the order ``original_id``; ``key`` is unique, so that it counts once."""

    __tablename__ = "order_report"

    id: Mapped[Key]
    file_id: Mapped[int] = mapped_column(ForeignKey("bank_file.id"), index=True)
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("refund_order.id"))
    key: Mapped[str] = mapped_column(unique=True)
    original_id: Mapped[str]
    created_on: Mapped[dt.date | None]
    recorded_at: Mapped[Recorded]


class OrderTold(Base):
    """What a report says of one order, and what came of it; never changed. ``code`` and ``reason`` are ISO 20022's."""

    __tablename__ = "order_told"

    report_id: Mapped[int] = mapped_column(ForeignKey("order_report.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    creditor_id: Mapped[int]
    end_to_end_id: Mapped[str]
    code: Mapped[str]
    reason: Mapped[str | None]
    words: Mapped[str] = mapped_column(server_default=text("''"))
    amount: Mapped[int | None]
    currency: Mapped[Currency | None]
    name: Mapped[str] = mapped_column(server_default=text("''"))
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refund.id"))
    outcome: Mapped[Outcome]

    __table_args__ = (
        one_of("outcome", Outcome),
        Index("ix_order_told_refund_id", "refund_id", postgresql_where=text("refund_id IS NOT NULL")),
    )
