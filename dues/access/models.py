"""The table of staff: who works at a desk."""

import datetime as dt

from sqlalchemy import CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Key, PublicId, Recorded, Sorted


class Staff(Base):
    """Somebody who works at a desk, and how they want it.

    ``email_key`` is what a login looks up. ``epoch`` is part of every login's cookie: raising it ends them all.
    ``scheme`` is auto, light or dark; ``shortcuts`` says whether single keys do something.
    """

    __tablename__ = "staff"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    name: Mapped[str]
    email: Mapped[str]
    email_key: Mapped[Sorted] = mapped_column(unique=True)
    password_hash: Mapped[str]
    language: Mapped[str]
    scheme: Mapped[str] = mapped_column(server_default=text("'auto'"))
    shortcuts: Mapped[bool] = mapped_column(server_default=text("true"))
    epoch: Mapped[int] = mapped_column(server_default=text("1"))
    disabled_at: Mapped[dt.datetime | None]
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        CheckConstraint("language IN ('sv', 'nb', 'nl', 'de', 'en')", name="language_known"),
        CheckConstraint("scheme IN ('auto', 'light', 'dark')", name="scheme_known"),
        CheckConstraint("name <> '' AND email <> ''", name="named"),
    )
