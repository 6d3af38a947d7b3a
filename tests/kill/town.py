"""A federation of which everybody is due, with the program's own worker and clock processes at work on it."""

from __future__ import annotations

import datetime as dt
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import redis
from sqlalchemy import select

from database.connect import Role
from dues.actor import AUTOMATIC, COMMAND_LINE
from dues.collection.remind import start_reminders
from dues.dates import set_clock
from dues.demo.build import build, measure
from dues.groups.models import Group
from dues.invoicing.issue import start_issue
from dues.runs.drive import drive
from jobs.queues import Queues
from settings import Settings
from tests.factories.runs import Outcome, finished
from tests.forked import Started, forked
from tests.kill.tree import be_tree
from tests.processes import burden, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from database.connect import Database, OpenSession

TODAY: Final = dt.date(2026, 11, 22)
SLICE: Final = 80


@dataclass(frozen=True)
class Town:
    """The servers of one installation, and its data folder."""

    database: Database
    redis_url: str
    folder: Path

    @property
    def open_session(self) -> OpenSession:
        """Opens sessions as the jobs' role."""
        return self.database.opener(Role.JOBS)

    def fill(self, members: int) -> None:
        """Build the federation; the day's own runs are over before anybody is due, so that tests start the others."""
        real = dt.datetime.now(Settings.from_env({}).time_zone).date()
        with self.database.unit_of_work(Role.JOBS) as session:
            set_clock(session, to=TODAY, real=real)
            starts = (start_issue, start_reminders)
            runs = [start(session, on=TODAY, by=AUTOMATIC, confirmed=True).id for start in starts]
        for run in runs:
            drive(self.open_session, run)
        with self.database.unit_of_work(Role.JOBS) as session:
            build(session, members=members, seed=1, today=TODAY, due_share=1.0)
        measure(self.database.owner)

    def regions(self) -> list[str]:
        """The parts of the country branches, by their addresses; each has as many members as the next."""
        depth = 4  # federation, branch, region: three numbers, each with a point after it
        with self.open_session() as session:
            groups = session.execute(select(Group.slug, Group.path).order_by(Group.id))
            return [slug for slug, path in groups if len(path.split(".")) == depth]

    def invoice_run(self, group: str | None = None) -> int:
        """Start an invoice run that nobody drives yet."""
        with self.database.unit_of_work(Role.JOBS) as session:
            return start_issue(session, on=TODAY, by=COMMAND_LINE, group=group, confirmed=True, slice_size=SLICE).id

    def invoice_all(self) -> Outcome:
        """Invoice everybody who is due and was not invoiced yet, here and now."""
        return finished(self.open_session, self.invoice_run(), parallel=2)

    def wake(self, *runs: int) -> None:
        """Tell the workers of runs, as a face does."""
        queues = Queues(self.redis_url)
        for run in runs:
            queues.run(run)

    def environment(self, **more: str) -> dict[str, str]:
        """What the program's processes are told."""
        named = {"DATABASE_URL": self.database.owner_url, "REDIS_URL": self.redis_url}
        return {**os.environ, **named, "KONTINGENT_DATA": str(self.folder), **more}

    @contextmanager
    def at_work(self, *, workers: int = 2, **more: str) -> Iterator[Started]:
        """Run the program's processes; they must all end soon after they are asked to."""
        environment = self.environment(KONTINGENT_WORKERS=str(workers), **more)
        (self.folder / "inbox").mkdir(parents=True, exist_ok=True)
        tree = forked(be_tree, environment, self.folder / "tree.log")
        try:
            assert until(lambda: self._listening() == workers, 30), self.said()
            yield tree
        finally:
            tree.terminate()
            code = tree.wait(20 * burden())
        assert code == 0, self.said()

    def _listening(self) -> int:
        with self.redis_line() as connection:
            return int(connection.scard("rq:workers"))

    def redis_line(self) -> redis.Redis:
        """A line to Redis that waits when the machine has other things to do."""
        return redis.Redis.from_url(self.redis_url, socket_timeout=60)

    def said(self) -> str:
        """What the processes have written, to be read when a test fails."""
        return (self.folder / "tree.log").read_text(encoding="utf-8", errors="replace")
