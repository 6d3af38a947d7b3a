"""The table of what undoing a run credits, and of what it leaves alone."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Currency, Minor, one_of


class UndoItemState(StrEnum):
    """Whether an invoice is credited."""

    READY = "ready"
    EXCLUDED = "excluded"


class UndoItem(Base):
    """One invoice of a run that is undone: the preview's row and, on confirmation, the credit note's source.

    ``note_id`` is the id that its credit note gets once the row is written; what is left alone has none. ``channel`` is
    by which way the payer is told of it, or "none": nobody is told who never got the invoice, or has died.
    """

    __tablename__ = "undo_item"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int]
    note_id: Mapped[int | None]
    creditor_id: Mapped[int]
    group_id: Mapped[int]
    amount: Mapped[Minor]
    currency: Mapped[Currency]
    channel: Mapped[str]
    state: Mapped[UndoItemState]
    reason: Mapped[str | None]

    __table_args__ = (
        one_of("state", UndoItemState),
        CheckConstraint("(state = 'ready') = (reason IS NULL)", name="left_out_with_reason"),
        Index("uq_undo_item_invoice", "run_id", "invoice_id", unique=True),
        Index("ix_undo_item_left_out", "run_id", "reason", "seq", postgresql_where=text("state <> 'ready'")),
    )
