"""Banks' servers that files are fetched from: which are due, what is new on each, and how it went.

The server itself is behind a port (`Remote`); `dues.payments.sftp` is the real one.
"""

import datetime as dt
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import BinaryIO, Final, Protocol

from sqlalchemy import ColumnElement, func, insert, or_, select, text, update
from sqlalchemy.orm import Session

from dues.access.sealing import UnreadableSealError, seal, unseal
from dues.payments.errors import PaymentError
from dues.payments.source_models import BankSource, FetchedFile, Trouble

PURPOSE: Final = "bank source"
"""What secrets of sources are sealed for."""

UNDER_WAY: Final = (".part", ".partial", ".tmp", ".filepart", ".crdownload", ".swp", "~")
"""How names end while somebody is still writing the file."""

MOST: Final = 500
"""New files taken from a server at one visit; the rest follows at the next."""


class RemoteError(PaymentError):
    """A bank's server could not be reached, or did not let us have what we came for."""

    def __init__(self, trouble: Trouble, said: str = "") -> None:
        super().__init__(f"{trouble.value}{': ' if said else ''}{said}")
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as a server lists it; ``changed`` is in seconds since 1970, as the server counts them."""

    name: str
    size: int
    changed: int


class Remote(Protocol):
    """A folder on a server that somebody is logged in to; all raise RemoteError."""

    def listed(self) -> list[RemoteFile]:
        """Return the regular files that lie there."""

    def read(self, name: str, into: BinaryIO) -> RemoteFile:
        """Write a file's bytes into a stream; return how it is listed afterwards."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to go, and as whom; ``host_key`` is the only one that is trusted."""

    host: str
    port: int
    username: str
    folder: str
    host_key: str
    password: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)


Connect = Callable[[Target], AbstractContextManager[Remote]]
"""Logs in to a server; raises RemoteError."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A source whose turn has come: what it brings files for, and which of them."""

    source_id: int
    agreement_id: int
    pattern: str
    target: Target


def any_due(session: Session, *, moment: dt.datetime) -> bool:
    """Tell whether some source is to be visited."""
    return session.scalar(select(BankSource.id).where(*_due(moment)).limit(1)) is not None


def due(session: Session, *, moment: dt.datetime) -> list[int]:
    """Return the sources that are to be visited."""
    return list(session.scalars(select(BankSource.id).where(*_due(moment)).order_by(BankSource.id)))


def _due(moment: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    pause = BankSource.every_minutes * text("interval '1 minute'")
    return (
        BankSource.active.is_(True),
        BankSource.host_key.is_not(None),
        or_(BankSource.tried_at.is_(None), BankSource.tried_at + pause <= moment),
    )


def begin(session: Session, *, source_id: int, moment: dt.datetime) -> bool:
    """Take a source's turn, so that no other process takes it; False where it is not due (any more)."""
    taken = update(BankSource).where(BankSource.id == source_id, *_due(moment)).values(tried_at=moment)
    return session.scalar(taken.returning(BankSource.id)) is not None


def visit_of(session: Session, *, source_id: int, secret: str) -> Visit:
    """Return what a visit to a source is for; raise RemoteError where its secrets cannot be opened."""
    row = session.get_one(BankSource, source_id)
    return Visit(row.id, row.agreement_id, row.pattern, target_of(row, secret=secret))


def target_of(row: BankSource, *, secret: str) -> Target:
    """Return where a source is, with its secrets open; raise RemoteError where they cannot be."""
    try:
        password, key = (
            unseal(sealed, secret=secret, purpose=PURPOSE).decode() if sealed else ""
            for sealed in (row.password, row.private_key)
        )
    except UnreadableSealError as error:
        raise RemoteError(Trouble.SECRET) from error
    return Target(row.host, row.port, row.username, row.folder, row.host_key or "", password, key)


def sealed(written: str, *, secret: str) -> bytes:
    """Return a password or key as it is kept."""
    return seal(written.encode(), secret=secret, purpose=PURPOSE)


def wanted(listed: Collection[RemoteFile], *, pattern: str) -> list[RemoteFile]:
    """Return the files that fit a source's pattern and are not just being written, the oldest first."""
    some = [
        one
        for one in listed
        if not one.name.startswith(".") and not one.name.endswith(UNDER_WAY) and fnmatchcase(one.name, pattern)
    ]
    return sorted(some, key=lambda one: (one.changed, one.name))


def new_ones(session: Session, *, source_id: int, files: Collection[RemoteFile]) -> list[RemoteFile]:
    """Return those of some files that were not fetched yet as they are now; one statement."""
    names = [one.name for one in files]
    same = select(FetchedFile.name, FetchedFile.size, FetchedFile.changed).where(
        FetchedFile.source_id == source_id, FetchedFile.name.in_(names)
    )
    known = {tuple(row) for row in session.execute(same)}
    return [one for one in files if (one.name, one.size, one.changed) not in known][:MOST]


def seen_before(session: Session, *, source_id: int, digest: str) -> bool:
    """Tell whether the same bytes were fetched from a source before, under whatever name."""
    same = select(FetchedFile.id).where(FetchedFile.source_id == source_id, FetchedFile.digest == digest).limit(1)
    return session.scalar(same) is not None


def remember(session: Session, *, source_id: int, file: RemoteFile, digest: str) -> None:
    """Write down that a file was fetched."""
    values = {"source_id": source_id, "name": file.name, "size": file.size, "changed": file.changed, "digest": digest}
    session.execute(insert(FetchedFile).values(values))


def end(session: Session, *, source_id: int, moment: dt.datetime, trouble: Trouble | None = None) -> None:
    """Write down how a visit ended."""
    values: dict[str, object] = {"trouble": trouble}
    if trouble is None:
        values["fetched_at"] = moment
    session.execute(update(BankSource).where(BankSource.id == source_id).values(**values))


def fetched(session: Session, *, source_id: int) -> int:
    """Return how many files came from a source."""
    return session.scalar(select(func.count()).where(FetchedFile.source_id == source_id)) or 0
