"""The servers of a test run: one PostgreSQL for all workers, a template made once, databases copied from it."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import uuid
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg._preparing import PrepareManager
from sqlalchemy import Engine, event

from database import embedded
from database.connect import Database
from database.migrate import upgrade
from tests.emptying import Lent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

FOLDER = "KONTINGENT_TEST_FOLDER"
"""Names the run's folder to the workers, which are its child processes."""
GIVEN_DATABASE = "TEST_DATABASE_URL"
GIVEN_REDIS = "TEST_REDIS_URL"


def open_run() -> None:
    """Make the folder of a test run; the first process of the run does."""
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="kontingent-tests-")


def close_run() -> None:
    """Remove what the run made: the databases on a server that was given, and the folder."""
    folder = Path(os.environ.pop(FOLDER))
    given = os.environ.get(GIVEN_DATABASE)
    if given and (folder / "template").exists():
        with psycopg.connect(given, autocommit=True) as connection:
            for (name,) in connection.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_prefix(folder)]
            ):
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
    shutil.rmtree(folder)


def _prefix(folder: Path) -> str:
    """Databases of one run, so that several runs share a server."""
    return folder.name.replace("-", "_").lower()


class _LastingPlans(PrepareManager):
    """Statements that are prepared when they come again, and stay so: also after what would let go of them elsewhere.

    A table that was dropped is found again by its name: the server looks at its names anew when one has gone.
    """

    prepare_threshold = 2
    prepared_max = 1000

    def clear(self) -> bool:
        """Keep all that is prepared when a test undoes what it did."""
        return False


@dataclass(frozen=True)
class WarmDatabase(Database):
    """A database for thousands of small tests, each of which undoes what it did: its connections keep their plans.

    The program has its statements planned each time, which is right for slices of a thousand rows, and most of the work
    where there are two. The first temporary table of a connection makes a schema for them: where a test makes and
    undoes that, the server lets go of every plan it has, also those of all triggers.
    """

    def _engine(self, url: str) -> Engine:
        engine = super()._engine(url)
        event.listen(engine, "connect", _keep_plans)
        return engine


def _keep_plans(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("CREATE TEMPORARY TABLE first_of_all (); DROP TABLE first_of_all")
    cursor.execute("SET plan_cache_mode = force_generic_plan; SET client_min_messages = warning")
    cursor.close()
    connection.commit()
    connection._prepared = _LastingPlans()  # psycopg keeps it there


@dataclass(frozen=True)
class TestServers:
    """Where a test run's servers are. ``admin`` may create databases, ``owner`` owns those of the tests."""

    __test__ = False

    folder: Path
    admin: str
    owner: str
    free: list[Lent] = field(default_factory=list)
    """Databases that were used before, and are empty again."""

    @property
    def template(self) -> str:
        return f"{_prefix(self.folder)}_template"

    def prepare(self) -> None:
        """Migrate the template, once for all workers."""
        done = self.folder / "template"
        with (self.folder / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if done.exists():
                return
            self._create(self.template, "template0")
            database = Database(_named(self.owner, self.template), pool=False)
            upgrade(database.owner)
            database.dispose()
            done.touch()

    @contextmanager
    def copy(self, kind: type[Database] = Database, *, again: bool = True) -> Iterator[Database]:
        """Give a migrated database of its own, with nothing in it; afterwards somebody else may have it ``again``."""
        lent = self.free.pop() if again and self.free else self._copied(kind)
        try:
            yield lent.database
        finally:
            if again and lent.empty():
                self.free.append(lent)
            else:
                lent.close()
                self._run(f'DROP DATABASE "{lent.name}" WITH (FORCE)')

    def _copied(self, kind: type[Database]) -> Lent:
        name = f"{_prefix(self.folder)}_{uuid.uuid4().hex[:12]}"
        self._create(name, self.template)
        return Lent(name, kind(_named(self.owner, name)), _named(self.admin, name))

    def close(self) -> None:
        """Let go of what was kept to be used again; it goes with the run's folder, or with the run."""
        while self.free:
            self.free.pop().close()

    def _create(self, name: str, template: str) -> None:
        owner = urlsplit(self.owner).username
        of_whom = f'OWNER "{owner}"' if owner else ""
        # Files are copied as files: block by block through the log takes nearly twice as long.
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY {of_whom}')

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.admin, autocommit=True) as connection:
            connection.execute(statement.encode())


def _named(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@contextmanager
def test_servers() -> Iterator[TestServers]:
    """Use the run's PostgreSQL: the one given by TEST_DATABASE_URL, or the embedded one, which keeps nothing safe.

    The given login must be a superuser, or may create databases and roles.
    """
    folder = Path(os.environ[FOLDER])
    with ExitStack() as stack:
        given = os.environ.get(GIVEN_DATABASE)
        if given:
            found = TestServers(folder, given, given)
        else:
            owner = stack.enter_context(embedded.servers(folder / "var", durable=False)).database_url
            found = TestServers(folder, _superuser(owner), owner)
        found.prepare()
        stack.callback(found.close)
        yield found


test_servers.__test__ = False  # type: ignore[attr-defined]  # pytest reads it on what it takes for a test


def _superuser(owner: str) -> str:
    """The embedded server's own account, reached through the same private socket."""
    parts = urlsplit(owner)
    return urlunsplit(parts._replace(netloc="postgres@", path="/postgres"))


@contextmanager
def test_redis(number: int) -> Iterator[str]:
    """Use the run's Redis, in a database of the worker's own: a given address that ends in ?db=0 is one of many."""
    given = os.environ.get(GIVEN_REDIS)
    if given:
        yield given.replace("?db=0", f"?db={number}")
        return
    with embedded.servers(Path(os.environ[FOLDER]) / "var", durable=False) as found:
        yield found.redis_url.replace("?db=0", f"?db={number}")


test_redis.__test__ = False  # type: ignore[attr-defined]  # pytest reads it on what it takes for a test
