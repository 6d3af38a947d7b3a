"""Proves the audit log from its rows: nothing was changed, taken out, put in another order or cut off at the end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from database.sql import statement
from dues.audit.errors import HeadUnreadableError

STRETCH: Final = 20_000
"""Links that are looked at in one statement, so that memory does not grow with the log."""

MOST: Final = 100
"""Faults that are told of; more are only counted as more."""

_ONE_SNAPSHOT: Final = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

Watch = Callable[[int, int], None]
"""Told how many links have been looked at, and of how many."""


class NotedHead(NamedTuple):
    """The length of the chain and its last hash, as an auditor noted them: ``1234:ab12…``."""

    seq: int
    digest: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.digest}"

    @classmethod
    def read(cls, written: str) -> "NotedHead":
        """Read a head as it was printed; raise HeadUnreadableError."""
        seq, found, digest = written.strip().partition(":")
        plain = digest.lower()
        if not found or not seq.isdecimal() or len(plain) != 64 or set(plain) - set("0123456789abcdef"):  # noqa: PLR2004
            raise HeadUnreadableError(written)
        return cls(int(seq), plain)


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the log is broken: at which link and line of it, and how."""

    what: str
    link: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class AuditProof:
    """What was looked at, what waits to be chained, and what is wrong; ``more`` faults are not listed."""

    links: int
    waiting: int
    head: NotedHead
    faults: tuple[Fault, ...]
    more: bool

    @property
    def ok(self) -> bool:
        """True when nothing is wrong."""
        return not self.faults


def head(session: Session) -> NotedHead:
    """Return the head of the chain, for somebody to note."""
    return _noted(_ends(session))


def verify(session: Session, *, noted: NotedHead | None = None, watch: Watch = lambda _done, _of: None) -> AuditProof:
    """Look at every link and line on one snapshot; it changes nothing, and waits for nobody.

    ``noted`` is a head that was noted earlier: the chain must still lead through it. The session must not have done
    anything yet: its transaction becomes a read-only one.
    """
    session.connection(execution_options=_ONE_SNAPSHOT)
    return prove(session, noted=noted, watch=watch)


def prove(session: Session, *, noted: NotedHead | None = None, watch: Watch = lambda _done, _of: None) -> AuditProof:
    """Look at every link and line within the session's transaction."""
    ends = _ends(session)
    faults: list[Fault] = []
    for fault in _faults(session, ends, noted, watch):
        if len(faults) == MOST:
            return AuditProof(ends.last_link or 0, ends.waiting, _noted(ends), tuple(faults), more=True)
        faults.append(fault)
    return AuditProof(ends.last_link or 0, ends.waiting, _noted(ends), tuple(faults), more=False)


def _faults(session: Session, ends: Row[Any], noted: NotedHead | None, watch: Watch) -> Iterator[Fault]:
    last = ends.last_link or 0
    if last != ends.seq or (ends.seq and ends.hash_there != ends.hash):
        yield Fault("the chain does not end where its head says", link=min(last, ends.seq))
    if ends.lost is not None:
        yield Fault("missing line", line=ends.lost)
    if noted is not None and noted.seq and _hash_at(session, noted.seq) != noted.digest:
        yield Fault("the chain does not lead through the noted head", link=noted.seq)
    for first in range(1, last + 1, STRETCH):
        asked = {"first": first, "last": first + STRETCH - 1, "most": MOST + 1}
        for seq, line, what in session.execute(statement("dues/audit/sql/links.sql"), asked):
            yield Fault(what, link=seq, line=line)
        watch(min(first + STRETCH - 1, last), last)
    for first in range(1, (ends.last_line or 0) + 1, STRETCH):
        asked = {"first": first, "last": first + STRETCH - 1, "most": MOST + 1}
        for line in session.scalars(statement("dues/audit/sql/lines.sql"), asked):
            yield Fault("not in the chain", line=line)


def _ends(session: Session) -> Row[Any]:
    return session.execute(statement("dues/audit/sql/ends.sql")).one()


def _noted(ends: Row[Any]) -> NotedHead:
    return NotedHead(ends.seq, bytes(ends.hash).hex())


def _hash_at(session: Session, seq: int) -> str:
    found = session.scalar(text("SELECT hash FROM audit_chain WHERE seq = :seq"), {"seq": seq})
    return "" if found is None else bytes(found).hex()
