"""What jobs work with, on servers of the test's own; nothing of RQ runs unless a test starts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobs.house import House, bind
from jobs.queues import Queues
from jobs.stopping import wish
from settings import Settings
from wiring import bind_kinds, renderers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from database.connect import Database
    from dues.delivery.models import Channel
    from dues.delivery.post import Carrier


@pytest.fixture
def carriers() -> dict[Channel, Carrier]:
    """The channels there are; none unless a test adds them."""
    return {}


@pytest.fixture
def house(committing: Database, redis_url: str, tmp_path: Path, carriers: dict[Channel, Carrier]) -> Iterator[House]:
    """Bound as the application binds it in a worker."""
    settings = Settings.from_env(
        {"DATABASE_URL": committing.owner_url, "REDIS_URL": redis_url, "KONTINGENT_DATA": str(tmp_path / "var")}
    )
    settings.inbox.mkdir(parents=True)
    bind_kinds()
    found = House(settings, committing, Queues(redis_url), lambda: carriers, renderers(settings))
    bind(found)
    yield found
    wish.forget()
