"""Tables of invoice runs' items, invoices, lines, claims, fee periods and references."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    Text,
    UniqueConstraint,
    cast,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Currency, Key, Minor, PublicId, Recorded, one_of


class ItemState(StrEnum):
    """What became of an item; ``ready`` ones are written in their slice."""

    READY = "ready"
    EXCLUDED = "excluded"
    VOID = "void"


class InvoiceItem(Base):
    """One invoice that a run would write: the preview's row and, on confirmation, the invoice's source.

    ``charged_before`` is what the membership had been charged through when the preview was made; the claim
    phase lets the item pass only while that still holds. ``income`` is what a fee was made of that follows it.
    ``rule_id`` names the rule by which it is asked for in parts, None where it is asked for at once. Rows of the same
    ``joint_seq`` become one invoice: that of a payer who pays for several; it is the ``seq`` of the first of them, and
    None where a row is an invoice of its own. Rows of the same ``slip_seq`` become invoices of several creditors that
    one slip asks for: that of the row of that ``seq``.
    """

    __tablename__ = "invoice_item"

    run_id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    creditor_id: Mapped[int | None]
    group_id: Mapped[int]
    membership_id: Mapped[int]
    person_id: Mapped[int]
    payer_id: Mapped[int]
    payee_id: Mapped[int | None]
    class_number: Mapped[int]
    charged_before: Mapped[dt.date | None]
    period_from: Mapped[dt.date]
    period_to: Mapped[dt.date]
    due_on: Mapped[dt.date | None]
    amount: Mapped[Minor]
    currency: Mapped[Currency | None]
    channel: Mapped[str | None]
    state: Mapped[ItemState]
    reason: Mapped[str | None]
    income: Mapped[Minor | None]
    rule_id: Mapped[int | None]
    joint_seq: Mapped[int | None]
    slip_seq: Mapped[int | None]

    __table_args__ = (
        one_of("state", ItemState),
        CheckConstraint("(state = 'ready') = (reason IS NULL)", name="left_out_with_reason"),
        Index("uq_invoice_item_membership", "run_id", "membership_id", unique=True),
        Index("ix_invoice_item_joint", "run_id", "joint_seq", postgresql_where=text("joint_seq IS NOT NULL")),
        Index("ix_invoice_item_slip", "run_id", "slip_seq", postgresql_where=text("slip_seq IS NOT NULL")),
        Index("ix_invoice_item_left_out", "run_id", "reason", "seq", postgresql_where=text("state <> 'ready'")),
    )


class FrozenText(Base):
    """A line's text as it was printed, in every language; content-addressed, so that a million lines share it."""

    __tablename__ = "frozen_text"

    id: Mapped[Key]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str] = mapped_column(unique=True)


