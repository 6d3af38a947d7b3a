"""What every test may ask for: databases, sessions, Redis, bank files written by others; and a closed network."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
import redis
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from database.connect import Database, Role
from dues.access import passwords
from tests.chromium import chromium
from tests.closed_network import close_network
from tests.factories.proof import proved
from tests.factories.runs import opener
from tests.servers import FOLDER, TestServers, WarmDatabase, close_run, open_run, test_redis, test_servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from database.connect import OpenSession

__all__ = ["chromium"]

HOUSE = Path(__file__).parents[1]

hypothesis.settings.register_profile("same-each-time", derandomize=True, database=None, deadline=None)
hypothesis.settings.load_profile("same-each-time")


def _is_first_process(config: pytest.Config) -> bool:
    """Whether this is not one of several workers."""
    return not hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    if _is_first_process(config):
        open_run()
    close_network()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _is_first_process(config):
        close_run()


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and not among what stays: a tenth of all the time of Python goes into that else."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def templates_made_once() -> Iterator[None]:
    """Keep what templates were made into for the next application before the same files."""
    with pytest.MonkeyPatch.context() as patch:
        kept = Path(os.environ[FOLDER]) / "templates"
        kept.mkdir(exist_ok=True)
        patch.setitem(Flask.jinja_options, "bytecode_cache", FileSystemBytecodeCache(str(kept)))
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Keep passwords as carefully as ever, but not as slowly: a fifth of a second for each adds up to a minute."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture(scope="session")
def servers() -> Iterator[TestServers]:
    """The run's PostgreSQL with its migrated template."""
    with test_servers() as found:
        yield found


@pytest.fixture(scope="session")
def database(servers: TestServers) -> Iterator[Database]:
    """The worker's own database, migrated and empty; tests leave nothing in it (see `session`)."""
    with servers.copy(WarmDatabase, again=False) as found:
        yield found


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session of the jobs role whose commits are undone after the test: the books refuse every deletion."""
    with database.engine(Role.JOBS).connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as found:
            yield found
        outer.rollback()


@pytest.fixture
def ledger(session: Session) -> Iterator[OpenSession]:
    """Opens sessions inside the test's own transaction; after the test the books must prove themselves."""
    open_session = opener(session)
    yield open_session
    with open_session() as looking:
        verification = proved(looking)
    assert verification.ok, verification.checks


@pytest.fixture
def committing(servers: TestServers, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database for one test that needs real commits; nobody has it again whose test left processes for dead."""
    with servers.copy(again=request.node.get_closest_marker("kill") is None) as found:
        yield found


@pytest.fixture
def redis_url(worker_number: int) -> Iterator[str]:
    """An empty Redis of the worker's own."""
    with test_redis(worker_number) as url, redis.Redis.from_url(url) as connection:
        connection.flushdb()
        yield url


@pytest.fixture(scope="session")
def worker_number() -> int:
    """Which of several workers this is, from zero."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of bank files written by others; they are read where they lie and are no part of the house."""
    folder = Path(os.environ.get("KONTINGENT_SAMPLES", HOUSE.parent / "shared" / "samples"))
    if not folder.is_dir():
        pytest.skip(f"there is no folder {folder}; set KONTINGENT_SAMPLES to one with bank files")
    return folder
