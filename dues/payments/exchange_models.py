"""The table of what was exchanged: a payment in one currency for a claim in another."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Currency, Key, Minor, Recorded


class Exchange(Base):
    """What of a payment became credit of a person and was exchanged for their claim at the bank's ``rate``.

    ``amount`` in minor units of the payment's ``currency`` was ``worth`` so much of ``claim_currency``, and ``settled``
    so much of the claim: the difference is in the books. ``taken_back_id`` is the entry that took it back.
    """

    __tablename__ = "exchange"

    id: Mapped[Key]
    allocation_id: Mapped[int]
    payment_id: Mapped[int]
    claim_id: Mapped[int]
    person_id: Mapped[int]
    amount: Mapped[Minor]
    currency: Mapped[Currency]
    rate: Mapped[Decimal] = mapped_column(Numeric(18, 9))
    worth: Mapped[Minor]
    settled: Mapped[Minor]
    claim_currency: Mapped[Currency]
    entry_id: Mapped[int]
    actor: Mapped[str]
    recorded_at: Mapped[Recorded]
    taken_back_id: Mapped[int | None]

    __table_args__ = (
        UniqueConstraint("allocation_id"),
        CheckConstraint("amount > 0 AND worth > 0 AND settled > 0", name="amounts_positive"),
        CheckConstraint("rate > 0", name="rate_positive"),
        CheckConstraint("currency <> claim_currency", name="two_currencies"),
        Index("ix_exchange_claim_id", "claim_id"),
        Index("ix_exchange_payment_id", "payment_id"),
    )
