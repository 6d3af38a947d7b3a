"""Tables of bank files, payments, the queue of open questions, allocations and members' credit."""

import datetime as dt
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Currency, Key, Minor, PublicId, Recorded, Sorted, one_of


class FileState(StrEnum):
    """A bank file is accepted whole or not at all; ``received`` ones are kept and wait to be read by their run."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REFUSED = "refused"


BY_HAND: Final = "by hand"
"""The format of what is no file of a bank: it brings what officers received themselves."""


class Refusal(StrEnum):
    """Why a bank file is refused, as far as it says what whoever sent it does next."""

    TEST = "test"
    STRANGE = "strange"
    FOREIGN = "foreign"
    DAMAGED = "damaged"
    CONTRADICTS = "contradicts"
    LARGE = "large"


class BankFile(Base):
    """A file that came, and what it was taken for.

    ``digest`` is of its bytes, ``plain_digest`` of its content without line ends and trailing blanks: the same
    file under another name or through another channel is recognised. ``path`` is the group for whose accounts alone it
    was taken in; nothing where all accounts are ours. ``table_layout`` is how a table was read, and of which account.
    ``refusal`` is the kind of ``error``; files that were refused before there were kinds have none.
    """

    __tablename__ = "bank_file"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    name: Mapped[str]
    state: Mapped[FileState]
    digest: Mapped[str]
    plain_digest: Mapped[str | None]
    size: Mapped[int]
    format: Mapped[str | None]
    version: Mapped[str | None]
    payments: Mapped[int] = mapped_column(server_default=text("0"))
    duplicates: Mapped[int] = mapped_column(server_default=text("0"))
    amount: Mapped[Minor] = mapped_column(server_default=text("0"))
    currency: Mapped[Currency | None]
    warnings: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    error: Mapped[str | None]
    refusal: Mapped[Refusal | None]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    actor: Mapped[str]
    path: Mapped[Sorted] = mapped_column(server_default=text("''"))
    table_layout: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        one_of("state", FileState),
        one_of("refusal", Refusal),
        Index("uq_bank_file_digest", "digest", unique=True, postgresql_where=text("state = 'accepted'")),
        Index("uq_bank_file_plain_digest", "plain_digest", unique=True, postgresql_where=text("state = 'accepted'")),
        Index("ix_bank_file_refused", "id", postgresql_where=text("state = 'refused'")),
        Index("ix_bank_file_name", "name", "id"),
        CheckConstraint("(state = 'refused') = (error IS NOT NULL)", name="refused_with_reason"),
    )


class BankFileChunk(Base):
    """A mebibyte of a file's raw bytes, kept for inspection; ``content`` is packed (zlib)."""

    __tablename__ = "bank_file_chunk"

    file_id: Mapped[int] = mapped_column(ForeignKey("bank_file.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes]


class BankSection(Base):
    """One statement, notification or deposit of a file; its key is unique, so that it is taken once.

    ``series`` is the format whose sections of this account follow each other, number by number and balance by balance;
    nothing where they do not (a notification tells of a part of a day). ``closing_on`` is the closing balance's day.
    """

    __tablename__ = "bank_section"

    id: Mapped[Key]
    file_id: Mapped[int] = mapped_column(ForeignKey("bank_file.id", ondelete="CASCADE"), index=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("bank_agreement.id"))
    key: Mapped[str]
    statement_number: Mapped[str | None]
    opening_balance: Mapped[Minor | None]
    closing_balance: Mapped[Minor | None]
    payments: Mapped[int]
    amount: Mapped[Minor]
    currency: Mapped[Currency]
    series: Mapped[str | None]
    created_on: Mapped[dt.date]
    closing_on: Mapped[dt.date | None]

    __table_args__ = (
        UniqueConstraint("agreement_id", "key"),
        Index("ix_bank_section_newest", "agreement_id", "id"),
        Index("ix_bank_section_closing_on", "agreement_id", "closing_on"),
    )


class Payment(Base):
    """Money that came, or (below zero) that left; as it came, and never changed.

    ``key`` and ``occurrence`` tell genuine twins from the same row seen twice. ``reference`` is the one
    structured or unmistakable reference; everything the payer wrote is in ``message``. ``originals`` of a return are
    numbers by which the bank may mean the payment that comes back, ``charges`` (minor units) what it says it took.
    ``exchanged`` is what the bank was told to send where it changed it into ``currency``: ``amount`` (minor units) and
    ``currency``, and, where it tells it, the ``rate`` as the price of one ``unit``.
    """

    __tablename__ = "payment"

    id: Mapped[Key]
    file_id: Mapped[int]
    section_id: Mapped[int]
    agreement_id: Mapped[int]
    creditor_id: Mapped[int]
    key: Mapped[str]
    occurrence: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str]
    amount: Mapped[Minor]
    currency: Mapped[Currency]
    booked_on: Mapped[dt.date]
    value_on: Mapped[dt.date]
    reference: Mapped[str | None]
    references: Mapped[list[Any] | None]
    message: Mapped[str]
    payer_name: Mapped[str]
    payer_account: Mapped[str | None]
    end_to_end_id: Mapped[str | None]
    return_reason: Mapped[str | None]
    originals: Mapped[list[Any] | None]
    charges: Mapped[int | None] = mapped_column(BigInteger)
    exchanged: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    position: Mapped[str]
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        UniqueConstraint("agreement_id", "key", "occurrence"),
        Index("ix_payment_file_id", "file_id", postgresql_using="brin"),
        Index("ix_payment_payer_account", "payer_account", "id", postgresql_where=text("payer_account IS NOT NULL")),
        Index("ix_payment_booked_on", "booked_on", "id"),
        Index("ix_payment_end_to_end_id", "end_to_end_id", "id", postgresql_where=text("end_to_end_id IS NOT NULL")),
        # Finds an amount, for next to nothing when payments come: a tree would cost each of them a tenth of its time.
        Index(
            "ix_payment_amount",
            "amount",
            postgresql_using="brin",
            postgresql_ops={"amount": "int8_bloom_ops"},
            postgresql_with={"pages_per_range": 32, "autosummarize": "on"},
        ),
    )


