"""Tables of runs that charge lines: one row for each invoice that would be written, and one for each of its lines."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Currency, Key, Minor, PublicId, Recorded, one_of
from dues.invoicing.models import ItemState


class ChargeItem(Base):
    """One invoice of lines that a run would write: the preview's row and, on confirmation, the invoice's source.

    All lines of a person for a group and a due day are one invoice. One that is taken in stands by itself: ``printed``,
    ``issued_on`` and ``reference`` are what another system gave it, ``paid`` is what came in there already.
    """

    __tablename__ = "charge_item"

    run_id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    creditor_id: Mapped[int | None]
    group_id: Mapped[int]
    person_id: Mapped[int]
    payer_id: Mapped[int]
    payee_id: Mapped[int | None]
    due_on: Mapped[dt.date]
    amount: Mapped[Minor]
    currency: Mapped[Currency | None]
    channel: Mapped[str | None]
    state: Mapped[ItemState]
    reason: Mapped[str | None]
    printed: Mapped[str] = mapped_column(server_default=text("''"))
    issued_on: Mapped[dt.date | None]
    paid: Mapped[Minor] = mapped_column(server_default=text("0"))
    reference: Mapped[str] = mapped_column(server_default=text("''"))

    __table_args__ = (
        one_of("state", ItemState),
        CheckConstraint("(state = 'ready') = (reason IS NULL)", name="left_out_with_reason"),
        Index("uq_charge_item_whose", "run_id", "person_id", "group_id", "due_on", "printed", unique=True),
        Index("ix_charge_item_left_out", "run_id", "reason", "seq", postgresql_where=text("state <> 'ready'")),
    )


class ChargeLine(Base):
    """One line of an invoice that a run would write; its amount is quantity times unit price, as `InvoiceLine` has it.

    ``account_id`` is the account that it earns on, ``debit_account_id`` what it is owed on; both are there wherever the
    invoice can be written.
    """

    __tablename__ = "charge_line"

    run_id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    person_id: Mapped[int]
    product_id: Mapped[int | None]
    text_id: Mapped[int]
    quantity: Mapped[Decimal] = mapped_column(Numeric(12, 3))
    unit_price: Mapped[int]
    vat_rate: Mapped[int] = mapped_column(SmallInteger)
    debit_account_id: Mapped[int | None]
    account_id: Mapped[int | None]
    amount: Mapped[Minor]


class ChargeFile(Base):
    """A table that somebody sent: its bytes as they came, and how its columns are read.

    ``kind`` is the kind of the run that reads it: lines to be charged, or invoices of another system.
    ``header_digest`` names a set of columns, so that how they were read the last time is remembered for the group.
    ``content`` is packed (zlib). ``reading`` is empty until somebody has said which column is which.
    """

    __tablename__ = "charge_file"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    kind: Mapped[str] = mapped_column(server_default=text("'charges'"))
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    name: Mapped[str]
    digest: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    header_digest: Mapped[str]
    rows: Mapped[int]
    reading: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    actor: Mapped[str]
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        Index("ix_charge_file_digest", "group_id", "digest"),
        Index("ix_charge_file_header", "group_id", "header_digest", "id"),
        Index("ix_charge_file_run_id", "run_id"),
    )


class ChargeFault(Base):
    """Why a table of lines was not accepted: where, what stands there, and what is wrong with it.

    ``reason`` is an English sentence with ``%(names)s`` that ``said`` fills in.
    """

    __tablename__ = "charge_fault"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int | None]
    column: Mapped[str] = mapped_column(server_default=text("''"))
    value: Mapped[str] = mapped_column(server_default=text("''"))
    reason: Mapped[str]
    said: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
