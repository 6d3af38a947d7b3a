"""The keeper of one data folder: starts PostgreSQL and Redis, and stops them when their last user is gone.

It is a process of its own (`python -m database.embedded DATA`), because of several users any may die first and
in any way. Users share a lock that the kernel frees with them; the keeper stops when it gets that lock alone.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from database.embedded import account as accounts
from database.embedded import postgres, redis_server
from database.embedded.errors import EmbeddedError, ServerFailedError
from database.embedded.locks import Lock
from database.embedded.places import Places, choose_sockets, forget_sockets, note_sockets

if TYPE_CHECKING:
    from types import FrameType

    from database.embedded.server import Server

BUSY = 75  # exit code: another keeper lives (EX_TEMPFAIL of sysexits.h)
_STEP = 0.1  # seconds between two looks at users and servers
_TELL = 10.0  # seconds between two words about a long wait
_FAREWELL = 10.0  # seconds that users are given to leave when the keeper itself is asked to stop
_STOP_WITHIN = 300.0  # seconds for a last checkpoint before the servers are forced to stop
_MOST_DEATHS = 5  # of a server within _DEATHS_WITHIN seconds before the keeper gives up
_DEATHS_WITHIN = 120.0


class Keeper:
    """Holds the locks and the servers of one data folder for as long as anybody uses them."""

    def __init__(self, places: Places, *, durable: bool) -> None:
        self._users = Lock(places.users_lock)
        self._ready = Lock(places.ready_lock)
        self._asked_at: float | None = None
        self._deaths: list[float] = []
        self._places = places
        self._servers = _servers(places, durable=durable)

    def keep(self) -> None:
        """Run the servers until nobody uses them. Raises ServerFailedError."""
        signal.signal(signal.SIGTERM, self._ask)
        try:
            while self._start_all():
                self._ready.wait_alone()
                if not self._watch():
                    return
                self._ready.release()
        finally:
            self._ready.release()
            self._stop_all()

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_at = self._asked_at or time.monotonic()

    def _start_all(self) -> bool:
        """Start what does not run, all at once; False once nobody waits for it."""
        for server in self._servers:
            if not server.alive():
                if not self._wait_claimed(server):
                    return False
                server.start()
        return all(server.wait_ready(self._abandoned) for server in self._servers)

    def _wait_claimed(self, server: Server) -> bool:
        """Wait for the end of what is left of a killed server; False once nobody waits for it."""
        told = time.monotonic()
        while not server.claim():
            if self._abandoned():
                return False
            if time.monotonic() - told > _TELL:
                told = time.monotonic()
                say(f"{server.name} waits for the last session of a killed one to end.")
            time.sleep(_STEP)
        return True

    def _watch(self) -> bool:
        """Wait: True when a server has died and is to be started again, False when nobody is left."""
        while not self._abandoned():
            dead = [server for server in self._servers if not server.alive()]
            if dead:
                self._count_death(dead[0])
                return True
            time.sleep(_STEP)
        return False

    def _count_death(self, server: Server) -> None:
        now = time.monotonic()
        self._deaths = [death for death in self._deaths if now - death < _DEATHS_WITHIN] + [now]
        say(f"{server.name} died and is started again.")
        if len(self._deaths) > _MOST_DEATHS:
            raise ServerFailedError(f"{server.name} keeps dying; see {server.log}.")

    def _abandoned(self) -> bool:
        """Whether to stop: no user is left, the data folder is gone, or the system asked and its patience ended."""
        if self._asked_at is not None and time.monotonic() - self._asked_at > _FAREWELL:
            return True
        return self._users.try_alone() or self._users.removed()

    def _stop_all(self) -> None:
        for server in self._servers:
            server.ask_to_stop()
        for server in self._servers:
            server.wait_stopped(_STOP_WITHIN)
        forget_sockets(self._places)


def _servers(places: Places, *, durable: bool) -> list[Server]:
    account = accounts.choose(places)
    if account.notice:
        say(account.notice)
    sockets = choose_sockets(account.home, account.owner)
    note_sockets(places, sockets)
    postgres.prepare(account, durable=durable)
    return [
        postgres.server(account, places, sockets, durable=durable),
        redis_server.server(account, places, sockets, durable=durable),
    ]


def _pass_over(_number: int, _frame: FrameType | None) -> None:
    """Take a key pressed in a terminal for what it is: meant for the users, who leave."""


def say(words: str) -> None:
    """Write for people: the user who started the keeper passes it on to its own terminal."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def main(arguments: list[str]) -> int:
    """Keep the servers of one data folder; zero when their last user has left, `BUSY` when another keeper lives."""
    folder, *options = arguments
    os.closerange(3, 1024)  # whatever the starter had open must not be held for hours
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _pass_over)  # not SIG_IGN, which the servers would inherit
    places = Places(Path(folder))
    with Lock(places.keeper_lock) as alone:
        if not alone.try_alone():
            return BUSY
        try:
            Keeper(places, durable="--not-durable" not in options).keep()
        except (EmbeddedError, OSError) as error:
            say(str(error))
            return 1
    return 0
