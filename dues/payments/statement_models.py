"""Tables of what bank statements say: whether they follow each other, and what each account had by day."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Key, Minor, Recorded, one_of


class Missing(StrEnum):
    """What shows that something is missing between two statements of an account."""

    NUMBER = "number"
    BALANCE = "balance"
    BOTH = "both"


class BankGap(Base):
    """Two statements of an account between which something is missing.

    It closes by itself when what was missing has come, or by somebody who says why it need not come.
    """

    __tablename__ = "bank_gap"

    id: Mapped[Key]
    agreement_id: Mapped[int] = mapped_column(ForeignKey("bank_agreement.id"))
    before_id: Mapped[int] = mapped_column(ForeignKey("bank_section.id", ondelete="CASCADE"))
    section_id: Mapped[int] = mapped_column(ForeignKey("bank_section.id", ondelete="CASCADE"))
    missing: Mapped[Missing]
    recorded_at: Mapped[Recorded]
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[str | None]
    note: Mapped[str | None]

    __table_args__ = (
        one_of("missing", Missing),
        UniqueConstraint("section_id", "before_id"),
        Index("ix_bank_gap_open", "agreement_id", postgresql_where=text("closed_at IS NULL")),
        Index("ix_bank_gap_before_id", "before_id"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_by_somebody"),
        CheckConstraint("note IS NULL OR closed_at IS NOT NULL", name="note_closes"),
    )


class AccountDay(Base):
    """What one file brought for one account on one day: all of it, also what left (minor units, signed)."""

    __tablename__ = "account_day"

    file_id: Mapped[int] = mapped_column(ForeignKey("bank_file.id", ondelete="CASCADE"), primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("bank_agreement.id"), primary_key=True)
    booked_on: Mapped[dt.date] = mapped_column(primary_key=True)
    payments: Mapped[int]
    amount: Mapped[Minor]

    __table_args__ = (Index("ix_account_day_booked_on", "agreement_id", "booked_on"),)
