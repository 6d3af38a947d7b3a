"""Using the embedded servers: count oneself as a user, have a keeper started, wait until both answer."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from database.embedded import keeper, postgres, redis_server
from database.embedded.errors import EmbeddedError, ServerFailedError
from database.embedded.locks import Lock, held_alone
from database.embedded.places import Places, noted_sockets, prepare
from database.embedded.server import begin_log_anew

if TYPE_CHECKING:
    from collections.abc import Iterator

_STEP = 0.03  # seconds between two looks
_AGAIN = 0.3  # seconds before another keeper is tried
_SILENCE = 120.0  # seconds without a sign of life after which waiting ends
_PATIENCE = 8.0  # seconds after which people are told, again and again, what is waited for
_REVIVAL = 5.0  # seconds between two attempts to bring servers back
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Servers:
    """Where the embedded servers are reached by this system account: sockets in a private folder, no password.

    `database_url` connects as the owner of the database, who is no superuser.
    """

    data: Path
    database_url: str
    redis_url: str


@contextmanager
def servers(data: Path, *, durable: bool = True) -> Iterator[Servers]:
    """Use the servers of a data folder: they are started if nobody uses them, and stopped after their last user.

    A user that is killed counts as gone with its last forked child. With `durable=False`, which is for tests, a start
    keeps nothing safe from a power cut; servers that run already stay as they are. Raises EmbeddedError.
    """
    places = prepare(data)
    with Lock(places.users_lock) as using:
        waiting = _Waiting(places)
        while not using.try_share():
            waiting.step("the embedded servers to finish stopping")
        _start(places, waiting, durable=durable)
        owner = os.getpid()
        try:
            yield _reached(places)
        finally:
            if os.getpid() == owner:  # a forked child that comes by here must not let go for its parent
                using.release()
                _see_out(places, using)


class Reviver:
    """Starts a keeper again if it was killed; a long-lived user calls it now and then: it is quick and never waits."""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self._places = Places(data.resolve())
        self._durable = durable
        self._spawned: int | None = None
        self._not_before = 0.0

    def __call__(self) -> None:
        """Look, and start a keeper where none lives."""
        if _exit_code(self._spawned) is not None:
            self._spawned = None
        if time.monotonic() < self._not_before or held_alone(self._places.keeper_lock):
            return
        self._not_before = time.monotonic() + _REVIVAL
        self._spawned = _spawn_keeper(self._places, durable=self._durable)


def _reached(places: Places) -> Servers:
    sockets = noted_sockets(places)
    host = quote(str(sockets), safe="")
    return Servers(
        data=places.data,
        database_url=f"postgresql://{postgres.OWNER}@/{postgres.DATABASE}?host={host}",
        redis_url=f"unix://{quote(str(sockets))}/{redis_server.SOCKET}?db=0",
    )


class _Waiting:
    """Waits in small steps, passes on what the keeper says, and gives up when nothing moves any more."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._heard = _size(places.keeper_log)
        self._since = time.time()
        self._told = 0.0

    def step(self, what: str) -> None:
        """Wait a moment for `what`. Raises ServerFailedError after a long silence."""
        time.sleep(_STEP)
        waited = time.time() - self._since
        if waited - self._told > _PATIENCE:
            self._told = waited
            sys.stderr.write(f"Waiting for {what}, {waited:.0f} s so far; after a crash this can take minutes.\n")
        if time.time() - max(self._since, self._last_sign()) > _SILENCE:
            raise ServerFailedError(f"Waited in vain for {what}; see {self._places.log}.")

    def news(self) -> str:
        """What the keeper has said since the last time."""
        if _size(self._places.keeper_log) <= self._heard:
            return ""
        with self._places.keeper_log.open("rb") as log:
            log.seek(self._heard)
            said = log.read()
        self._heard += len(said)
        return said.decode("utf-8", "replace")

    def _last_sign(self) -> float:
        return max((path.stat().st_mtime for path in self._places.log.glob("*.log")), default=0.0)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _start(places: Places, waiting: _Waiting, *, durable: bool) -> None:
    """Wait until the servers answer, with a keeper started whenever there may be none. Raises EmbeddedError."""
    spawned: int | None = None
    again_at = 0.0
    while not held_alone(places.ready_lock):
        if spawned is None and time.monotonic() >= again_at:
            spawned = _spawn_keeper(places, durable=durable)
        waiting.step("the embedded servers")
        code = _exit_code(spawned)
        if code is not None:
            spawned, again_at = None, time.monotonic() + _AGAIN
            _refuse_failure(code, waiting)
    said = waiting.news()
    if said:
        sys.stderr.write(said)


def _refuse_failure(code: int, waiting: _Waiting) -> None:
    if code not in {0, keeper.BUSY}:
        raise EmbeddedError(waiting.news().strip() or f"The embedded servers' keeper ended with code {code}.")


def _spawn_keeper(places: Places, *, durable: bool) -> int:
    """Start a keeper in a session of its own, so that no key pressed in this terminal reaches it; give its id."""
    begin_log_anew(places.keeper_log)
    program = [sys.executable, "-P", "-m", __package__ or "", str(places.data), *([] if durable else ["--not-durable"])]
    log = os.open(places.keeper_log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        return os.posix_spawn(
            sys.executable,
            program,
            {
                **os.environ,
                "PYTHONPATH": os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
            },
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, log, 1),
                (os.POSIX_SPAWN_DUP2, log, 2),
            ],
            setsid=True,
            setsigmask=[],
            setsigdef=[signal.SIGTERM],
        )
    finally:
        os.close(log)


def _exit_code(pid: int | None) -> int | None:
    """The exit code of a child that has ended, or None."""
    if pid is None:
        return None
    try:
        ended, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:  # somebody else's handler has reaped it
        return keeper.BUSY
    return os.waitstatus_to_exitcode(status) if ended else None


def _see_out(places: Places, using: Lock) -> None:
    """Wait for the servers' end where this was their last user: a container ends with its first process."""
    waiting = _Waiting(places)
    locks = (places.keeper_lock, places.postgres_lock, places.redis_lock)
    while any(held_alone(lock) for lock in locks):
        if using.try_share():
            others = not using.try_alone()
            using.release()
            if others:
                return
        waiting.step("the embedded servers to stop")
