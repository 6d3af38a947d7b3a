"""Every door, knocked at by everybody: each answers as the table says, and says no more to who may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dues.access.roles import BUILT_IN
from tests.rights.holders import HOLD
from tests.rights.table import DOORS
from tests.rights.walk import Walker, findings, lines_of, web
from tests.web.unlimited import unlimited

if TYPE_CHECKING:
    from flask import Flask

    from tests.rights.walk import Forms
    from tests.rights.world import World

ROLES = tuple(role.slug for role in BUILT_IN)
OTHERS = ("anonymous", "north", "south", "above", "everything", "disabled", "ended")


def test_every_door_and_every_method_has_its_line_in_the_table(app: Flask) -> None:
    assert lines_of(app) == set(DOORS), "say in tests/rights/table.py who may pass"


def test_roles_hold_what_the_table_says() -> None:
    held = {role.slug: {str(one) for one in role.permissions} for role in BUILT_IN}
    assert held == {role: {name for name, holders in HOLD.items() if role in holders} for role in ROLES}


def test_there_is_one_of_each_thing_that_doors_ask_for(world: World) -> None:
    assert not [kind for kind, names in world.things.items() if "None" in names]


@pytest.fixture(scope="module")
def app(world: World, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application before the world; everybody knocks at the same doors."""
    return web(world, tmp_path_factory.mktemp("doors"))


@pytest.fixture(scope="module")
def forms() -> Forms:
    """The forms that pages show; everybody sends the same ones."""
    return {}


@pytest.mark.parametrize("who", [*OTHERS, *ROLES])
def test_doors_answer_as_the_table_says(app: Flask, world: World, forms: Forms, who: str) -> None:
    with unlimited():
        found = findings(Walker(app, world, world.users[who], forms))
    assert not found, "\n".join(found)
