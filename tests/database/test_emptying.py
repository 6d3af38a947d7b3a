"""A database that was used is as a new copy for the next test, or is not used again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from database.connect import Database, Role
from dues.groups.establish import add_group
from dues.groups.models import Group

if TYPE_CHECKING:
    from tests.servers import TestServers


def written(database: Database) -> tuple[int, int]:
    """Write a group; return its number, and the next of an entry, of which a connection takes many in advance."""
    with database.unit_of_work(Role.JOBS) as session:
        group = add_group(session, name="Root", slug="root", parent=None, language="sv", country="SE")
        return group.id, session.scalars(text("SELECT nextval(pg_get_serial_sequence('entry', 'id'))")).one()


def tasks(database: Database) -> set[object]:
    """What stands in a table that is filled from the beginning."""
    with database.owner.connect() as owner:
        return set(owner.scalars(text("SELECT scheduled_task::text FROM scheduled_task")))


# Others use the same server meanwhile, each in a database of their own.
LOCKS = text(
    "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
    " WHERE l.locktype = 'advisory' AND d.datname = current_database()"
)


def test_what_was_written_is_gone_and_counting_begins_anew(servers: TestServers) -> None:
    with servers.copy() as one:
        first, before = written(one), tasks(one)
        with one.owner.begin() as owner:
            assert owner.execute(text("DELETE FROM scheduled_task WHERE task <> 'inbox'")).rowcount > 0
        forgotten = one.opener(Role.JOBS)()
        forgotten.execute(text("SELECT pg_advisory_lock(7)"))  # somebody who never leaves
    with servers.copy() as other:
        assert other is one
        with other.unit_of_work(Role.JOBS) as session:
            assert session.scalars(select(Group)).all() == []
            assert session.scalar(LOCKS) == 0
        assert (written(other), tasks(other)) == (first, before)
    forgotten.invalidate()


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE audit_change DISABLE TRIGGER USER",
        "DROP TRIGGER posting_never_changes ON posting",
        "CREATE TABLE left_over ()",
        "GRANT DELETE ON posting TO kontingent_jobs",
        "ANALYZE scheduled_task",
    ],
)
def test_a_database_that_was_changed_otherwise_is_not_used_again(servers: TestServers, change: str) -> None:
    with servers.copy() as one, one.owner.begin() as owner:
        owner.execute(text(change))
    with servers.copy() as other:
        assert other is not one