class PaymentDay(Base):
    """What one file brought on one day: how many payments came in and how much; what left is not in it."""

    __tablename__ = "payment_day"

    file_id: Mapped[int] = mapped_column(primary_key=True)
    creditor_id: Mapped[int] = mapped_column(primary_key=True)
    currency: Mapped[Currency] = mapped_column(primary_key=True)
    booked_on: Mapped[dt.date] = mapped_column(primary_key=True)
    payments: Mapped[int]
    received: Mapped[Minor]

    __table_args__ = (Index("ix_payment_day_booked_on", "booked_on"),)


class CaseReason(StrEnum):
    """Why a payment was not matched by itself."""

    NO_AMOUNT = "no amount"
    NO_REFERENCE = "no reference"
    UNKNOWN_REFERENCE = "unknown reference"
    TOO_MUCH = "too much"
    TOO_LITTLE = "too little"
    ALREADY_PAID = "already paid"
    ALREADY_CREDITED = "already credited"
    OTHER_CURRENCY = "other currency"
    MONEY_LEFT = "money left"
    TAKEN_BACK = "taken back"
    RETURNED = "returned"


class PaymentCase(Base):
    """A payment that waits for a person, why, and how much of it has no use yet (minor units, signed).

    ``search_key`` is what the bank says of the payment (name, reference, account, text), folded, so that a search of
    the pile reads no payments; ``reference`` is the payment's, so that one is found among all that wait.
    """

    __tablename__ = "payment_case"

    payment_id: Mapped[int] = mapped_column(primary_key=True)
    creditor_id: Mapped[int]
    reason: Mapped[CaseReason]
    unallocated: Mapped[Minor]
    claim_id: Mapped[int | None]
    agreement_id: Mapped[int]
    search_key: Mapped[Sorted] = mapped_column(server_default=text("''"))
    reference: Mapped[str | None]
    recorded_at: Mapped[Recorded]
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[str | None]

    __table_args__ = (
        one_of("reason", CaseReason),
        # Counts what waits in the books of one group, for its house, among all that waits.
        Index("ix_payment_case_open", "creditor_id", "payment_id", postgresql_where=text("closed_at IS NULL")),
        Index("ix_payment_case_waiting", "payment_id", postgresql_where=text("closed_at IS NULL")),
        Index(
            "ix_payment_case_claim_id",
            "claim_id",
            postgresql_where=text("claim_id IS NOT NULL AND closed_at IS NULL"),
        ),
        Index(
            "ix_payment_case_reference",
            "reference",
            "payment_id",
            postgresql_where=text("reference IS NOT NULL AND closed_at IS NULL"),
        ),
        Index("ix_payment_case_account", "agreement_id", "payment_id", postgresql_where=text("closed_at IS NULL")),
        Index("ix_payment_case_reason", "reason", "payment_id", postgresql_where=text("closed_at IS NULL")),
    )


class CaseVisit(Base):
    """Somebody of the staff has a case before them, and when they showed a sign of it last.

    A courtesy between colleagues and no lock: it runs out by itself, and may be lost with a crash.
    """

    __tablename__ = "case_visit"

    payment_id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    came_at: Mapped[Recorded]
    seen_at: Mapped[Recorded]

    __table_args__ = ({"prefixes": ["UNLOGGED"]},)


class Allocation(Base):
    """A part of a payment used for a claim (or, without one, kept as a person's credit).

    Never changed: it is taken back by another allocation of the same amount that names it. One that took the place of
    another names that, too (``moved_from_id``): a chain from what somebody took it for first to what it is used for.
    """

    __tablename__ = "allocation"

    id: Mapped[Key]
    payment_id: Mapped[int]
    claim_id: Mapped[int | None]
    person_id: Mapped[int]
    amount: Mapped[Minor]
    currency: Mapped[Currency]
    on_date: Mapped[dt.date]
    entry_id: Mapped[int]
    actor: Mapped[str]
    reverses_id: Mapped[int | None]
    moved_from_id: Mapped[int | None]
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_allocation_moved_from_id", "moved_from_id", postgresql_where=text("moved_from_id IS NOT NULL")),
        Index(
            "ix_allocation_payment_id",
            "payment_id",
            postgresql_using="brin",
            postgresql_ops={"payment_id": "int8_minmax_multi_ops"},
        ),
        Index("ix_allocation_claim_id", "claim_id", postgresql_where=text("claim_id IS NOT NULL")),
        Index("ix_allocation_kept", "person_id", postgresql_where=text("claim_id IS NULL")),
        Index(
            "uq_allocation_reverses_id", "reverses_id", unique=True, postgresql_where=text("reverses_id IS NOT NULL")
        ),
    )


class Credit(Base):
    """What a creditor owes a person: money that came or was credited beyond what was due."""

    __tablename__ = "credit"

    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    currency: Mapped[Currency] = mapped_column(primary_key=True)
    balance: Mapped[Minor]

    __table_args__ = (
        CheckConstraint("balance >= 0", name="balance_not_negative"),
        Index("ix_credit_left", "creditor_id", "currency", "person_id", postgresql_where=text("balance > 0")),
    )
