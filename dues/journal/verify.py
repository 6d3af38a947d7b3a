"""Proves every invariant from the rows alone: each package's `checks` folder holds one statement an invariant."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from database.sql import ROOT, statement
from dues.journal.models import Entry, Posting


@dataclass(frozen=True, slots=True)
class Verification:
    """The number of entries and postings looked at, and for each check how many rows break it."""

    entries: int
    postings: int
    checks: dict[str, int]

    @property
    def ok(self) -> bool:
        """True when nothing breaks any check."""
        return not any(self.checks.values())


@cache
def check_files() -> tuple[Path, ...]:
    """Return the files of all checks, in the order of their names."""
    return tuple(sorted(ROOT.glob("dues/*/checks/*.sql"), key=lambda path: path.stem))


def verify(session: Session) -> Verification:
    """Run every check on one snapshot of the database; it changes nothing and waits for nobody.

    The session must not have done anything yet: its transaction becomes a read-only one.
    """
    session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
    return prove(session)


def prove(session: Session) -> Verification:
    """Run every check within the session's transaction, on what it sees and has written itself."""
    entries = session.scalar(select(func.count()).select_from(Entry)) or 0
    postings = session.scalar(select(func.count()).select_from(Posting)) or 0
    checks = {path.stem: _broken(session, path) for path in check_files()}
    return Verification(entries, postings, checks)


def _broken(session: Session, path: Path) -> int:
    return int(session.scalar(statement(str(path.relative_to(ROOT)))) or 0)
