"""The proof is proven: with one policy, one check or one declaration less, it says where."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from admin.user import clerk
from dues.access.declare import Kind, permission, staff
from dues.access.permissions import Permission
from tests.rights.table import DOORS
from tests.rights.walk import Walker, findings, lines_of, web
from tests.rights.wall import holes, unguarded
from tests.web.unlimited import unlimited
from web.guard import keep

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from tests.rights.world import World


@contextmanager
def without_policy(world: World, table: str) -> Iterator[None]:
    """Take the wall of one table down for a while."""
    world.database.undo()
    with world.database.owner.begin() as owner:
        owner.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
    try:
        yield
    finally:
        world.database.undo()
        with world.database.owner.begin() as owner:
            owner.execute(text(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"))


@pytest.mark.parametrize(
    ("table", "door", "says"),
    [
        ("invoice", "invoices.index_view", "shows"),
        ("person", "find.find", "shows"),
        ("membership", "memberships.index_view", "shows"),
        ("run", "POST run_do.discard", "changes"),
        ("bank_file", "bank_files.files", "shows"),
        ("own_text", "POST texts.edit_view", "changes"),
    ],
)
def test_a_table_without_its_policy_is_noticed(world: World, tmp_path: Path, table: str, door: str, says: str) -> None:
    with unlimited(), without_policy(world, table):
        found = holes(Walker(unguarded(web(world, tmp_path)), world, world.users["north"]), only=[door])
    assert any(f"{door} " in one and f"{says} what is not theirs" in one for one in found), found


def noticed(app: Flask, world: World, who: str, *doors: str) -> set[str]:
    """Return the doors at which the proof says that something is wrong."""
    with unlimited():
        found = findings(Walker(app, world, world.users[who]), only=doors)
    return {one.split(": ")[1] for one in found}


def test_a_keeper_who_does_not_ask_is_noticed(world: World, tmp_path: Path) -> None:
    app = web(world, tmp_path)
    keep(app, Kind.PERMISSION, lambda _access: None if clerk() else None)
    doors = ("bill.page", "POST person_details.change", "journal.index_view")
    assert noticed(app, world, "support", *doors) == {*doors}
    assert noticed(app, world, "anonymous", "messages.index_view") == {"messages.index_view"}


def test_a_door_that_asks_for_too_little_is_noticed(world: World, tmp_path: Path) -> None:
    app = web(world, tmp_path)
    view = app.view_functions["bill.pdf"]

    def passed_by(**values: object) -> object:
        return view(**values)

    app.view_functions["bill.pdf"] = staff()(passed_by)
    assert noticed(app, world, "support", "bill.pdf") == {"bill.pdf"}


def test_a_door_that_asks_for_too_much_is_noticed(world: World, tmp_path: Path) -> None:
    app = web(world, tmp_path)
    view = app.view_functions["bill.page"]

    def passed_by(**values: object) -> object:
        return view(**values)

    app.view_functions["bill.page"] = permission(Permission.ROLES_EDIT)(passed_by)
    assert noticed(app, world, "cashier", "bill.page") == {"bill.page"}


def test_a_route_without_a_line_is_noticed(world: World, tmp_path: Path) -> None:
    app = web(world, tmp_path)
    app.add_url_rule("/admin/new-door", "new_door", staff()(lambda: "x"), methods=["GET", "POST"])
    assert lines_of(app) - set(DOORS) == {"new_door", "POST new_door"}
