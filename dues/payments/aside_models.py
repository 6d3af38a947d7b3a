"""Tables of what is no member's: payments set aside, rules made from cases, and lists that share a payment out."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Currency, Key, Minor, Recorded, Sorted, one_of


class Purpose(StrEnum):
    """Why money of a payment is used for nobody here."""

    NOT_OURS = "not ours"
    """It belongs to the organisation in another way, or to somebody else; it stands on an account for that."""
    """It goes back to whoever sent it: owed to them until a refund is paid."""
    WITHDRAWN = "withdrawn"
    """It was registered by hand and never came."""
    HANDED_ON = "handed on"
    """It pays what another creditor asks for on the same slip, and is owed to that one."""


class PaymentAside(Base):
    """A part of a payment that was taken out of the queue for no member: to which account, why, and by whom.

    Never changed: it is brought back by another row of the same amount that names it. ``payer_name`` and
    ``payer_account`` are whom and where it is sent back to, as the officer left them. An amount below zero is of money
    that left the bank.
    """

    __tablename__ = "payment_aside"

    id: Mapped[Key]
    payment_id: Mapped[int] = mapped_column(index=True)
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    purpose: Mapped[Purpose]
    amount: Mapped[Minor]
    currency: Mapped[Currency]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(server_default=text("''"))
    payer_name: Mapped[str] = mapped_column(server_default=text("''"))
    payer_account: Mapped[str | None]
    on_date: Mapped[dt.date]
    entry_id: Mapped[int]
    actor: Mapped[str]
    reverses_id: Mapped[int | None]
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        one_of("purpose", Purpose),
        CheckConstraint("amount <> 0", name="amount_something"),
        Index("ix_payment_aside_newest", "creditor_id", "id"),
        Index(
            "uq_payment_aside_reverses_id",
            "reverses_id",
            unique=True,
            postgresql_where=text("reverses_id IS NOT NULL"),
        ),
    )


class PayerRule(Base):
    """What an officer made of a case: money from this account, or with these words, is this person's, or not ours.

    ``words`` are folded as the queue's search key is; a rule has an account or words. Without ``person_id`` what fits
    is not ours. ``payment_id`` is the payment that it was made from.
    """

    __tablename__ = "payer_rule"

    id: Mapped[Key]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    payer_account: Mapped[str | None]
    words: Mapped[Sorted] = mapped_column(server_default=text("''"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    payment_id: Mapped[int]
    actor: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        CheckConstraint("(payer_account IS NULL) <> (words = '')", name="account_or_words"),
        Index(
            "uq_payer_rule_active",
            "creditor_id",
            "payer_account",
            "words",
            unique=True,
            postgresql_where=text("active"),
            postgresql_nulls_not_distinct=True,
        ),
    )


class DeductionLine(Base):
    """A line of the list that says for whom a payment of many is: the member as the payer calls them, and how much.

    ``person_id`` is whom the number means; None where it means nobody. Minor units of the payment's currency.
    """

    __tablename__ = "deduction_line"

    payment_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    number: Mapped[str]
    called: Mapped[str] = mapped_column(server_default=text("''"))
    amount: Mapped[Minor]
    person_id: Mapped[int | None]


class HandedOn(Base):
    """A part of a payment that was set aside for another creditor, and the payment that it became in those books.

    ``from_id`` collected it for ``to_id``, whose ``invoice_id`` it pays.
    """

    __tablename__ = "handed_on"

    aside_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    payment_id: Mapped[int] = mapped_column(unique=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    invoice_id: Mapped[int]
    amount: Mapped[Minor]
    currency: Mapped[Currency]
    on_date: Mapped[dt.date]

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("from_id <> to_id", name="two_creditors"),
        Index("ix_handed_on_between", "from_id", "to_id"),
    )
