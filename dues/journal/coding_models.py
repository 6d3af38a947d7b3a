"""Tables of detailed accounting: named dimensions, rules that give lines their account and dimensions, frozen sets."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Key, Names


class Dimension(Base):
    """Something that a creditor tells its revenue apart by beside the account: cost centre, project."""

    __tablename__ = "dimension"

    id: Mapped[Key]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    names: Mapped[Names]

    __table_args__ = (
        UniqueConstraint("creditor_id", "position"),
        CheckConstraint("position BETWEEN 1 AND 3", name="few"),
    )


class CodingRule(Base):
    """Which account and which codes lines get, of a part of the fee or a product, in a group and below.

    None names all of them. ``codes`` are codes by the id of their dimension; where nothing is said, a less specific
    rule holds: of a group further up first, then one for all parts and products.
    """

    __tablename__ = "coding_rule"

    id: Mapped[Key]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    component_id: Mapped[int | None] = mapped_column(ForeignKey("fee_component.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    codes: Mapped[dict[str, Any]] = mapped_column(JSONB)

    __table_args__ = (
        UniqueConstraint(
            *("creditor_id", "component_id", "product_id", "group_id"),
            name="uq_coding_rule_one_for_each",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("component_id IS NULL OR product_id IS NULL", name="component_or_product"),
        Index("ix_coding_rule_group_id", "group_id"),
    )


class Coding(Base):
    """The dimensions of lines and postings, frozen: names and code of each; content-addressed, so many share a row."""

    __tablename__ = "coding"

    id: Mapped[Key]
    content: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    digest: Mapped[str] = mapped_column(unique=True)
