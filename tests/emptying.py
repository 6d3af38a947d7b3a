"""Empties a database after a test, so that the next test finds it as a new copy of the template would be.

To copy a thousand files and to warm up every connection anew takes ten times as long as to delete what one test wrote.
Only rows are put back: a database in which a test changed anything else, or which has grown, is not used again.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import psycopg
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from typing import LiteralString

    from psycopg import Connection
    from sqlalchemy import QueuePool

    from database.connect import Database

_GROWN: Final = 12_000_000
"""Bytes by which a database may have grown: more rows than that are deleted no faster than files are copied."""

_SETTLED: Final = """
    SELECT count(*) FILTER (WHERE state = 'idle') = %(idle)s AND count(*) = %(idle)s
        AND NOT EXISTS (SELECT FROM pg_class WHERE relpersistence = 't')
        AND NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (
            SELECT oid FROM pg_database WHERE datname = current_database()))
    FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"""
_FORGET: Final = text("DISCARD SEQUENCES")
"""What a connection has taken of a sequence in advance, and would give to rows of the next test."""
_END: Final = """
    SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"""

# What describes a database in its own catalogue; every change makes a row there, or takes one away.
_DESCRIBING: Final = (
    *("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_trigger", "pg_policy", "pg_proc"),
    *("pg_rewrite", "pg_type", "pg_sequence", "pg_statistic", "pg_statistic_ext", "pg_extension", "pg_default_acl"),
    *("pg_collation", "pg_event_trigger", "pg_largeobject_metadata"),
)
_NEWER: Final = "count(*) AS rows, count(*) FILTER (WHERE age(xmin) < age(%(since)s::xid)) AS newer"
_SHAPE: Final = (
    "SELECT sum(rows)::bigint, sum(newer)::bigint FROM ("
    + " UNION ALL ".join(f"SELECT {_NEWER} FROM {one}" for one in _DESCRIBING)
    + f" UNION ALL SELECT {_NEWER} FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp_'"
    " UNION ALL SELECT count(*), 0 FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase"
    " WHERE d.datname = current_database()) AS said"
)
_SIZE: Final = "SELECT pg_database_size(current_database())"
_TABLES: Final = """
    SELECT c.oid::regclass::text FROM pg_class c
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(c.oid) > 0 ORDER BY 1"""
_SEQUENCES: Final = """
    SELECT seqrelid::bigint, seqstart, pg_sequence_last_value(seqrelid) FROM pg_sequence
    JOIN pg_class c ON c.oid = seqrelid AND relpersistence = 'p'"""
_SET_BACK: Final = """
    SELECT count(setval(place::oid::regclass, value, called))
    FROM unnest(%s::bigint[], %s::bigint[], %s::boolean[]) AS back (place, value, called)"""


@dataclass(frozen=True)
class _Fresh:
    """What a new copy of the template is like: its size, its sequences, and the rows that some tables begin with."""

    size: int
    sequences: dict[int, int | None]
    rows: dict[str, bytes]


class Lent:
    """A copied database that one test after another may use, emptied between them."""

    def __init__(self, name: str, database: Database, admin: str) -> None:
        self.name = name
        self.database = database
        self._line: Connection[tuple[object, ...]] = psycopg.connect(admin, autocommit=True)
        self._since, self._shape = "", (0, 0)
        self._fresh = _Fresh(self._number(_SIZE), {one: last for one, _, last in self._sequences()}, self._rows())
        self._note()

    def empty(self) -> bool:
        """Put everything back; False where that cannot be, and the database must not be used again."""
        try:
            self._settle()
            if self._number(_SIZE) > self._fresh.size + _GROWN or self._described() != self._shape:
                return False
            with self._line.transaction():
                self._put_back()
            self._note()
        except (psycopg.Error, SQLAlchemyError):
            return False
        return True

    def close(self) -> None:
        """Let go of all connections."""
        self.database.dispose()
        self._line.close()

    def _settle(self) -> None:
        """Leave no connections but idle ones that hold and remember nothing: whoever else is there is shown out."""
        engines = [*self.database._engines.values(), *([self.database.owner] if "owner" in vars(self.database) else [])]
        idle = 0
        with ExitStack() as held:
            for engine in engines:
                for _ in range(cast("QueuePool", engine.pool).checkedin()):
                    held.enter_context(engine.begin()).execute(_FORGET)
                    idle += 1
        if self._line.execute(_SETTLED, {"idle": idle}).fetchone() != (True,):
            self.database.dispose()
            self._line.execute(_END)

    def _put_back(self) -> None:
        """Delete what was written, fill in what tables begin with, and let sequences count from where they did."""
        self._line.execute("SET LOCAL lock_timeout = '5s'; SET LOCAL session_replication_role = replica")
        for (table,) in self._line.execute(_TABLES).fetchall():
            self._empty_table(cast("str", table))
        moved = [
            (place, start if began is None else began, began is not None)
            for place, start, last in self._sequences()
            if (began := self._fresh.sequences[place]) != last
        ]
        if moved:
            self._line.execute(_SET_BACK, [list(column) for column in zip(*moved, strict=True)])

    def _empty_table(self, table: str) -> None:
        name, beginning = _named(table), self._fresh.rows.get(table)
        if beginning is None:
            self._line.execute(sql.SQL("DELETE FROM ONLY {}").format(name))
        elif self._read(table) != beginning:
            self._line.execute(sql.SQL("DELETE FROM ONLY {}").format(name))
            with self._line.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(name)) as into:
                into.write(beginning)

    def _note(self) -> None:
        """Remember from when on something is new."""
        self._since = str(self._number("SELECT pg_current_xact_id()::xid::text::bigint"))
        self._shape = self._described()

    def _described(self) -> tuple[int, int]:
        """How many rows describe the database, and how many of them are newer than the last look."""
        rows, newer = self._line.execute(_SHAPE, {"since": self._since}).fetchone() or (0, 0)
        return cast("int", rows), cast("int", newer)

    def _rows(self) -> dict[str, bytes]:
        names = [cast("str", name) for (name,) in self._line.execute(_TABLES).fetchall()]
        return {name: found for name in names if (found := self._read(name))}

    def _read(self, table: str) -> bytes:
        name = _named(table)
        with self._line.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(name)) as out:
            return b"".join(bytes(part) for part in out)

    def _sequences(self) -> list[tuple[int, int, int | None]]:
        return cast("list[tuple[int, int, int | None]]", self._line.execute(_SEQUENCES).fetchall())

    def _number(self, question: LiteralString) -> int:
        return cast("tuple[int]", self._line.execute(question).fetchone())[0]


def _named(table: str) -> sql.SQL:
    """A table's name as the catalogue writes it, in quotes where it needs some."""
    return sql.SQL(table)
