"""Tables of settlements between a creditor and the groups it collected for."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Currency, Key, Minor, PublicId, Recorded


class Settlement(Base):
    """What a creditor owed a group on a day and settled with it: booked once, and never changed afterwards.

    ``number`` and ``on_date`` are its voucher's: the group, which does not see the creditor's books, is told them.
    ``settled_before`` is what had been settled with the group until then; with the key on it nothing is settled twice.
    Where the group keeps books of its own, the database names them as ``receiver_id``, and ``received_id`` is the entry
    that takes the settlement in there, as soon as it is written.
    """

    __tablename__ = "settlement"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), index=True)
    currency: Mapped[Currency]
    through: Mapped[dt.date]
    settled_before: Mapped[Minor]
    amount: Mapped[Minor]
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    number: Mapped[int]
    on_date: Mapped[dt.date]
    actor: Mapped[str]
    receiver_id: Mapped[int | None] = mapped_column(ForeignKey("creditor.id"))
    received_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        UniqueConstraint("creditor_id", "group_id", "currency", "settled_before"),
        Index("ix_settlement_newest", "creditor_id", "id"),
        Index(
            "ix_settlement_to_receive",
            "id",
            postgresql_where=text("receiver_id IS NOT NULL AND received_id IS NULL"),
        ),
        Index(
            "ix_settlement_received_id",
            "received_id",
            unique=True,
            postgresql_where=text("received_id IS NOT NULL"),
        ),
        CheckConstraint("amount > 0", name="amount_positive"),
    )


class SettlementLine(Base):
    """How much of a settlement is of one part of the fee; below zero where less has stayed than was settled before."""

    __tablename__ = "settlement_line"

    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlement.id"), primary_key=True)
    component_id: Mapped[int] = mapped_column(ForeignKey("fee_component.id"), primary_key=True)
    amount: Mapped[Minor]
