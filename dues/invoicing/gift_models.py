"""The table of what members chose to give for where an invoice invites them to pay more."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Key, Names, Recorded


class FundChoice(Base):
    """The fund that a person chose for what they pay a creditor beyond their fees.

    Never changed: the newest holds, and an invoice names the one that held when it was written, by the ``names`` that
    the fund had when it was chosen.
    """

    __tablename__ = "fund_choice"

    id: Mapped[Key]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    names: Mapped[Names]
    actor: Mapped[str]
    recorded_at: Mapped[Recorded]

    __table_args__ = (Index("ix_fund_choice_newest", "person_id", "creditor_id", "id"),)
