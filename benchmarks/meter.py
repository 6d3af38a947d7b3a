"""Measures a piece of work: wall time, and the CPU time of our processes and of the database server."""

import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Measured:
    """Seconds: on the wall, and of CPU in this process (with children that ended) and in the database server.

    The figures are there when `stop` was called, at the latest when the block that is measured ends.
    """

    read: Callable[[], tuple[float, float, float]]
    wall: float = 0.0
    client: float = 0.0
    database: float = 0.0
    stopped: bool = False
    marks: dict[str, float] = field(default_factory=dict)
    _began: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        self._began = self.read()

    def stop(self) -> None:
        """Take the figures; what comes after the first time is not measured."""
        if not self.stopped:
            now = self.read()
            self.wall, self.client, self.database = (at - began for at, began in zip(now, self._began, strict=True))
            self.stopped = True

    @property
    def cpu(self) -> float:
        """CPU seconds of client and database together."""
        return self.client + self.database

    def per_item(self, items: int) -> dict[str, float]:
        """Return the figures that are published: items a second and microseconds of CPU an item."""
        return {
            "seconds": round(self.wall, 2),
            "per_second": round(items / self.wall),
            "per_cpu_second": round(items / self.cpu),
            "cpu_us_per_item": round(self.cpu / items * 1e6, 1),
        }


@dataclass(frozen=True, slots=True)
class Meter:
    """Knows the database server of a data folder by its postmaster."""

    postmaster: int

    @classmethod
    def of(cls, data: Path) -> "Meter":
        """Find the server that keeps its files in a data folder."""
        return cls(int((data / "postgres" / "postmaster.pid").read_text().splitlines()[0]))

    @contextmanager
    def measure(self) -> Iterator[Measured]:
        """Measure what the block does; the figures are there when it ends."""
        found = Measured(self._clocks)
        try:
            yield found
        finally:
            found.stop()

    def _clocks(self) -> tuple[float, float, float]:
        return time.perf_counter(), time.process_time() + _children_seconds(), self._database_seconds()

    def _database_seconds(self) -> float:
        """CPU seconds of the postmaster, of the children it has now, and of those that are gone."""
        ticks = 0
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                ticks += self._ticks(entry)
        return ticks / TICK

    def _ticks(self, entry: Path) -> int:
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0
        # proc(5): after the name come state, parent, ...; user, system, and those of children waited for are 14-17.
        if int(entry.name) == self.postmaster:
            return sum(int(value) for value in fields[11:15])
        return sum(int(value) for value in fields[11:13]) if int(fields[1]) == self.postmaster else 0


def _children_seconds() -> float:
    """CPU seconds of the children of this process that are gone; the database server is none of them yet."""
    spent = os.times()
    return spent.children_user + spent.children_system


def peak_megabytes() -> int:
    """Return the most memory this process has ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
