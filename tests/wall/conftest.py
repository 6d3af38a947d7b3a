"""Two organisations with a year behind them, and people who see one group, one organisation, everything or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from database.acting import Acting, act
from database.connect import Database, Role
from dues.dates import set_clock
from tests.factories.members import member
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation
from tests.factories.runs import issued, undone
from tests.factories.staff import employ
from tests.factories.year import CLOSED, RENEWED, year
from tests.rights.rows import SERVERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from tests.servers import TestServers

VISITOR = Acting("visitor:test")


@dataclass(frozen=True)
class Walled:
    """The database, the organisation whose groups are looked at, another one, and who acts as whom."""

    database: Database
    made: Organisation
    other: Organisation
    people: dict[str, Acting]

    def as_staff(self, who: str | None) -> Session:
        """Open a session of somebody; of nobody for None."""
        return self._session(Role.STAFF, None if who is None else self.people[who])

    def as_visitor(self, *, link: bytes | None = None) -> Session:
        """Open a session of a visitor, who may hold a link."""
        return self._session(Role.PUBLIC, Acting(VISITOR.actor, link="" if link is None else link.hex()))

    def _session(self, role: Role, who: Acting | None) -> Session:
        opened = self.database.opener(role)()
        if who is not None:
            act(opened, who)
        return opened


@pytest.fixture(scope="module")
def walled(servers: TestServers) -> Iterator[Walled]:
    """Members in two sibling groups, invoices, payments that fit and some that do not; built once."""
    with servers.copy() as database:
        jobs = database.opener(Role.JOBS)
        with database.unit_of_work(Role.JOBS) as session:
            set_clock(session, to=RENEWED, real=RENEWED)
        made, other = year(jobs)
        _beside(database, made)
        _watched(database)
        with database.unit_of_work(Role.JOBS) as session:
            people = {
                "north": _hired(session, "north", made.north.id),
                "south": _hired(session, "south", made.south.id),
                "root": _hired(session, "root", made.root.id),
                "other": _hired(session, "other", other.root.id),
                "centre": _hired(session, "centre", None),
            }
        yield Walled(database, made, other, people)


def _watched(database: Database) -> None:
    """Let every account have a bank's server that something came from, and a statement that is missing."""
    gone = "SELECT agreement_id, min(id), max(id), 'number' FROM bank_section GROUP BY agreement_id"
    fetched = "SELECT id, 'a.xml', 1, 1, 'x' FROM bank_source"
    with database.unit_of_work(Role.JOBS) as session:
        session.execute(text(SERVERS))
        session.execute(text(f"INSERT INTO fetched_file (source_id, name, size, changed, digest) {fetched}"))
        session.execute(text(f"INSERT INTO bank_gap (agreement_id, before_id, section_id, missing) {gone}"))


def _hired(session: Session, name: str, group: int | None) -> Acting:
    staff = employ(session, name=name, email=f"{name}@example.org", group=group, roles=("auditor",))
    return Acting(f"staff:{staff.id}", user=staff.id, everything=group is None)


def _beside(database: Database, made: Organisation) -> None:
    """Members of the southern group, of whom one pays and one pays too little."""
    jobs = database.opener(Role.JOBS)
    before = {claim for claim, _, _ in owed(jobs)}
    with database.unit_of_work(Role.JOBS) as session:
        for _ in range(3):
            member(session, made, joined_on=CLOSED, group=made.south)
        session.expunge_all()
    undone(jobs, issued(jobs, on=RENEWED).run_id, on=RENEWED, confirmed=False)
    first, second, *_ = [one for one in owed(jobs) if one[0] not in before]
    payments = [paid(first[2], first[1]), paid(FEE // 5, second[1])]
    banked(jobs, camt(made.agreement, payments, on=RENEWED), on=RENEWED)
    with database.unit_of_work(Role.JOBS) as session:
        links = text(
            "INSERT INTO access_link (token_hash, invoice_id, address) "
            "SELECT sha256(convert_to('link ' || id, 'UTF8')), id, 'a@example.org' FROM invoice"
        )
        session.execute(links)
