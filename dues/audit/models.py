"""Tables of the audit log: its lines, what they are about, their values, and the chain that holds them."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSON
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Key, Recorded, one_of


class ChangeKind(StrEnum):
    """What a change belongs to; ``audit`` is what is done to the log itself."""

    PERSONS = "persons"
    SETTINGS = "settings"
    MONEY = "money"
    RIGHTS = "rights"
    AUDIT = "audit"


class Verb(StrEnum):
    """What happened to a row; ``erased`` are values of the log."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    ERASED = "erased"


class Change(Base):
    """One line of the log: ids and words of the house only, never personal data, so that it is kept for ever.

    ``relation`` names the table, ``key`` the row, ``columns`` what changed. A line about many rows that one statement
    of a run touched says how many (``touched``) and from which key to which (``last_key``). ``transaction`` is the
    database's own number of the transaction that wrote it; ``digest`` the salted hash of its values.
    """

    __tablename__ = "audit_change"

    id: Mapped[Key]
    transaction: Mapped[int]
    recorded_at: Mapped[Recorded]
    actor: Mapped[str]
    user_id: Mapped[int | None]
    kind: Mapped[ChangeKind]
    relation: Mapped[str]
    verb: Mapped[Verb]
    key: Mapped[str]
    last_key: Mapped[str | None]
    touched: Mapped[int] = mapped_column(server_default=text("1"))
    columns: Mapped[list[str]] = mapped_column(ARRAY(Text))
    digest: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        one_of("kind", ChangeKind),
        one_of("verb", Verb),
        Index("ix_audit_change_recorded_at", "recorded_at", "id"),
        Index("ix_audit_change_actor", "actor", "id"),
        Index("ix_audit_change_erased", "id", postgresql_where=text("verb = 'erased'")),
    )


class ChangeValue(Base):
    """What a line changed, from what to what, with where from and why: personal data, erased when its time is over.

    ``content`` is ``{"column": [from, to]}``, kept as it was written, because its bytes are hashed.
    """

    __tablename__ = "audit_value"

    change_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    address: Mapped[str]
    why: Mapped[str]
    content: Mapped[dict[str, list[object]]] = mapped_column(JSON)


class ChangeSubject(Base):
    """Whom or what a line is about: a person, a group, an invoice, somebody of the staff."""

    __tablename__ = "audit_subject"

    change_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    __table_args__ = (Index("ix_audit_subject_subject_id", "kind", "subject_id", "change_id"),)


class WaitingChange(Base):
    """A line that is not chained yet, because its transaction, or one before it, had not ended."""

    __tablename__ = "audit_waiting"

    change_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    transaction: Mapped[int]


class Link(Base):
    """One link of the chain: the hash over the one before and its line."""

    __tablename__ = "audit_chain"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    change_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[Recorded]


class Head(Base):
    """How long the chain is and its last hash, kept apart: a chain that was cut off at its end does not fit it."""

    __tablename__ = "audit_head"

    single: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    seq: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[dt.datetime | None]

    __table_args__ = (CheckConstraint("single", name="one_row"),)


class Watched(Base):
    """A trigger that writes the log; the proof of the books counts those that are gone or switched off."""

    __tablename__ = "audit_watched"

    relation: Mapped[str] = mapped_column(primary_key=True)
    trigger: Mapped[str] = mapped_column(primary_key=True)
