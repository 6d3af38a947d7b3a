"""The same doors with the Python checks switched off: what is not theirs is neither shown nor changed all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rights.walk import Walker, web
from tests.rights.wall import holes, unguarded
from tests.web.unlimited import unlimited

if TYPE_CHECKING:
    from pathlib import Path

    from tests.rights.world import World


@pytest.mark.parametrize("who", ["north", "ended"])
def test_the_database_shows_and_changes_only_what_is_theirs(world: World, tmp_path: Path, who: str) -> None:
    with unlimited():
        found = holes(Walker(unguarded(web(world, tmp_path)), world, world.users[who]))
    assert not found, "\n".join(found)
