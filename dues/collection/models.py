"""Tables of reminders, of the items a reminder run previews, and of holds."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Currency, Key, Minor, PublicId, Recorded, one_of


class ReminderItemState(StrEnum):
    """Whether an item becomes a reminder."""

    READY = "ready"
    EXCLUDED = "excluded"


class ReminderItem(Base):
    """One reminder that a run would write: the claim as it stood when the preview was made."""

    __tablename__ = "reminder_item"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int]
    creditor_id: Mapped[int]
    level: Mapped[int] = mapped_column(SmallInteger)
    amount: Mapped[Minor]
    currency: Mapped[Currency]
    channel: Mapped[str | None]
    state: Mapped[ReminderItemState]
    reason: Mapped[str | None]

    __table_args__ = (
        one_of("state", ReminderItemState),
        CheckConstraint("(state = 'ready') = (reason IS NULL)", name="left_out_with_reason"),
        Index("uq_reminder_item_claim", "run_id", "claim_id", unique=True),
        Index("ix_reminder_item_left_out", "run_id", "reason", "seq", postgresql_where=text("state <> 'ready'")),
    )


class Reminder(Base):
    """Its own document, with its own date and only what was open on it; the claim's due date stays."""

    __tablename__ = "reminder"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    level: Mapped[int] = mapped_column(SmallInteger)
    issued_on: Mapped[dt.date]
    pay_by: Mapped[dt.date]
    amount: Mapped[Minor]
    currency: Mapped[Currency]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    recorded_at: Mapped[Recorded]

    __table_args__ = (UniqueConstraint("claim_id", "level"), CheckConstraint("amount > 0", name="amount_positive"))


class HoldReason(StrEnum):
    """Why a claim is left alone for a while."""

    COMPLAINT = "complaint"
    PAUSED = "paused"


class ClaimHold(Base):
    """One step of a claim's history of holds: held until a day, or (without one) let go again; never changed."""

    __tablename__ = "claim_hold"

    id: Mapped[Key]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    reason: Mapped[HoldReason]
    until: Mapped[dt.date | None]
    note: Mapped[str] = mapped_column(server_default=text("''"))
    on_date: Mapped[dt.date]
    actor: Mapped[str]
    recorded_at: Mapped[Recorded]

    __table_args__ = (one_of("reason", HoldReason),)
