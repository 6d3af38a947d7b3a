"""The outbox: one row for one thing to deliver to one person by one channel."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Key, Recorded, one_of


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SMS = "sms"
    PRINT = "print"


class MessageState(StrEnum):
    """Where a message stands.

    ``sending`` is held by a worker until it says otherwise or its claim runs out; ``failed`` waits for a
    person; ``withheld`` must not be sent any more.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    WITHHELD = "withheld"


class Message(Base):
    """One thing to deliver. ``kind`` and ``subject_id`` say what; what binds the kind renders it.

    An ``urgent`` one goes before all others: somebody sits and waits for a code, or for the invoice of joining.
    ``actor`` is who asked for a copy; nobody did where the work itself wrote the message.
    """

    __tablename__ = "message"

    id: Mapped[Key]
    kind: Mapped[str]
    subject_id: Mapped[int]
    copy: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    person_id: Mapped[int]
    channel: Mapped[Channel]
    address: Mapped[str]
    language: Mapped[str]
    urgent: Mapped[bool] = mapped_column(server_default=text("false"))
    state: Mapped[MessageState] = mapped_column(server_default=text("'queued'"))
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    not_before: Mapped[dt.datetime | None]
    claimed_until: Mapped[dt.datetime | None]
    sent_at: Mapped[dt.datetime | None]
    error: Mapped[str | None]
    actor: Mapped[str | None]
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "copy"),
        Index("ix_message_waiting", "id", postgresql_where=text("state IN ('queued', 'sending')")),
        Index("ix_message_failed", "id", postgresql_where=text("state = 'failed'")),
        Index("ix_message_withheld", "id", postgresql_where=text("state = 'withheld'")),
        Index(
            "ix_message_in_vain", "id", postgresql_where=text("state IN ('queued', 'sending') AND error IS NOT NULL")
        ),
        Index("ix_message_urgent", "id", postgresql_where=text("urgent AND state IN ('queued', 'sending')")),
        one_of("channel", Channel),
        one_of("state", MessageState),
    )
