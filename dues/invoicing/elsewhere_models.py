"""Tables of what invoices have that another system issued: which one, its reference as printed, and its PDF."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Recorded, one_of


class Quoted(StrEnum):
    """What sort of reference an invoice of another system bears."""

    OCR = "ocr"
    KID = "kid"
    RF = "rf"
    TEXT = "text"


class Elsewhere(Base):
    """What is known of an invoice that another system issued, beside what every invoice has; never changed.

    ``number_key`` is its number as it is looked up, ``system_key`` the system's name folded. A number is taken in once,
    and once more (``nth``) only after it was credited whole. ``reference`` is as it was printed.
    """

    __tablename__ = "elsewhere"

    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), primary_key=True)
    creditor_id: Mapped[int]
    system: Mapped[str]
    system_key: Mapped[str]
    number_key: Mapped[str]
    nth: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    reference: Mapped[str]
    reference_kind: Mapped[Quoted]

    __table_args__ = (
        Index("uq_elsewhere_whose", "creditor_id", "system_key", "number_key", "nth", unique=True),
        Index("ix_elsewhere_number_key", "number_key", "invoice_id"),
        Index("ix_elsewhere_system_key", "system_key", "invoice_id"),
        one_of("reference_kind", Quoted),
    )


class ElsewherePdf(Base):
    """The PDF that another system made of an invoice, as it came; never changed. ``actor`` is who sent it."""

    __tablename__ = "elsewhere_pdf"

    invoice_id: Mapped[int] = mapped_column(ForeignKey("elsewhere.invoice_id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(deferred=True)
    digest: Mapped[str]
    actor: Mapped[str]
    recorded_at: Mapped[Recorded]
