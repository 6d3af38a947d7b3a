"""A database of a given size on a server of its own, as a new installation would have it."""

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from benchmarks.meter import Meter
from database import embedded
from database.connect import Database, OpenSession, Role
from database.migrate import upgrade
from dues.dates import set_clock
from dues.demo.build import build, measure
from dues.invoicing import issue, undo
from dues.payments import bank_run, book
from dues.runs.drive import bind

TODAY = dt.date(2026, 11, 22)


@dataclass(frozen=True)
class Scene:
    """A filled database and the means to measure on it."""

    database: Database
    meter: Meter
    scratch: Path
    persons: int

    @property
    def open_session(self) -> OpenSession:
        """Opens sessions that act as the jobs role."""
        return self.database.opener(Role.JOBS)

    def rest(self) -> None:
        """Write out what is dirty and count what is new, so that no measurement pays for the one before."""
        with self.database.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


@contextmanager
def scene(members: int) -> Iterator[Scene]:
    """Build a federation of which every membership is due, in a folder that is gone afterwards."""
    bind(issue.KIND, issue.WORK)
    bind(undo.KIND, undo.WORK)
    bind(book.KIND, bank_run.WORK)
    with tempfile.TemporaryDirectory(prefix="kontingent-bench-") as folder:
        data = Path(folder)
        with embedded.servers(data) as servers:
            database = Database(servers.database_url)
            upgrade(database.owner)
            with database.unit_of_work(Role.JOBS) as session:
                set_clock(session, to=TODAY, real=TODAY)
                counts = build(session, members=members, seed=1, today=TODAY, due_share=1.0)
            measure(database.owner)
            made = Scene(database, Meter.of(data), data, counts.persons)
            made.rest()
            try:
                yield made
            finally:
                database.dispose()
