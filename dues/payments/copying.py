"""Copies rows into a table on the session's connection while the next ones are still being read."""

import datetime as dt
import re
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from types import TracebackType
from typing import Any, Self

from psycopg import Cursor
from sqlalchemy.orm import Session

# COPY's text format: tab and line end part values and rows, the backslash escapes them and begins "\\N", null.
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}

TURN = 0.0002
"""Seconds after which the interpreter lets another thread have its turn while a file is copied.

Python's own 5 ms are as long as the server needs for hundreds of rows: whenever it had answered, it would stand idle
until the thread that makes the next block gives way."""


class Copying:
    """A thread that sends one block at a time, so that the server takes it while the next is made.

    The session must not be used between the first ``send`` and the end of the block, except after ``wait``.
    """

    def __init__(self, session: Session, command: str) -> None:
        self._cursor = _cursor(session)
        self._command = command
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="copying")
        self._sent: Future[None] | None = None
        self._turn = sys.getswitchinterval()

    def __enter__(self) -> Self:
        sys.setswitchinterval(TURN)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for what was sent; an error of the copying itself does not cover up another one."""
        try:
            self.wait()
        except Exception:
            if error is None:
                raise
        finally:
            self._pool.shutdown()
            sys.setswitchinterval(self._turn)

    def send(self, block: str, then: Callable[[], None] | None = None) -> None:
        """Copy whole lines, and ``then`` do more with them on the connection, which nobody else uses meanwhile.

        Raises what went wrong with the block before.
        """
        self.wait()
        self._sent = self._pool.submit(self._copy, block, then)

    def wait(self) -> None:
        """Return when the connection is free; raises what went wrong with the last block."""
        sent, self._sent = self._sent, None
        if sent is not None:
            sent.result()

    def _copy(self, block: str, then: Callable[[], None] | None) -> None:
        with self._cursor.copy(self._command) as copy:
            copy.write(block)
        if then is not None:
            then()


def line(values: Sequence[str | None]) -> str:
    """Return values as a row of COPY's text format."""
    whole = "\t".join(["\\N" if value is None else value for value in values])
    nulls = values.count(None)
    if whole.count("\\") != nulls or whole.count("\t") != len(values) - 1 or "\n" in whole or "\r" in whole:
        whole = "\t".join(["\\N" if value is None else _SPECIAL.sub(_escape, value) for value in values])
    return whole + "\n"


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES[found[0]]


@lru_cache(maxsize=64)
def day(value: dt.date) -> str:
    """Return a day as COPY takes it; a file has few of them."""
    return value.isoformat()


def _cursor(session: Session) -> Cursor[Any]:
    raw = session.connection().connection.driver_connection
    if raw is None:  # pragma: no cover -- a session's connection always has one
        raise RuntimeError("The session has no connection.")
    cursor: Cursor[Any] = raw.cursor()
    return cursor
