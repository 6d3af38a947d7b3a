"""Tables of refunds, of the orders that pay them out, and of what payments and credit were used for beside claims."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Currency, Key, Minor, PublicId, Recorded, one_of


class RefundState(StrEnum):
    """Where a refund stands; until it is confirmed or cancelled its money lies on the account for refunds."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    SENT = "sent"
    CONFIRMED = "confirmed"
    BOUNCED = "bounced"
    CANCELLED = "cancelled"


UNDER_WAY = (RefundState.PROPOSED, RefundState.APPROVED, RefundState.SENT, RefundState.BOUNCED)
"""States in which a refund's money is still to be paid."""


class PayoutScheme(StrEnum):
    """Kinds of accounts that money goes back to."""

    IBAN = "IBAN"
    BANKGIRO = "BGNR"
    PLUSGIRO = "PGNR"
    SWEDISH = "SE"
    NORWEGIAN = "NO"


class Stopped(StrEnum):
    """Why a refund does not go out as it was approved: its money is gone, or the bank refused the order."""

    SOURCE_RETURNED = "source returned"
    REJECTED = "rejected"


_NEEDS = "state = 'bounced' OR state = 'proposed' AND stopped = 'source returned'"


class Refund(Base):
    """Money that goes back: ``amount`` in minor units, to ``name`` at an account, unknown until it is written.

    What it was is what had no use of payment ``payment_id``, or, without one, the person's credit. ``attempt`` counts
    how often it was ordered; with the uuid it is what the bank is told (``end_to_end_id``) and quotes. ``stopped`` says
    why it waits for somebody, ``stop_code`` and ``stop_words`` what the bank said of it; ``accepted_on`` is the day on
    which the bank said that it took the order.
    """

    __tablename__ = "refund"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    payment_id: Mapped[int | None]
    amount: Mapped[Minor]
    currency: Mapped[Currency]
    name: Mapped[str]
    scheme: Mapped[PayoutScheme | None]
    number: Mapped[str | None]
    reason: Mapped[str]
    state: Mapped[RefundState] = mapped_column(server_default=text("'proposed'"))
    attempt: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    end_to_end_id: Mapped[str | None]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("refund_order.id", deferrable=True))
    on_date: Mapped[dt.date]
    ended_on: Mapped[dt.date | None]
    actor: Mapped[str]
    approved_by: Mapped[str | None]
    stopped: Mapped[Stopped | None]
    stop_code: Mapped[str | None]
    stop_words: Mapped[str] = mapped_column(server_default=text("''"))
    accepted_on: Mapped[dt.date | None]
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        one_of("scheme", PayoutScheme),
        one_of("state", RefundState),
        one_of("stopped", Stopped),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(scheme IS NULL) = (number IS NULL)", name="whole_account"),
        CheckConstraint("person_id IS NOT NULL OR payment_id IS NOT NULL", name="of_somebody"),
        CheckConstraint("state NOT IN ('sent', 'confirmed') OR order_id IS NOT NULL", name="sent_by_an_order"),
        CheckConstraint("state NOT IN ('approved', 'sent') OR number IS NOT NULL", name="account_before_approval"),
        CheckConstraint("(ended_on IS NOT NULL) = (state IN ('confirmed', 'cancelled'))", name="ended_with_a_day"),
        Index("ix_refund_state", "creditor_id", "state", "id"),
        Index("ix_refund_needs", "id", postgresql_where=text(_NEEDS)),
        Index("ix_refund_person_id", "person_id", postgresql_where=text("person_id IS NOT NULL")),
        Index("ix_refund_payment_id", "payment_id", postgresql_where=text("payment_id IS NOT NULL")),
        Index("uq_refund_end_to_end_id", "end_to_end_id", unique=True),
    )


class RefundOrder(Base):
    """A file of payment orders (pain.001), as it was written once; never changed and never written again."""

    __tablename__ = "refund_order"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"), index=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("bank_agreement.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    execute_on: Mapped[dt.date]
    currency: Mapped[Currency]
    payments: Mapped[int]
    amount: Mapped[Minor]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    digest: Mapped[str]
    actor: Mapped[str]
    recorded_at: Mapped[Recorded]


class RefundPaymentKind(StrEnum):
    """What a payment is to a refund: its money came with it, left with it, or came back with it."""

    SOURCE = "source"
    PAID = "paid"
    BOUNCED = "bounced"


class RefundPayment(Base):
    """A use of a payment for a refund, with the payment's sign; what is taken back is a row of the other sign."""

    __tablename__ = "refund_payment"

    id: Mapped[Key]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    refund_id: Mapped[int] = mapped_column(ForeignKey("refund.id"), index=True)
    payment_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[RefundPaymentKind]
    amount: Mapped[Minor]
    currency: Mapped[Currency]
    on_date: Mapped[dt.date]
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    actor: Mapped[str]
    recorded_at: Mapped[Recorded]

    __table_args__ = (one_of("kind", RefundPaymentKind), CheckConstraint("amount <> 0", name="amount_not_zero"))


class CreditUseKind(StrEnum):
    """What a person's credit is used for."""

    CLAIM = "claim"
    REFUND = "refund"
    GIFT = "gift"
    DIFFERENCE = "difference"


class CreditUse(Base):
    """A part of a person's credit that was used; never changed, and taken back by another row that names it.

    ``allocation_id`` is the money that a creditor's rule used as soon as it came: the part of a payment that was credit
    for that alone. What people decide later is used of a person's credit as a whole, and names none.
    """

    __tablename__ = "credit_use"

    id: Mapped[Key]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[CreditUseKind]
    claim_id: Mapped[int | None]
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refund.id"))
    gift_id: Mapped[int | None] = mapped_column(ForeignKey("gift.id"))
    allocation_id: Mapped[int | None]
    amount: Mapped[Minor]
    currency: Mapped[Currency]
    on_date: Mapped[dt.date]
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    actor: Mapped[str]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("credit_use.id"))
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        one_of("kind", CreditUseKind),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(kind = 'claim') = (claim_id IS NOT NULL)", name="claim_of_claims"),
        CheckConstraint("(kind = 'refund') = (refund_id IS NOT NULL)", name="refund_of_refunds"),
        CheckConstraint("(kind = 'gift') = (gift_id IS NOT NULL)", name="gift_of_gifts"),
        Index("ix_credit_use_claim_id", "claim_id", postgresql_where=text("claim_id IS NOT NULL")),
        Index("ix_credit_use_refund_id", "refund_id", postgresql_where=text("refund_id IS NOT NULL")),
        Index("ix_credit_use_gift_id", "gift_id", postgresql_where=text("gift_id IS NOT NULL")),
        Index(
            "uq_credit_use_allocation_id",
            "allocation_id",
            unique=True,
            postgresql_where=text("allocation_id IS NOT NULL AND reverses_id IS NULL"),
        ),
        Index(
            "uq_credit_use_reverses_id", "reverses_id", unique=True, postgresql_where=text("reverses_id IS NOT NULL")
        ),
    )
