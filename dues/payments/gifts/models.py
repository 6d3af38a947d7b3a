"""Tables of gifts, and of the numbers by which authorities know who gave them."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Currency, Key, Minor, Recorded


class Gift(Base):
    """What somebody gave, in minor units, on the day it was booked; ``payment_id`` is what it came with.

    Never changed: it is taken back by another gift of the same amount that names it.
    """

    __tablename__ = "gift"

    id: Mapped[Key]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    payment_id: Mapped[int | None]
    amount: Mapped[Minor]
    currency: Mapped[Currency]
    on_date: Mapped[dt.date]
    actor: Mapped[str]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("gift.id"))
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_gift_year", "creditor_id", "on_date", "id"),
        Index("ix_gift_payment_id", "payment_id", postgresql_where=text("payment_id IS NOT NULL")),
        Index("uq_gift_reverses_id", "reverses_id", unique=True, postgresql_where=text("reverses_id IS NOT NULL")),
    )


class DonorIdentity(Base):
    """The identity number by which a tax authority knows a donor: sealed, opened for its report alone."""

    __tablename__ = "donor_identity"

    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    actor: Mapped[str]
    recorded_at: Mapped[Recorded]
