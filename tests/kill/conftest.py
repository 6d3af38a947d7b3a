"""Towns to be struck: on the run's servers, or on servers of a test's own that it may stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.kill.town import Town

if TYPE_CHECKING:
    from pathlib import Path

    from database.connect import Database


@pytest.fixture
def town(committing: Database, redis_url: str, tmp_path: Path) -> Town:
    """A town without people yet."""
    return Town(committing, redis_url, tmp_path / "var")
