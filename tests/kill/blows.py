"""Strikes runs at chosen moments, seen in the database and not guessed by the clock, and waits for their end."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import psycopg

from tests.kill.processes import working_on
from tests.processes import in_time

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.kill.town import Town

WITHIN: Final = 60.0
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
    strike: Callable[[], bool]
    struck: float = 0.0
    stood: Stand | None = None
    seconds: float = 0.0


def kill(town: Town, run: int, whom: str) -> Callable[[], bool]:
    """Kill who works on a run: the work-horse, its worker, or both; False when nobody is found at it just then."""

    def strike() -> bool:
        with town.redis_line() as connection:
            pair = working_on(connection, f"drive_run-{run}")
        if pair is None:
            return False
        pair.kill(whom)
        assert pair.gone(whom), f"a process has survived: {pair}"
        return True

    return strike


def suffer(town: Town, blows: Iterable[Blow]) -> None:
    """Let each blow fall when its moment comes, and wait until all runs are done; each must be in good time."""
    _watch(town, blows, _struck_and_over)


def strike(town: Town, blows: Iterable[Blow]) -> None:
    """Let each blow fall when its moment comes, and wait for nothing more."""
    _watch(town, blows, _struck)


def _watch(town: Town, blows: Iterable[Blow], over: Callable[[Blow, Stand], bool]) -> None:
    left = {blow.run: blow for blow in blows}
    start = time.monotonic()
    with closing(_Lookout(town)) as lookout:
        while left:
            assert in_time(time.monotonic() - start, _PATIENCE), f"{sorted(left)} are not done\n{town.said()}"
            for run, stand in lookout.stands(*left):
                assert stand.state in {"preparing", "working", "done"}, f"run {run} is {stand}\n{town.said()}"
                if over(left[run], stand):
                    del left[run]
            time.sleep(0.05 if all(blow.struck for blow in left.values()) else 0.004)


def _struck(blow: Blow, stand: Stand) -> bool:
    """Strike when it is time; tell whether that has happened."""
    if not blow.struck and blow.moment(stand):
        assert stand.state != "done", f"run {blow.run} was over before it was struck"
        if blow.strike():
            blow.struck, blow.stood = time.monotonic(), stand
    return blow.struck > 0


def _struck_and_over(blow: Blow, stand: Stand) -> bool:
    """Strike when it is time; tell whether the run has ended since, in good time."""
    if not _struck(blow, stand) or stand.state != "done":
        return False
    blow.seconds = time.monotonic() - blow.struck
    assert in_time(blow.seconds, WITHIN), f"run {blow.run} took {blow.seconds:.0f} s after it was struck"
    return True


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
            return [(row[0], Stand(*row[1:])) for row in self._line.execute(_LOOK, [list(runs)])]
        except psycopg.OperationalError:
            self.close()
            return []

    def close(self) -> None:
        """Let go."""
        if self._line is not None:
            self._line.close()
            self._line = None
