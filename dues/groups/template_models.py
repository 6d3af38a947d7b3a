"""Tables of own templates for documents, and from which day each is used."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Key, PublicId, Recorded


class OwnTemplate(Base):
    """The Typst by which a creditor's documents are set; it held for every sample when it was taken in.

    Content-addressed and never changed: documents name it in their payee, and keep the look that they had.
    """

    __tablename__ = "own_template"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    name: Mapped[str]
    source: Mapped[str]
    digest: Mapped[str]
    actor: Mapped[str]
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        UniqueConstraint("creditor_id", "digest"),
        CheckConstraint("length(source) <= 200000", name="source_not_too_long"),
    )


class TemplateUse(Base):
    """From which day a creditor's documents are set by which template; by the house's own where it names none."""

    __tablename__ = "template_use"

    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"), primary_key=True)
    from_on: Mapped[dt.date] = mapped_column(primary_key=True)
    template_id: Mapped[int | None] = mapped_column(ForeignKey("own_template.id"))
    actor: Mapped[str]
    recorded_at: Mapped[Recorded]