class InvoiceKind(StrEnum):
    """An invoice, or what takes one back."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit note"


class Invoice(Base):
    """The frozen document; the database refuses to change one. A credit note's amount is positive, too.

    A credit note that ``withdraws`` takes back what was never sent, and is not sent either. An invoice that
    ``replaces_id`` another one asks for what that one asked for. Ours has a ``number`` of the creditor's series; one
    that another system issued has the number which that one ``printed``, and more of it stands in `Elsewhere`.
    """

    __tablename__ = "invoice"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    kind: Mapped[InvoiceKind] = mapped_column(server_default=text("'invoice'"))
    creditor_id: Mapped[int]
    group_id: Mapped[int]
    number: Mapped[int | None]
    printed: Mapped[str | None]
    payer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    payee_id: Mapped[int]
    issued_on: Mapped[dt.date]
    due_on: Mapped[dt.date]
    amount: Mapped[Minor]
    currency: Mapped[Currency]
    language: Mapped[str]
    payer_name: Mapped[str]
    payer_street: Mapped[str]
    payer_postcode: Mapped[str]
    payer_city: Mapped[str]
    payer_country: Mapped[str]
    run_id: Mapped[int | None]
    item_seq: Mapped[int | None]
    credits_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"))
    withdraws: Mapped[bool] = mapped_column(server_default=text("false"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"))
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        UniqueConstraint("creditor_id", "number"),
        Index("ix_invoice_issued_on", "issued_on", "id"),
        Index("ix_invoice_group_id", "group_id"),
        Index("ix_invoice_due_on", "due_on", "id"),
        Index("ix_invoice_amount", "amount"),
        Index("ix_invoice_run_id", "run_id", "issued_on", "id", postgresql_where=text("run_id IS NOT NULL")),
        Index("ix_invoice_credits_id", "credits_id", postgresql_where=text("credits_id IS NOT NULL")),
        Index("uq_invoice_replaces_id", "replaces_id", unique=True, postgresql_where=text("replaces_id IS NOT NULL")),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(kind = 'credit note') = (credits_id IS NOT NULL)", name="credit_note_credits"),
        CheckConstraint("kind = 'credit note' OR NOT withdraws", name="only_notes_withdraw"),
        CheckConstraint("num_nonnulls(number, printed) = 1", name="one_number"),
        CheckConstraint("printed IS NULL OR kind = 'invoice' AND run_id IS NOT NULL", name="notes_are_ours"),
        one_of("kind", InvoiceKind),
    )

    @hybrid_property
    def called(self) -> str:
        """The number that stands on it, whoever gave it."""
        return self.printed or str(self.number)

    @called.inplace.expression
    @classmethod
    def _called(cls) -> ColumnElement[str]:
        return func.coalesce(cls.printed, cast(cls.number, Text))


class InvoiceLine(Base):
    """One component of one member's fee for one stretch, as printed; or (without a component) something sold.

    What is sold is a product, or words of the officer's own; its amount is quantity times unit price, rounded half
    away from zero, VAT included. ``vat_rate`` is in basis points; ``account_id`` is the account it earns on. A credit
    note's line stands at the position of the line that it gives back, whole or in part.
    """

    __tablename__ = "invoice_line"

    invoice_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    membership_id: Mapped[int | None]
    person_id: Mapped[int]
    component_id: Mapped[int | None]
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    beneficiary_id: Mapped[int]
    text_id: Mapped[int]
    member_name: Mapped[str] = mapped_column(server_default=text("''"))
    period_from: Mapped[dt.date | None]
    period_to: Mapped[dt.date | None]
    quantity: Mapped[Decimal | None] = mapped_column(Numeric(12, 3))
    unit_price: Mapped[int | None]
    vat_rate: Mapped[int | None] = mapped_column(SmallInteger)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    amount: Mapped[Minor]
    coding_id: Mapped[int | None]

    __table_args__ = (
        # A line names its member where somebody else pays; of all others the payer's own invoices tell.
        Index("ix_invoice_line_member", "person_id", postgresql_where=text("member_name <> ''")),
        Index("ix_invoice_line_product_id", "product_id", postgresql_where=text("product_id IS NOT NULL")),
        CheckConstraint(
            "CASE WHEN component_id IS NULL"
            " THEN num_nulls(quantity, unit_price, vat_rate, account_id) = 0 AND amount = round(quantity * unit_price)"
            " ELSE num_nonnulls(product_id, quantity, unit_price, vat_rate, account_id) = 0 END",
            name="fee_or_sold",
        ),
    )


class ClaimEnd(StrEnum):
    """How a claim ended."""

    PAID = "paid"
    CREDITED = "credited"
    WRITTEN_OFF = "written off"
    WAIVED = "waived"
    LAPSED = "lapsed"


class Claim(Base):
    """An amount owed by a date by a debtor to a creditor: ``position`` of the ``parts`` in which an invoice is paid.

    ``open_amount`` is kept for speed and proved against the postings; of ``amount``, ``credited_amount`` is not owed
    any more because credit notes took it back. ``due_on`` is never overwritten: a later day stands in
    ``deferred_to``. Dunning and hold are states of their own. ``keeps_cover`` says that its money was returned and
    memberships stay paid all the same, by the creditor's rule.
    """

    __tablename__ = "claim"

    id: Mapped[Key]
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    position: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    parts: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    creditor_id: Mapped[int]
    debtor_id: Mapped[int]
    amount: Mapped[Minor]
    open_amount: Mapped[Minor]
    credited_amount: Mapped[Minor] = mapped_column(server_default=text("0"))
    currency: Mapped[Currency]
    due_on: Mapped[dt.date]
    deferred_to: Mapped[dt.date | None]
    dunning_level: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    dunned_on: Mapped[dt.date | None]
    held_until: Mapped[dt.date | None]
    hold_reason: Mapped[str | None]
    ended: Mapped[ClaimEnd | None]
    ended_on: Mapped[dt.date | None]
    country: Mapped[str]
    consumer: Mapped[bool] = mapped_column(server_default=text("true"))
    keeps_cover: Mapped[bool] = mapped_column(server_default=text("false"))

    __table_args__ = (
        UniqueConstraint("invoice_id", "position"),
        Index("ix_claim_debtor_id", "debtor_id"),
        # None of these holds what a settlement changes: it would have to be written to every index of the table.
        Index("ix_claim_due_on", "due_on", "id"),
        Index("ix_claim_reminded", "due_on", "id", postgresql_where=text("dunning_level > 0")),
        Index("ix_claim_held", "due_on", "id", postgresql_where=text("hold_reason IS NOT NULL")),
        one_of("ended", ClaimEnd),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("position BETWEEN 1 AND parts", name="part_of_its_parts"),
        CheckConstraint("open_amount BETWEEN 0 AND amount", name="open_within_amount"),
        CheckConstraint("credited_amount BETWEEN 0 AND amount - open_amount", name="credited_within_amount"),
        CheckConstraint("(ended IS NULL) = (open_amount > 0)", name="ended_when_nothing_open"),
        {"postgresql_with": {"fillfactor": 45}},
    )


class OpenClaims(Base):
    """How many claims are open and how much, by due day and by how far they were reminded of.

    With the rows of `OpenClaimsChange` added it is exact at any moment. ``reminded_on`` is '-infinity' for claims that
    nobody was reminded of.
    """

    __tablename__ = "open_claims"

    creditor_id: Mapped[int] = mapped_column(primary_key=True)
    currency: Mapped[Currency] = mapped_column(primary_key=True)
    due_on: Mapped[dt.date] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    reminded_on: Mapped[dt.date] = mapped_column(primary_key=True)
    claims: Mapped[int]
    amount: Mapped[Minor]


class OpenClaimsChange(Base):
    """What one statement changed in the open claims, until it is folded into them.

    Only ever added to by a trigger, so that those who settle at once do not wait for each other.
    """

    __tablename__ = "open_claims_change"

    id: Mapped[Key]
    creditor_id: Mapped[int]
    currency: Mapped[Currency]
    due_on: Mapped[dt.date]
    level: Mapped[int] = mapped_column(SmallInteger)
    reminded_on: Mapped[dt.date]
    claims: Mapped[int]
    amount: Mapped[Minor]


class PaymentReference(Base):
    """What a payer quotes, and the claim it means. Kept for ever: members use old slips.

    Where an invoice is paid in parts, each has a reference of its own, and one means the ``whole`` of them: it names
    the first, and what comes with it falls on those that are open, the oldest first.
    """

    __tablename__ = "payment_reference"

    creditor_id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    claim_id: Mapped[int]
    whole: Mapped[bool] = mapped_column(server_default=text("false"))

    __table_args__ = (Index("ix_payment_reference_claim_id", "claim_id"),)


class FeePeriodState(StrEnum):
    """Charged, then covered; released when it is credited or given back."""

    CHARGED = "charged"
    COVERED = "covered"
    RELEASED = "released"


class FeePeriod(Base):
    """A stretch of a membership that is charged once, for one component.

    ``after_on`` is the last day of the predecessor ('-infinity' for the first). The primary key on it is what
    makes double and overlapping billing unwritable; releasing gives the row a ``release`` of its own and so
    makes room for another one in its place.
    """

    __tablename__ = "fee_period"

    membership_id: Mapped[int] = mapped_column(primary_key=True)
    component_id: Mapped[int] = mapped_column(primary_key=True)
    after_on: Mapped[dt.date] = mapped_column(primary_key=True)
    release: Mapped[int] = mapped_column(SmallInteger, primary_key=True, server_default=text("0"))
    from_on: Mapped[dt.date]
    to_on: Mapped[dt.date]
    state: Mapped[FeePeriodState] = mapped_column(server_default=text("'charged'"))
    run_id: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("from_on > after_on AND to_on >= from_on", name="days_in_order"),
        CheckConstraint("(state = 'released') = (release > 0)", name="released_has_number"),
        one_of("state", FeePeriodState),
        {"postgresql_with": {"fillfactor": 45}},
    )


class AccessLink(Base):
    """A link to an invoice that was sent out: only the hash of its 256 bits is kept."""

    __tablename__ = "access_link"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(index=True)
    address: Mapped[str]
    code_hash: Mapped[bytes | None]
    code_sent_at: Mapped[dt.datetime | None]
    code_tries: Mapped[int] = mapped_column(server_default=text("0"))
    revoked_at: Mapped[dt.datetime | None]
    recorded_at: Mapped[Recorded]
