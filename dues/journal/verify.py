"""Proves every invariant from the rows alone: each package's `checks` folder holds one statement an invariant."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from warnings import catch_warnings, simplefilter

from sqlalchemy import func, select
from sqlalchemy.exc import SAWarning
from sqlalchemy.orm import Session

from database.sql import ROOT, statement
from dues.journal.errors import BegunAlreadyError
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


_ONE_SNAPSHOT: Final = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


@cache
def check_files() -> tuple[Path, ...]:
    """Return the files of all checks, in the order of their names."""
    return tuple(sorted(ROOT.glob("dues/*/checks/*.sql"), key=lambda path: path.stem))


def verify(session: Session) -> Verification:
    """Run every check on one snapshot of the database; it changes nothing and waits for nobody.

    Raises BegunAlreadyError when the session has done anything yet: its transaction becomes a read-only one.
    """
    with catch_warnings():
        simplefilter("error", SAWarning)
        try:
            session.connection(execution_options=_ONE_SNAPSHOT)
        except SAWarning as late:
            raise BegunAlreadyError from late
    return prove(session)


def prove(session: Session) -> Verification:
    """Run every check within the session's transaction, on what it sees and has written itself."""
    entries = session.scalar(select(func.count()).select_from(Entry)) or 0
    postings = session.scalar(select(func.count()).select_from(Posting)) or 0
    checks = {path.stem: _broken(session, path) for path in check_files()}
    return Verification(entries, postings, checks)


def _broken(session: Session, path: Path) -> int:
    return int(session.scalar(statement(str(path.relative_to(ROOT)))) or 0)
