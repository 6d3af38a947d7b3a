"""Tables of named lists, of lists taken out, and of the files of those."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Key, PublicId, Recorded, Sorted, one_of
from dues.access.models import Staff
from dues.runs.models import Run


class SavedList(Base):
    """What a list is narrowed to, under a name: somebody's own, or ``shared`` with all who may see that list.

    ``ledger`` is the list, ``query`` what its address says after the question mark: it is read as an address is, and
    decides nothing of whose rows are shown.
    """

    __tablename__ = "saved_list"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    staff_id: Mapped[int] = mapped_column(ForeignKey(Staff.id))
    ledger: Mapped[str]
    name: Mapped[str]
    query: Mapped[str]
    shared: Mapped[bool] = mapped_column(server_default=text("false"))
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        Index("uq_saved_list_name", "staff_id", "ledger", text("lower(name)"), unique=True),
        Index("ix_saved_list_shared", "ledger", postgresql_where=text("shared")),
    )


class Format(StrEnum):
    """What a list is written as."""

    CSV = "csv"
    XLSX = "xlsx"


class Export(Base):
    """A list that somebody takes out: which rows and columns, for whom, how far its file is, and what became of it.

    ``staff_id`` is whose eyes choose the rows, nobody's where an operator asks at the command line; ``path`` the group
    in whose house it was asked for, empty at the desk. ``wanted`` is what the rows were narrowed by, and ``said`` the
    same in words, both forgotten with the file. ``mark`` is the key behind which the next rows begin, ``written`` what
    the file's writer goes on from. ``rows`` and ``size`` (bytes) are known when the file is ready.
    """

    __tablename__ = "export"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey(Staff.id))
    ledger: Mapped[str]
    path: Mapped[Sorted] = mapped_column(server_default=text("''"))
    wanted: Mapped[dict[str, Any]]
    said: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    columns: Mapped[list[Any]]
    format: Mapped[Format]
    language: Mapped[str]
    zone: Mapped[str]
    run_id: Mapped[int] = mapped_column(ForeignKey(Run.id), unique=True)
    mark: Mapped[list[Any] | None]
    written: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    rows: Mapped[int | None]
    size: Mapped[int | None]
    ready_at: Mapped[dt.datetime | None]
    taken: Mapped[int] = mapped_column(server_default=text("0"))
    taken_at: Mapped[dt.datetime | None]
    erased_at: Mapped[dt.datetime | None]
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        one_of("format", Format),
        Index("ix_export_staff_id", "staff_id", "id"),
        Index("ix_export_kept", "recorded_at", postgresql_where=text("erased_at IS NULL")),
    )


class ExportPiece(Base):
    """A piece of a list's file."""

    __tablename__ = "export_piece"

    export_id: Mapped[int] = mapped_column(ForeignKey("export.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
