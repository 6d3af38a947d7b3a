"""Lets everybody else go first: what runs for long takes only the processor time that nobody waits for.

A run works on several connections at once and could fill a small machine; a page must then share each processor with
it. The system's own priorities settle that better than pauses would: with nothing else to do the run is as fast as
ever. A server process has the priority of whoever asks for it only where it is on this machine and we may change it,
as it is with the embedded server; elsewhere nothing happens, and the server's own machine decides.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final, cast

from psycopg import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

LATER: Final = 10
"""The niceness of long work: beside somebody of the usual niceness it gets a tenth of a processor."""


def step_aside() -> None:
    """Let this process, and what it starts, go after all others."""
    _later(os.getpid())


def served_later(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Let the server process behind a new connection go after all others; listens to a pool's ``connect``."""
    server = cast("Connection[tuple[object, ...]]", connection).info
    if _here(server.host):
        with suppress(OSError):  # another user's, or in another machine's numbering
            if _is_server(server.backend_pid):
                _later(server.backend_pid)


def _later(process: int) -> None:
    """Give a process that niceness, unless it has more: whoever was started to go later still does not go first."""
    if os.getpriority(os.PRIO_PROCESS, process) < LATER:
        os.setpriority(os.PRIO_PROCESS, process, LATER)


def _here(host: str) -> bool:
    """Whether a server is asked through a socket of this machine."""
    return host.startswith(("/", "@")) or host in {"", "localhost", "127.0.0.1", "::1"}


def _is_server(process: int) -> bool:
    """Whether a process is one of PostgreSQL's: a number may mean another process where containers share a socket."""
    return Path(f"/proc/{process}/cmdline").read_bytes().startswith(b"postgres:")
