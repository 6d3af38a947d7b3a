"""File locks that say who lives: the kernel frees them when their holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path


class Lock:
    """An advisory lock (flock) on a file that is made when absent and never removed; free it with `close`.

    A process that forks shares its locks with the child until both have closed them or died.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def try_share(self) -> bool:
        """Hold the lock beside others who share it; False if somebody holds it alone."""
        return self._try(fcntl.LOCK_SH)

    def try_alone(self) -> bool:
        """Hold the lock alone; False if anybody else holds it."""
        return self._try(fcntl.LOCK_EX)

    def wait_alone(self) -> None:
        """Hold the lock alone, waiting for the others."""
        fcntl.flock(self.fd, fcntl.LOCK_EX)

    def release(self) -> None:
        """Let go, keeping the file open."""
        fcntl.flock(self.fd, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go for good."""
        os.close(self.fd)

    def removed(self) -> bool:
        """Whether the file has gone from its place, so that the lock no longer means anything to others."""
        try:
            return not os.path.samestat(self.path.stat(), os.fstat(self.fd))
        except FileNotFoundError:
            return True

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self.fd, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def held_alone(path: Path) -> bool:
    """Whether somebody holds the lock on `path` alone right now."""
    with Lock(path) as lock:
        return not lock.try_share()
