"""What the tests rely on: a role without rights to the tables, nothing left between tests, no way out."""

import socket

import psycopg
import pytest
import redis
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from database.connect import Database, Role
from dues.groups.establish import add_group
from dues.groups.models import Group
from tests.closed_network import NetworkClosedError


@pytest.mark.parametrize("_time", ["first", "second"])
def test_what_a_test_commits_is_gone_in_the_next(session: Session, _time: str) -> None:
    assert session.scalar(select(func.count()).select_from(Group)) == 0
    add_group(session, name="Root", slug="root", parent=None, language="sv", country="SE")
    session.commit()
    assert session.scalar(select(func.count()).select_from(Group)) == 1


def test_sessions_act_as_the_jobs_role(session: Session) -> None:
    assert session.scalar(text("SELECT current_user")) == Role.JOBS


def test_a_database_of_its_own_keeps_commits(committing: Database, database: Database) -> None:
    with committing.unit_of_work(Role.JOBS) as session:
        add_group(session, name="Root", slug="root", parent=None, language="sv", country="SE")
    with committing.unit_of_work(Role.PUBLIC) as session:
        assert session.scalar(select(func.count()).select_from(Group)) == 1
    with database.unit_of_work(Role.JOBS) as session:
        assert session.scalar(select(func.count()).select_from(Group)) == 0


def test_redis_answers_and_is_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as connection:
        assert connection.dbsize() == 0
        assert connection.set("woken", "yes")


def test_the_network_is_closed() -> None:
    with pytest.raises(NetworkClosedError, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 443), timeout=1)
    with pytest.raises(NetworkClosedError):
        socket.getaddrinfo("example.org", 443)
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.create_connection(listening.getsockname()):
        pass


def test_databases_are_reached_by_their_private_socket(database: Database) -> None:
    with psycopg.connect(database.owner_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
