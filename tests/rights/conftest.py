"""The world of the proof, built once for each module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rights.world import World, build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import TestServers


@pytest.fixture(scope="module")
def world(servers: TestServers) -> Iterator[World]:
    """Everybody, and everything they may ask for."""
    with servers.copy() as database:
        built = build(database)
        yield built
        built.database.dispose()
