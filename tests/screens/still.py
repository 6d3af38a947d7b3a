"""Stops the clocks of a scene: moments that the database noted by itself are the same each time it is built."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from tests.portal.town import TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from database.connect import Database

NOW: Final = dt.datetime.combine(TODAY, dt.time(9, 12), dt.UTC)
"""What the clock on the wall says while screens are looked at."""
NOTED: Final = NOW - dt.timedelta(hours=1, minutes=31)
"""When everything happened that the database noted by itself."""

_MOMENTS: Final = """
    SELECT c.table_name, string_agg(c.column_name, ',' ORDER BY c.ordinal_position), p.relforcerowsecurity
    FROM information_schema.columns c
    JOIN pg_class p ON p.oid = format('public.%I', c.table_name)::regclass
    JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type = 'timestamp with time zone'
        AND c.is_generated = 'NEVER'
    GROUP BY c.table_name, p.relforcerowsecurity ORDER BY c.table_name"""


def clock() -> dt.datetime:
    """Tell the moment at which screens are looked at."""
    return NOW


def stand_still(database: Database) -> None:
    """Let every noted moment be one and the same; the books refuse that, so what guards them looks away meanwhile."""
    with database.owner.begin() as connection:
        for table, columns, walled in connection.execute(text(_MOMENTS)).all():
            with _aside(connection, table, walled=walled):
                _stop(connection, table, columns.split(","))


@contextmanager
def _aside(connection: Connection, table: str, *, walled: bool) -> Iterator[None]:
    """Put aside what keeps even the owner from changing rows of a table, and put it back."""
    wall = ", {} ROW LEVEL SECURITY" if walled else ""
    connection.execute(text(f'ALTER TABLE "{table}" DISABLE TRIGGER USER{wall.format("NO FORCE")}'))
    yield
    connection.execute(text(f'ALTER TABLE "{table}" ENABLE TRIGGER USER{wall.format("FORCE")}'))


def _stop(connection: Connection, table: str, columns: list[str]) -> None:
    stopped = ", ".join(
        f"{column} = CASE WHEN {column} IS NOT NULL THEN CAST(:noted AS timestamptz) END" for column in columns
    )
    connection.execute(text(f'UPDATE "{table}" SET {stopped}'), {"noted": NOTED})
