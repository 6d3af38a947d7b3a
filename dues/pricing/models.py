"""Tables of fee components and the rules that price them."""

import datetime as dt
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Currency, Key, Minor, Names, Sorted


class FeeComponent(Base):
    """One part of a fee, and the group that benefits from it: the named one, or (null) the member's own."""

    __tablename__ = "fee_component"

    id: Mapped[Key]
    slug: Mapped[Sorted]
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    beneficiary_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    names: Mapped[Names]

    __table_args__ = (UniqueConstraint("group_id", "slug"),)


class TypeComponent(Base):
    """Which components a membership type's fee is made of, in which order they are printed and paid."""

    __tablename__ = "type_component"

    type_id: Mapped[int] = mapped_column(ForeignKey("membership_type.id"), primary_key=True)
    component_id: Mapped[int] = mapped_column(ForeignKey("fee_component.id"), primary_key=True)
    position: Mapped[int] = mapped_column(server_default=text("0"))


class PriceRule(Base):
    """What a component costs for a whole term, where and for whom.

    Null means "any". ``group_id`` is that group and everything below it; ages are inclusive, in full years on the day
    that the type names; validity and segments are judged on the first day of the period. The most specific rule wins.

    With ``income_share`` (basis points of what somebody earns a year, for a term of a year) the fee is that share, at
    ``least`` and at ``most`` so much for a term; ``amount`` is what it is while no income is known.
    """

    __tablename__ = "price_rule"

    id: Mapped[Key]
    component_id: Mapped[int] = mapped_column(ForeignKey("fee_component.id"))
    type_id: Mapped[int | None] = mapped_column(ForeignKey("membership_type.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segment.id"))
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]
    amount: Mapped[Minor]
    currency: Mapped[Currency]
    income_share: Mapped[int | None]
    least: Mapped[Minor | None]
    most: Mapped[Minor | None]

    __table_args__ = (
        Index("ix_price_rule_component_id", "component_id"),
        CheckConstraint("income_share BETWEEN 1 AND 10000", name="share_is_one"),
        CheckConstraint("income_share IS NOT NULL OR num_nonnulls(least, most) = 0", name="bounds_of_a_share"),
        CheckConstraint(
            "least >= 0 AND (most IS NULL OR least <= most) OR least IS NULL",
            name="bounds_in_order",
        ),
        CheckConstraint("most >= 0", name="most_not_negative"),
        CheckConstraint("min_age IS NULL OR max_age IS NULL OR min_age <= max_age", name="ages_in_order"),
        CheckConstraint("valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to", name="days_in_order"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
    )


class Discount(Base):
    """What is taken off fees in a group and below: a share (basis points) of what is left, or an amount of a currency.

    Null means "any"; conditions are those of a `PriceRule`. All that hold are taken off, in the order of ``position``,
    then of their ids; never more than there is.
    """

    __tablename__ = "discount"

    id: Mapped[Key]
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    names: Mapped[Names]
    position: Mapped[int] = mapped_column(server_default=text("0"))
    component_id: Mapped[int | None] = mapped_column(ForeignKey("fee_component.id"))
    type_id: Mapped[int | None] = mapped_column(ForeignKey("membership_type.id"))
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segment.id"))
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]
    share: Mapped[int | None]
    amount: Mapped[Minor | None]
    currency: Mapped[Currency | None]

    __table_args__ = (
        CheckConstraint("min_age IS NULL OR max_age IS NULL OR min_age <= max_age", name="ages_in_order"),
        CheckConstraint("valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to", name="days_in_order"),
        CheckConstraint("num_nonnulls(share, amount) = 1", name="share_or_amount"),
        CheckConstraint("(amount IS NULL) = (currency IS NULL)", name="amount_in_a_currency"),
        CheckConstraint("share BETWEEN 1 AND 10000", name="share_is_one"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )


class Product(Base):
    """Something that is sold beside fees, by the group that owns it and by every group below.

    ``number`` is what people call it by; ``vat_rate`` is in basis points, 0 outside VAT, and prices include it. Which
    account of a creditor's its revenue is booked on, a posting rule says.
    """

    __tablename__ = "product"

    id: Mapped[Key]
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    number: Mapped[Sorted]
    names: Mapped[Names]
    unit: Mapped[Names] = mapped_column(server_default=text("'{}'"))
    vat_rate: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (
        UniqueConstraint("group_id", "number"),
        CheckConstraint("vat_rate BETWEEN 0 AND 10000", name="vat_rate_is_a_share"),
    )


class ProductPrice(Base):
    """What a product costs in one currency, VAT included. Lines keep the price they were written with."""

    __tablename__ = "product_price"

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    currency: Mapped[Currency] = mapped_column(primary_key=True)
    amount: Mapped[Minor]

    __table_args__ = (CheckConstraint("amount >= 0", name="amount_not_negative"),)


class PriceClass(Base):
    """One distinct combination of what a price depends on, within a run.

    ``age`` and ``starts_on`` are examples from the bracket between two bounds of rules, so that pricing the
    class prices everyone in it. ``segments`` are those of its members, ascending, that some price asks for; ``part`` of
    ``whole`` is how much of a term's price they pay; ``by_income`` says that some line follows what each of them earns,
    and ``amount`` what it costs who earns nobody knows what. ``trace`` says which rules were looked at and which won;
    ``reason`` says why there is no price.
    """

    __tablename__ = "price_class"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    creditor_id: Mapped[int]
    type_id: Mapped[int]
    rule_group_id: Mapped[int | None]
    age_bracket: Mapped[int]
    day_bracket: Mapped[int]
    age: Mapped[int | None]
    starts_on: Mapped[dt.date]
    segments: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default=text("'{}'"))
    part: Mapped[int] = mapped_column(server_default=text("1"))
    whole: Mapped[int] = mapped_column(server_default=text("1"))
    by_income: Mapped[bool] = mapped_column(server_default=text("false"))
    currency: Mapped[Currency]
    amount: Mapped[Minor] = mapped_column(server_default=text("0"))
    reason: Mapped[str | None]
    trace: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))


class PriceClassLine(Base):
    """One component's price within a class: the rule it came from, the text it prints, the accounts it books.

    A ``formula`` says what it costs those whose income is known (`income_fee` in `migrations/sql/segments.sql`).
    """

    __tablename__ = "price_class_line"

    run_id: Mapped[int] = mapped_column(primary_key=True)
    class_number: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    component_id: Mapped[int]
    beneficiary_id: Mapped[int | None]
    amount: Mapped[Minor]
    rule_id: Mapped[int]
    text_id: Mapped[int]
    debit_account_id: Mapped[int]
    credit_account_id: Mapped[int]
    formula: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))

    __table_args__ = (Index("ix_price_class_line_rule_id", "rule_id"),)
