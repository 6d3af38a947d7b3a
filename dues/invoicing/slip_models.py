"""The table of slips: invoices of several creditors that one payment with one reference pays."""

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base


class SlipPart(Base):
    """An invoice that stands on a slip: all that a run wrote with the same ``slip_seq`` stand on one.

    The one that ``collects`` is asked for on its creditor's account, and its reference means the slip. One alone, whose
    fellows were left out as they were written, is an invoice like any other.
    """

    __tablename__ = "slip_part"

    invoice_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    run_id: Mapped[int]
    slip_seq: Mapped[int]
    creditor_id: Mapped[int]
    collects: Mapped[bool]

    __table_args__ = (
        Index("ix_slip_part_slip", "run_id", "slip_seq"),
        Index("ix_slip_part_collects", "creditor_id", postgresql_where=text("collects")),
    )
