"""Tables of banks' servers that files are fetched from, and of what was fetched from each."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Key, PublicId, Recorded, one_of


class Trouble(StrEnum):
    """Why nothing could be fetched."""

    UNREACHABLE = "unreachable"
    HOST_KEY = "host key"
    LOGIN = "login"
    FOLDER = "folder"
    INTERRUPTED = "interrupted"
    SECRET = "secret"  # noqa: S105 -- a word, not one


class BankSource(Base):
    """A folder on a bank's SFTP server, from which the files of one account are fetched by themselves.

    ``password`` and ``private_key`` are sealed with the installation's secret. ``host_key`` is the server's public key
    as somebody has agreed to it ("ssh-ed25519 AAAA…"); nothing is fetched before that, and nothing from a server with
    another one. ``trouble`` is what went wrong at the last try.
    """

    __tablename__ = "bank_source"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    agreement_id: Mapped[int] = mapped_column(ForeignKey("bank_agreement.id"), index=True)
    host: Mapped[str]
    port: Mapped[int] = mapped_column(server_default=text("22"))
    username: Mapped[str]
    password: Mapped[bytes | None]
    private_key: Mapped[bytes | None]
    host_key: Mapped[str | None]
    folder: Mapped[str] = mapped_column(server_default=text("''"))
    pattern: Mapped[str] = mapped_column(server_default=text("'*'"))
    every_minutes: Mapped[int] = mapped_column(server_default=text("60"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    tried_at: Mapped[dt.datetime | None]
    fetched_at: Mapped[dt.datetime | None]
    trouble: Mapped[Trouble | None]

    __table_args__ = (
        one_of("trouble", Trouble),
        Index("ix_bank_source_trouble", "id", postgresql_where=text("active AND trouble IS NOT NULL")),
        CheckConstraint("port BETWEEN 1 AND 65535", name="port_fits"),
        CheckConstraint("every_minutes BETWEEN 5 AND 10080", name="every_fits"),
        CheckConstraint("num_nonnulls(password, private_key) >= 1", name="logs_in"),
    )


class FetchedFile(Base):
    """A file on a bank's server that was fetched: by name, size and time of change, and by its bytes."""

    __tablename__ = "fetched_file"

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(ForeignKey("bank_source.id", ondelete="CASCADE"))
    name: Mapped[str]
    size: Mapped[int]
    changed: Mapped[int]
    digest: Mapped[str]
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        UniqueConstraint("source_id", "name", "size", "changed"),
        Index("ix_fetched_file_digest", "source_id", "digest"),
    )
