"""What a command works with: the settings, the database, and the ports that the application binds."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from cli.interrupt import Interrupt
from cli.progress import Bar
from database import migrate
from database.acting import Acting
from database.connect import BY_ITSELF, Database, Role
from database.embedded import servers
from dues import dates
from dues.access.roles import lay_out_roles
from dues.actor import COMMAND_LINE
from dues.runs.drive import CONNECTIONS, drive
from dues.runs.errors import UnknownRunError
from dues.runs.models import Run, RunState
from settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy.orm import Session

    from dues.runs.drive import Progress


class RunStoppedError(Exception):
    """A run that a command waited for did not come to its end."""

    def __init__(self, run: int, state: str, why: str | None) -> None:
        super().__init__(f"Run {run} is {state}: {why}" if why else f"Run {run} is {state}.")


class Wake(Protocol):
    """Tells the workers that there is something to do; never fails, because the clock tells them again."""

    def run(self, run_id: int) -> None:
        """A run is to be driven."""

    def messages(self) -> None:
        """Messages wait to be sent."""


class Sent(Protocol):
    """What became of messages: how many left, how many wait for a person, how many are still queued."""

    @property
    def sent(self) -> int:
        """Delivered by this call."""

    @property
    def failed(self) -> int:
        """Given up by this call."""

    @property
    def queued(self) -> int:
        """Still waiting, of all."""


@dataclass(frozen=True)
class Ports:
    """What the application binds for the command line, which must not know the other faces.

    ``worker`` (given the queues to listen on) and ``clock`` run as long as their process.
    """

    wake: Callable[[Settings], Wake]
    send: Callable[[Database, Settings], Sent]
    worker: Callable[[Settings, Sequence[str]], None]
    clock: Callable[[Settings], None]


@dataclass(frozen=True)
class House:
    """The database with its servers running, and the workers that can be woken."""

    settings: Settings
    database: Database
    wake: Wake
    embedded: bool = False

    @contextmanager
    def work(self) -> Iterator[Session]:
        """Open a unit of work of the jobs' role; it is committed when the block ends well."""
        with self.database.unit_of_work(Role.JOBS) as session:
            yield session

    def bring_up(self) -> str:
        """Migrate the database, start its clock if it has never run, and return the revision."""
        revision = migrate.upgrade(self.database.owner)
        with self.work() as session:
            try:
                dates.today(session)
            except dates.ClockNotSetError:
                day = self.real_day()
                dates.set_clock(session, to=day, real=day)
            lay_out_roles(session)
        return revision

    def today(self) -> dt.date:
        """Return the business day."""
        with self.work() as session:
            return dates.today(session)

    def real_day(self) -> dt.date:
        """Return the calendar's day where the organisation is."""
        return dt.datetime.now(self.settings.time_zone).date()

    def drive(self, run_id: int) -> Run:
        """Work on a run to its end, showing how far it is, and return it.

        Raises RunStoppedError if it stops before its end, and RunLeftError after Ctrl-C.
        """
        with Bar() as bar, Interrupt(run_id) as interrupt:

            def watch(progress: Progress) -> None:
                interrupt()
                bar(progress)

            drive(self.database.opener(Role.JOBS), run_id, watch=watch, parallel=CONNECTIONS)
        run = self.run(run_id)
        if run.state not in (RunState.DONE, RunState.READY):
            raise RunStoppedError(run_id, run.state, run.error)
        self.wake.messages()
        return run

    def run(self, run_id: int) -> Run:
        """Read a run; raise UnknownRunError."""
        with self.work() as session:
            found = session.get(Run, run_id)
            if found is None:
                raise UnknownRunError(run_id)
            session.expunge(found)
            return found


class Desk:
    """Where a command finds the house; nothing is read or started before a command asks."""

    def __init__(self, ports: Ports) -> None:
        self.ports = ports

    @contextmanager
    def house(self) -> Iterator[House]:
        """Open the house: embedded servers are started unless they run or others are set."""
        settings = Settings.from_env()
        if not settings.embedded:
            yield from self._opened(settings, embedded=False)
            return
        with servers(settings.data) as found:
            named = settings.with_servers(database_url=found.database_url, redis_url=found.redis_url)
            yield from self._opened(named, embedded=True)

    def _opened(self, settings: Settings, *, embedded: bool) -> Iterator[House]:
        # A command may take long, and people are at their desks meanwhile.
        database = replace(database_of(settings, acting=Acting(str(COMMAND_LINE), everything=True)), gentle=True)
        try:
            house = House(settings, database, self.ports.wake(settings), embedded)
            if embedded and migrate.revision(database.owner) is None:
                house.bring_up()  # a folder that was never used: there is nothing in it to be careful with
            yield house
        finally:
            database.dispose()


def database_of(settings: Settings, *, acting: Acting = BY_ITSELF) -> Database:
    """Return the database that complete settings name, and who acts in it where nobody else does."""
    return Database(settings.database_url or "", settings.database_web_url, settings.database_jobs_url, acting=acting)
