"""Finds the processes of the program: the worker of a job, its work-horse, and all that belong to a data folder."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import redis

from tests.processes import until


class Pair(NamedTuple):
    """A worker and the work-horse that does its job now."""

    worker: int
    horse: int

    def kill(self, whom: str) -> None:
        """Kill the horse, the worker, or both; whoever remains of a killed worker is no orphan for long."""
        pids = {"horse": (self.horse,), "worker": (self.worker,), "both": (self.horse, self.worker)}[whom]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def gone(self, whom: str) -> bool:
        """Whether nothing that a kill should end lives any more, the horse of a killed worker included."""
        wanted = (self.horse,) if whom == "horse" else self
        return until(lambda: not any(map(alive, wanted)), 2)


def working_on(connection: redis.Redis, job: str) -> Pair | None:
    """The worker that does a job now and its work-horse, or None between two jobs."""
    for key in connection.scan_iter(f"rq:job:{job}__*", count=1000):
        status, name = connection.hmget(key, "status", "worker_name")
        worker = name.decode() if isinstance(name, bytes) and status == b"started" else ""
        pid = connection.hget(f"rq:worker:{worker}", "pid")
        horses = children(int(pid)) if pid and alive(int(pid)) else []
        if pid and horses:
            return Pair(int(pid), horses[0])
    return None


def alive(pid: int) -> bool:
    """Whether a process lives and is no zombie."""
    found = _stat(Path("/proc", str(pid)))
    return bool(found) and found[0] not in "ZX"


def children(parent: int) -> list[int]:
    """The processes that a process's first thread has forked or started."""
    with suppress(OSError):
        found = Path("/proc", str(parent), "task", str(parent), "children").read_text(encoding="ascii")
        return [pid for pid in map(int, found.split()) if alive(pid)]
    return []


def _stat(process: Path) -> list[str]:
    """A process's state, parent and so on (proc(5)); empty once it has gone."""
    with suppress(OSError):
        return (process / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    return []


def of_folder(folder: Path) -> dict[int, str]:
    """The living processes, by id, that name the folder in their command line or environment, or are at home in it."""
    processes = [path for path in Path("/proc").iterdir() if path.name.isdigit() and int(path.name) != os.getpid()]
    return {int(path.name): _command(path) for path in processes if _belongs(path, folder) and alive(int(path.name))}


def _belongs(process: Path, folder: Path) -> bool:
    wanted = os.fsencode(folder)
    with suppress(OSError):
        if wanted in (process / "cmdline").read_bytes() or wanted in (process / "environ").read_bytes():
            return True
        return os.fsencode((process / "cwd").readlink()).startswith(wanted)
    return False


def _command(process: Path) -> str:
    with suppress(OSError):
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    return ""
