"""Strikes runs at chosen moments, seen in the database and not guessed by the clock, and waits for their end."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import psycopg
import redis

from tests.kill.processes import working_on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.kill.town import Town

WITHIN: Final = 40.0
"""Seconds after a blow in which work must have ended by itself; the promise is two minutes."""

_PATIENCE: Final = 80.0

_LOOK: Final = "SELECT id, state, phase, done FROM run WHERE id = ANY(%s)"


class Stand(NamedTuple):
    """How far a run is."""

    state: str
    phase: str
    done: int


Moment = Callable[[Stand], bool]

MOMENTS: Final[dict[str, Moment]] = {
    "previewed": lambda run: run.phase in {"check", "claim"},
    "claiming": lambda run: run.phase == "claim" and run.done > 0,
    "numbered": lambda run: run.phase == "write",
    "writing": lambda run: run.phase == "write" and run.done > 0,
}
"""Moments of an invoice run. One that is over before it is seen counts as come: the blow falls a little later."""


@dataclass
class Blow:
    """What happens to a run at a moment; then how the run stood, and how many seconds it took to end."""

    run: int
    moment: Moment
    strike: Callable[[], None]
    name: str = ""
    struck: float = 0.0
    stood: Stand | None = None
    seconds: float = 0.0


def kill(town: Town, run: int, whom: str) -> Callable[[], None]:
    """Kill who works on a run: the work-horse, its worker, or both."""

    def strike() -> None:
        with redis.Redis.from_url(town.redis_url) as connection:
            pair = working_on(connection, f"drive_run-{run}")
        assert pair is not None, f"nobody works on run {run}\n{town.said()}"
        pair.kill(whom)
        assert pair.gone(whom), f"a process has survived: {pair}"

    return strike


def suffer(town: Town, blows: Iterable[Blow], *, within: float = WITHIN) -> None:
    """Let each blow fall when its moment comes, and wait until all runs are done; each must be in good time."""
    left = {blow.run: blow for blow in blows}
    deadline = time.monotonic() + _PATIENCE
    with closing(_Lookout(town)) as lookout:
        while left:
            assert time.monotonic() < deadline, f"{sorted(left)} are not done\n{town.said()}"
            for run, stand in lookout.stands(*left):
                if _over(left[run], stand, lookout, town):
                    assert left[run].seconds < within, f"{left[run]} took long\n{town.said()}"
                    del left[run]
            time.sleep(0.05 if all(blow.struck for blow in left.values()) else 0.001)


def _over(blow: Blow, stand: Stand, lookout: _Lookout, town: Town) -> bool:
    """Strike when it is time; tell whether the run has ended since."""
    if not blow.struck and blow.moment(stand):
        blow.strike()
        blow.struck = time.monotonic()
        blow.stood = lookout.stand(blow.run)
        assert blow.stood.state != "done", f"{blow} came too late"
        return False
    if blow.struck and stand.state == "done":
        blow.seconds = time.monotonic() - blow.struck
        return True
    assert stand.state in {"preparing", "working"}, f"{blow} is {stand}\n{town.said()}"
    return False


class _Lookout:
    """Looks at runs over a connection of its own, which may break with the server."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._line: psycopg.Connection[tuple[int, str, str, int]] | None = None

    def stands(self, *runs: int) -> list[tuple[int, Stand]]:
        """How the runs stand now; nothing while the database is away."""
        try:
            if self._line is None:
                self._line = psycopg.connect(self._town.database.owner_url, autocommit=True)
            return [(run, Stand(*rest)) for run, *rest in self._line.execute(_LOOK, [list(runs)])]
        except psycopg.OperationalError:
            self.close()
            return []

    def stand(self, run: int) -> Stand:
        """How one run stands, waiting for a database that is away."""
        while not (found := self.stands(run)):
            time.sleep(0.05)
        return found[0][1]

    def close(self) -> None:
        """Let go."""
        if self._line is not None:
            self._line.close()
            self._line = None
