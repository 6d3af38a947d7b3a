"""Tables of the journal: accounts, posting rules, entries, postings and the closed days."""

import datetime as dt
from enum import StrEnum
from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Currency, Key, Names, Recorded, one_of


class AccountKind(StrEnum):
    """The side of the balance sheet or income statement an account belongs to."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENSE = "expense"


class AccountRole(StrEnum):
    """What the program uses an account for; the proof of the journal sums by role."""

    RECEIVABLE = "receivable"
    BANK = "bank"
    UNIDENTIFIED = "unidentified"
    CREDIT = "credit"
    REFUND = "refund"
    DIFFERENCE = "difference"
    GIFT = "gift"
    INCOME = "income"
    PASSED_ON = "passed on"
    OWED = "owed"
    DUE_FROM = "due from"
    SHARE = "share"
    OPENING = "opening"
    BANK_COST = "bank cost"
    EXCHANGE = "exchange"
    EXCHANGE_DIFFERENCE = "exchange difference"
    NOT_OURS = "not ours"


class Account(Base):
    """An account in the books of one creditor, in one currency."""

    __tablename__ = "account"

    id: Mapped[Key]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    code: Mapped[str]
    names: Mapped[Names]
    kind: Mapped[AccountKind]
    role: Mapped[AccountRole]
    currency: Mapped[Currency]

    __table_args__ = (
        UniqueConstraint("creditor_id", "code"),
        one_of("kind", AccountKind),
        one_of("role", AccountRole),
    )


class Event(StrEnum):
    """A business event that is booked by rule."""

    ISSUE = "issue"
    PAYMENT = "payment"
    UNIDENTIFIED = "unidentified"
    CREDIT = "credit"
    OVERPAID = "overpaid"
    REFUND = "refund"
    DIFFERENCE = "difference"
    SETTLEMENT = "settlement"
    SHARE = "share"
    TAKE_IN = "take-in"
    BANK_COST = "bank cost"
    EXCHANGE = "exchange"
    NOT_OURS = "not ours"


ISSUES: Final = (Event.ISSUE, Event.TAKE_IN)
"""Events by which a claim comes to be."""

PAID_ELSEWHERE: Final = "paid elsewhere"
"""What the entry is called that says what had been paid of invoices before they were taken in."""


class PostingRule(Base):
    """Event and component, or event and product, to accounts, as data.

    A null account is filled by what the event brings with it: the bank account of the agreement. A null
    component is the creditor's rule for every component that has none of its own, unless the rule is a product's;
    a null currency is the creditor's own.
    """

    __tablename__ = "posting_rule"

    id: Mapped[Key]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    event: Mapped[Event]
    component_id: Mapped[int | None] = mapped_column(ForeignKey("fee_component.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    currency: Mapped[str | None]
    debit_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    credit_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (
        UniqueConstraint(
            *("creditor_id", "event", "component_id", "product_id", "currency"),
            name="uq_posting_rule_one_for_each",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("component_id IS NULL OR product_id IS NULL", name="component_or_product"),
        one_of("event", Event),
    )


class Books(Base):
    """How far a creditor's books are closed; nothing is posted on or before ``closed_through``."""

    __tablename__ = "books"

    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"), primary_key=True)
    closed_through: Mapped[dt.date | None]


class BooksClosed(Base):
    """One close, and what the books held through that day; a later proof must count the same."""

    __tablename__ = "books_closed"

    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"), primary_key=True)
    through: Mapped[dt.date] = mapped_column(primary_key=True)
    entries: Mapped[int]
    postings: Mapped[int]
    amount: Mapped[int]
    actor: Mapped[str]
    recorded_at: Mapped[Recorded]


class Entry(Base):
    """A voucher for one business event; never changed, only reversed.

    ``key`` makes an event book once. ``transaction`` is the database's own number of the transaction that
    wrote the entry: postings can join it in that transaction only.
    """

    __tablename__ = "entry"

    id: Mapped[Key]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    number: Mapped[int]
    event: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    on_date: Mapped[dt.date]
    description: Mapped[str] = mapped_column(server_default=text("''"))
    actor: Mapped[str]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), unique=True)
    transaction: Mapped[int] = mapped_column(server_default=text("(pg_current_xact_id()::text)::bigint"))
    recorded_at: Mapped[Recorded]

    __table_args__ = (UniqueConstraint("creditor_id", "number"), Index("ix_entry_on_date", "on_date", "id"))


class Posting(Base):
    """One transfer of a positive amount from the credit account to the debit account.

    An unbalanced entry cannot be written down. A posting has no foreign keys: a trigger checks each
    statement's postings against their entry and accounts in one join, which costs a fraction of them.
    """

    __tablename__ = "posting"

    id: Mapped[int] = mapped_column(BigInteger, Identity(cache=200), primary_key=True)
    entry_id: Mapped[int]
    debit_account_id: Mapped[int]
    credit_account_id: Mapped[int]
    amount: Mapped[int]
    currency: Mapped[Currency]
    on_date: Mapped[dt.date]
    value_date: Mapped[dt.date]
    claim_id: Mapped[int | None]
    payment_id: Mapped[int | None]
    person_id: Mapped[int | None]
    component_id: Mapped[int | None]
    service_from: Mapped[dt.date | None]
    service_to: Mapped[dt.date | None]
    coding_id: Mapped[int | None]
    reverses_id: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("debit_account_id <> credit_account_id", name="two_accounts"),
        Index("ix_posting_claim_id", "claim_id", postgresql_where=text("claim_id IS NOT NULL")),
        Index("ix_posting_payment_id", "payment_id", postgresql_where=text("payment_id IS NOT NULL")),
        Index("ix_posting_entry_id", "entry_id", postgresql_using="brin"),
        Index("ix_posting_on_date", "on_date", postgresql_using="brin"),
        Index("uq_posting_reverses_id", "reverses_id", unique=True, postgresql_where=text("reverses_id IS NOT NULL")),
    )


class LedgerDay(Base):
    """What was booked on one day on an account that is reconciled (a bank's, or what waits): debit less credit.

    ``of_payments`` is the part of it that the payments of bank files brought. Exact together with `LedgerDayChange`.
    """

    __tablename__ = "ledger_day"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    on_date: Mapped[dt.date] = mapped_column(primary_key=True)
    creditor_id: Mapped[int]
    amount: Mapped[int]
    of_payments: Mapped[int]


class LedgerDayChange(Base):
    """What one statement booked on such an account, beside the sums until it is folded into them."""

    __tablename__ = "ledger_day_change"

    id: Mapped[Key]
    account_id: Mapped[int]
    on_date: Mapped[dt.date]
    creditor_id: Mapped[int]
    amount: Mapped[int]
    of_payments: Mapped[int]
