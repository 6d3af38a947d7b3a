"""How much memory this process may count on, in bytes."""

from __future__ import annotations

import os
from pathlib import Path

_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def available() -> int:
    """Physical memory, or the limit of the container where that is lower."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([physical, *(limit for path in _CGROUP_LIMITS if (limit := _limit(path)))])


def _limit(path: Path) -> int | None:
    try:
        text = path.read_text(encoding="ascii").strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


def shared_available() -> int:
    """Size of `/dev/shm`, zero where there is none; containers often give 64 MB."""
    try:
        found = os.statvfs("/dev/shm")  # noqa: S108  # only measured
    except OSError:
        return 0
    return found.f_frsize * found.f_blocks
