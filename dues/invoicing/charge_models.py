"""Tables of runs that charge lines: one row for each invoice that would be written, and one for each of its lines."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, Numeric, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Currency, Minor, one_of
from dues.invoicing.models import ItemState


class ChargeItem(Base):
    """One invoice of lines that a run would write: the preview's row and, on confirmation, the invoice's source.

    All lines of a person for a group and a due day are one invoice.
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

    __table_args__ = (
        one_of("state", ItemState),
        CheckConstraint("(state = 'ready') = (reason IS NULL)", name="left_out_with_reason"),
        Index("uq_charge_item_whose", "run_id", "person_id", "group_id", "due_on", unique=True),
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
