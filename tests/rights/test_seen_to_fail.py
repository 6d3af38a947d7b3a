"""The proof is proven: with one policy, one check or one declaration less, it says where."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from flask import abort
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
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from flask import Flask

    from tests.rights.world import World


@contextmanager
def without_wall(world: World, *tables: str) -> Iterator[None]:
    """Take the wall of some tables down for a while."""
    _switch(world, tables, "DISABLE")
    try:
        yield
    finally:
        _switch(world, tables, "ENABLE")


def _switch(world: World, tables: Collection[str], how: str) -> None:
    world.database.undo()  # what the web still holds would be waited for
    with world.database.owner.begin() as owner:
        for table in tables:
            owner.execute(text(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY"))


def gaps(world: World, folder: Path, *doors: str) -> dict[str, set[str]]:
    """Return the doors at which the wall alone does not hold, and what happens there."""
    with unlimited():
        found = holes(Walker(unguarded(web(world, folder)), world, world.users["north"]), only=doors)
    said: dict[str, set[str]] = {}
    for one in found:
        _who, door, fault, *_ = one.split(": ")
        said.setdefault(door.rpartition(" (")[0], set()).add(fault.split()[0])
    return said


@pytest.mark.parametrize(
    ("table", "door", "says"),
    [
        ("person", "find.find", "shows"),
        ("groups", "groups.index_view", "shows"),
        ("run", "runs.runs", "shows"),
        ("run", "POST run_do.discard", "changes"),
        ("bank_file", "bank_files.files", "shows"),
    ],
)
def test_a_table_without_its_policies_is_noticed(
    world: World, tmp_path: Path, table: str, door: str, says: str
) -> None:
    with without_wall(world, table):
        assert says in gaps(world, tmp_path, door).get(door, set())
    assert gaps(world, tmp_path, door) == {}


def test_without_any_policy_every_page_shows_what_is_not_theirs(world: World, tmp_path: Path) -> None:
    shows = ("persons.index_view", "person.file", "invoices.index_view", "bill.page", "bill.pdf", "messages.index_view")
    changes = ("POST person_details.change", "POST bill_hold.hold", "POST bill_credit.credit", "POST queue.book")
    with world.database.owner.connect() as owner:
        walled = owner.scalars(text("SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity")).all()
    with without_wall(world, *walled):
        found = gaps(world, tmp_path, *shows, *changes)
    assert {door for door, faults in found.items() if "shows" in faults} >= {*shows}
    assert {door for door, faults in found.items() if "changes" in faults} == {*changes}


def noticed(app: Flask, world: World, who: str, *doors: str) -> set[str]:
    """Return the doors at which the proof says that something is wrong."""
    with unlimited():
        found = findings(Walker(app, world, world.users[who]), only=doors)
    return {one.split(": ")[1] for one in found}


def test_a_keeper_who_does_not_ask_is_noticed(world: World, tmp_path: Path) -> None:
    app = web(world, tmp_path)
    keep(app, Kind.PERMISSION, lambda _access: None if clerk() else abort(404))
    doors = ("bill.page", "POST person_details.change", "queue.pile")
    assert noticed(app, world, "support", *doors) == {*doors}
    assert noticed(app, world, "anonymous", "messages.index_view") == {"messages.index_view"}  # not led to the entrance


def declared_otherwise(app: Flask, door: str, declares: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Let a door say something else of who may pass."""
    view = app.view_functions[door]

    def passed_by(**values: object) -> Any:
        return view(**values)

    app.view_functions[door] = declares(passed_by)


def test_a_door_that_asks_for_too_little_is_noticed(world: World, tmp_path: Path) -> None:
    app = web(world, tmp_path)
    declared_otherwise(app, "bill.pdf", staff())
    assert noticed(app, world, "support", "bill.pdf") == {"bill.pdf"}


def test_a_door_that_asks_for_too_much_is_noticed(world: World, tmp_path: Path) -> None:
    app = web(world, tmp_path)
    declared_otherwise(app, "bill.page", permission(Permission.ROLES_EDIT))
    assert noticed(app, world, "cashier", "bill.page") == {"bill.page"}


def test_a_route_without_a_line_is_noticed(world: World, tmp_path: Path) -> None:
    app = web(world, tmp_path)
    app.add_url_rule("/admin/new-door", "new_door", staff()(lambda: "x"), methods=["GET", "POST"])
    assert lines_of(app) - set(DOORS) == {"new_door", "POST new_door"}
