"""The table of rules by which a creditor lets invoices be paid in parts."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Key, Minor, one_of


class PartUnit(StrEnum):
    """What lies between two parts."""

    WEEK = "week"
    MONTH = "month"


class InstalmentRule(Base):
    """From which amount on an invoice of a run is paid in how many parts, every how many weeks or months.

    ``least`` is in minor units of the creditor's currency; of the rules of a type (or, without one, of all types) that
    with the highest one holds that an invoice reaches, and a type's own rules come before those of all. A rule is never
    changed, for runs that were previewed by it are written by it: it ends, and another one begins.
    """

    __tablename__ = "instalment_rule"

    id: Mapped[Key]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    type_id: Mapped[int | None] = mapped_column(ForeignKey("membership_type.id"))
    least: Mapped[Minor]
    parts: Mapped[int] = mapped_column(SmallInteger)
    every: Mapped[int] = mapped_column(SmallInteger)
    unit: Mapped[PartUnit]
    ended_at: Mapped[dt.datetime | None]

    __table_args__ = (
        one_of("unit", PartUnit),
        Index(
            "uq_instalment_rule_in_force",
            *("creditor_id", "type_id", "least"),
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("least >= parts", name="something_in_each"),
        CheckConstraint("parts BETWEEN 2 AND 12", name="parts_fit"),
        CheckConstraint("every BETWEEN 1 AND 12", name="every_fits"),
    )
