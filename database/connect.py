"""Engines and sessions: who connects, as which role, and how a unit of work begins and ends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from database.acting import Acting, noted
from database.gentle import served_later

OpenSession = Callable[[], Session]
"""Opens a session of its own, to be used as a context manager and committed by whoever opened it."""


class Role(StrEnum):
    """Who a session acts as in the database; none of them owns a table."""

    JOBS = "kontingent_jobs"
    STAFF = "kontingent_staff"
    MEMBER = "kontingent_member"
    PUBLIC = "kontingent_public"


BY_ITSELF: Final = Acting("job:automatic", everything=True)
"""Who acts where nobody is at work."""


def psycopg_url(url: str) -> str:
    """Return a PostgreSQL address in the form that SQLAlchemy takes for psycopg 3."""
    scheme, _, rest = url.partition("://")
    return url if "+" in scheme else f"postgresql+psycopg://{rest}"


@dataclass(frozen=True)
class Database:
    """The addresses of one database; engines are made when first used.

    ``web_url`` and ``jobs_url`` may be logins of their own; where they are the owner's, each connection becomes
    the lesser role as soon as it is made, so that nothing ever runs as owner but the migrations. ``acting`` is who acts
    in sessions of the jobs' role: work that nobody pressed a button for, unless the process says otherwise. Where it is
    ``gentle``, what the jobs' role asks for comes after what everybody else does.
    """

    owner_url: str
    web_url: str | None = None
    jobs_url: str | None = None
    pool: bool = True
    acting: Acting = BY_ITSELF
    gentle: bool = False

    @cached_property
    def owner(self) -> Engine:
        """The owner's engine: migrations only."""
        return self._engine(self.owner_url)

    @cached_property
    def _engines(self) -> dict[Role, Engine]:
        return {}

    def engine(self, role: Role) -> Engine:
        """Return the engine whose connections act as a role."""
        if role not in self._engines:
            login = self.jobs_url if role is Role.JOBS else self.web_url
            engine = self._engine(login or self.owner_url)
            event.listen(engine, "connect", _become(role))
            if self.gentle and role is Role.JOBS:
                event.listen(engine, "connect", served_later)
            # Another thread may have made one meanwhile: this one has no connection yet, and is simply let go.
            self._engines.setdefault(role, engine)
        return self._engines[role]

    def opener(self, role: Role, acting: Acting | None = None) -> OpenSession:
        """Return what opens a session as a role, in which somebody acts; who serves nobody acts by itself."""
        who = acting or (self.acting if role is Role.JOBS else None)
        return sessionmaker(self.engine(role), info=noted(who))

    @contextmanager
    def unit_of_work(self, role: Role, acting: Acting | None = None) -> Iterator[Session]:
        """Open a session, commit it when the block ends well, and undo everything when it does not."""
        with self.opener(role, acting)() as session, session.begin():
            yield session

    def dispose(self, *, close: bool = True) -> None:
        """Let go of all connections; with ``close=False`` in a forked child, whose parent still uses them."""
        for engine in self._engines.values():
            engine.dispose(close=close)
        if "owner" in self.__dict__:
            self.owner.dispose(close=close)

    def _engine(self, url: str) -> Engine:
        # Server-side prepared statements do not pay for statements that run once per slice, and those of pages are
        # forgotten with each rollback, which every page that only reads ends with.
        options = {
            "connect_args": {"prepare_threshold": None, "application_name": "kontingent"},
            "hide_parameters": True,  # an error is logged; what members are called is not
        }
        if not self.pool:
            return create_engine(psycopg_url(url), poolclass=NullPool, **options)
        return create_engine(psycopg_url(url), pool_pre_ping=True, pool_size=5, max_overflow=10, **options)


def _become(role: Role) -> Callable[[DBAPIConnection, ConnectionPoolEntry], None]:
    def become(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET ROLE {role.value}")
        cursor.close()
        connection.commit()

    return become
