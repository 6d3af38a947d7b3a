"""A ledger in which a year has passed, built once for the tests that try to spoil it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from database.connect import Database, Role
from tests.factories.runs import opener
from tests.factories.year import year

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def lived(database: Database) -> Iterator[Connection]:
    """A connection in whose transaction a year has passed; it is undone after the module's tests."""
    with database.engine(Role.JOBS).connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            year(opener(session))
            session.commit()
        yield connection
        outer.rollback()


@pytest.fixture
def books(lived: Connection) -> Iterator[Session]:
    """A session as jobs in that ledger; what it changes is undone after the test."""
    point = lived.begin_nested()
    lived.execute(text("SET LOCAL ROLE kontingent_jobs"))
    with Session(lived, join_transaction_mode="create_savepoint") as session:
        yield session
    if point.is_active:
        point.rollback()
