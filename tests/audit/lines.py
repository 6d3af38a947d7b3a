"""The log as tests read it: its lines with their values, and sessions in which somebody acts."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, text

from database.acting import Acting, act
from database.connect import Role
from dues.audit.models import Change, ChangeValue
from dues.audit.seal import seal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from database.connect import Database

OFFICER = Acting(actor="staff:7", user=7, everything=True, address="192.0.2.7", why="asked by phone")
JOB = Acting(actor="job:automatic", everything=True)


@dataclass(frozen=True)
class Line:
    """One line; ``said`` is nothing where its values were erased."""

    id: int
    actor: str
    relation: str
    verb: str
    key: str
    touched: int
    columns: list[str]
    said: dict[str, Any] | None
    address: str | None
    why: str | None


def lines(session: Session, *relations: str, after: int = 0) -> list[Line]:
    """The lines about some tables, oldest first."""
    wanted = (
        select(Change, ChangeValue)
        .outerjoin(ChangeValue, ChangeValue.change_id == Change.id)
        .where(Change.id > after)
        .order_by(Change.id)
    )
    if relations:
        wanted = wanted.where(Change.relation.in_(relations))
    return [_line(change, value) for change, value in session.execute(wanted)]


def _line(change: Change, value: ChangeValue | None) -> Line:
    return Line(
        id=change.id,
        actor=change.actor,
        relation=change.relation,
        verb=change.verb,
        key=change.key,
        touched=change.touched,
        columns=change.columns,
        said=value.content if value else None,
        address=value.address if value else None,
        why=value.why if value else None,
    )


UNSETTLED: Final = text("""
SELECT EXISTS (
    SELECT FROM audit_waiting
    WHERE transaction >= audit_unsettled_from()
        AND transaction < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
)
""")


def newest(session: Session) -> int:
    """The id of the last line, to look at what comes after."""
    return session.scalar(select(Change.id).order_by(Change.id.desc()).limit(1)) or 0


@contextmanager
def working(database: Database, who: Acting = OFFICER, role: Role = Role.STAFF) -> Iterator[Session]:
    """A unit of work of somebody."""
    with database.opener(role)() as session:
        act(session, who)
        with session.begin():
            yield session


def settle(database: Database) -> None:
    """Wait until nothing that began before the waiting lines still runs in this database."""
    end = time.monotonic() + 60
    with database.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as owner:
        while owner.scalar(UNSETTLED):
            assert time.monotonic() < end, "a transaction in this database does not end"
            time.sleep(0.02)


def sealed(database: Database, *, wait: bool = True) -> int:
    """Chain everything that has settled; how many lines that were."""
    if wait:
        settle(database)
    done = 0
    while True:
        with database.unit_of_work(Role.JOBS) as session:
            chained = seal(session, most=50)
        if not chained:
            return done
        done += chained
