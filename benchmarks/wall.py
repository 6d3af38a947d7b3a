"""(e) What the second wall costs: the same pages with row-level security and without, for three widths of sight."""

import datetime as dt
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Row, TextClause, text
from sqlalchemy.orm import Session

from benchmarks.pages import application
from benchmarks.scene import TODAY, Scene
from database.acting import Acting, act
from database.connect import Role
from dues.access import sessions
from dues.access.grants import give
from dues.access.roles import BUILT_IN, lay_out_roles, role_id
from dues.access.staff import add_staff
from dues.actor import COMMAND_LINE

VISITS: Final = 30
ROUNDS: Final = 3
COUNTS: Final = 5
_WARMING: Final = 3
_WORD: Final = "a wall that is measured"

WALLED: Final = text(
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relforcerowsecurity ORDER BY 1"
)
# A part of the organisation with about two hundred groups, and a group with as many members as most have.
REGION: Final = text("""
SELECT g.id, g.slug, count(*) AS groups
FROM groups g
JOIN groups below ON below.path ^@ g.path
WHERE g.parent_id IS NOT NULL
GROUP BY g.id
ORDER BY abs(count(*) - 200), g.id
LIMIT 1
""")
LEAF: Final = text("""
SELECT id, slug, 1 AS groups
FROM (
    SELECT g.id, g.slug, row_number() OVER (ORDER BY count(*), g.id) AS place, count(*) OVER () AS places
    FROM groups g
    JOIN membership m ON m.group_id = g.id
    WHERE g.path ^@ (SELECT path FROM groups WHERE id = :region)
    GROUP BY g.id
) sized
WHERE place = (places + 1) / 2
""")
SAMPLES: Final = text("""
SELECT p.uuid, p.given_name, p.family_name, p.email
FROM membership m
JOIN person p ON p.id = m.person_id
WHERE m.group_id = :group AND p.email <> ''
ORDER BY m.id
LIMIT :visits
""")
IN_SCOPE: Final = " WHERE group_id = ANY (ARRAY(SELECT group_id FROM my_groups))"
# How a group's house counts those who go on; the centre's lists count rows.
ON_ROLL: Final = text("SELECT going_on('', 1000000000)")


@dataclass(frozen=True)
class Width:
    """Somebody who sees a part of the organisation: what it is called, how many groups, and where its pages begin."""

    name: str
    groups: int
    client: FlaskClient
    acting: Acting
    base: str
    samples: list[Row[Any]]


def measure_wall(scene: Scene) -> dict[str, Any]:
    """Visit each page with the wall and without it, in turns, and return milliseconds (median) and their ratio."""
    widths = _widths(scene, application(scene))
    report: dict[str, Any] = {}
    for width in widths:
        for name, address in _pages(width).items():
            report[f"{width.name}: {name}"] = _compared(scene, partial(_visited, width, address))
        for table in ("membership", "invoice"):
            rows = text(f"SELECT count(*) FROM {table}" + ("" if width.acting.everything else IN_SCOPE))
            report[f"{width.name}: count of {table}s"] = _compared(scene, partial(_counted, scene, width, rows))
        report[f"{width.name}: members as counted"] = _compared(scene, partial(_counted, scene, width, ON_ROLL))
    report["groups"] = {width.name: width.groups for width in widths}
    return report


def _compared(scene: Scene, work: Callable[[], float]) -> dict[str, float]:
    walled, open_ = [], []
    for _ in range(ROUNDS):
        walled.append(work())
        with _without(scene):
            open_.append(work())
    with_it, without = min(walled), min(open_)
    return {"ms": round(with_it, 2), "ms_without": round(without, 2), "ratio": round(with_it / without, 2)}


@contextmanager
def _without(scene: Scene) -> Iterator[None]:
    with scene.database.owner.connect() as connection:
        tables = connection.scalars(WALLED).all()
    _each(scene, tables, "DISABLE")
    try:
        yield
    finally:
        _each(scene, tables, "ENABLE")


def _each(scene: Scene, tables: Any, what: str) -> None:
    with scene.database.owner.begin() as connection:
        for table in tables:
            connection.execute(text(f"ALTER TABLE {table} {what} ROW LEVEL SECURITY"))


def _pages(width: Width) -> dict[str, Callable[[Row[Any]], str]]:
    base = width.base
    return {
        "list": lambda _one: base,
        "search by name": lambda one: f"{base}?q={one.given_name}+{one.family_name}",
        "search by e-mail address": lambda one: f"{base}?q={one.email}",
        "file of a person": lambda one: f"{base}{one.uuid}",
    }


def _visited(width: Width, address: Callable[[Row[Any]], str]) -> float:
    took = []
    for one in width.samples[:_WARMING] + width.samples:
        started = time.perf_counter()
        answer = width.client.get(address(one))
        took.append((time.perf_counter() - started) * 1000)
        if answer.status_code != 200:  # noqa: PLR2004 -- a page
            raise RuntimeError(f"{address(one)} answered {answer.status_code}")
    return statistics.median(took[_WARMING:])


def _counted(scene: Scene, width: Width, count: TextClause) -> float:
    took = []
    with scene.database.opener(Role.STAFF)() as session:
        act(session, width.acting)
        for _ in range(COUNTS):
            started = time.perf_counter()
            session.execute(count)
            took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took)


def _widths(scene: Scene, app: Flask) -> list[Width]:
    with scene.database.unit_of_work(Role.JOBS) as session:
        lay_out_roles(session)
        region = session.execute(REGION).one()
        leaf = session.execute(LEAF, {"region": region.id}).one()
        samples = list(session.execute(SAMPLES, {"group": leaf.id, "visits": VISITS}).all())
        whole = session.scalar(text("SELECT count(*) FROM groups")) or 0
        logins = {
            name: _hired(session, name, group)
            for name, group in {"centre": None, "region": region.id, "group": leaf.id}.items()
        }
    made = [
        ("centre", whole, "/admin/persons/"),
        ("region", region.groups, f"/group/{region.slug}/members/"),
        ("group", 1, f"/group/{leaf.slug}/members/"),
    ]
    return [
        Width(name, groups, _let_in(app, logins[name][1]), logins[name][0], base, samples)
        for name, groups, base in made
    ]


def _hired(session: Session, name: str, group: int | None) -> tuple[Acting, str]:
    staff = add_staff(session, name=name, email=f"{name}@example.org", password=_WORD, language="en")
    for role in BUILT_IN:
        give(
            session,
            staff_id=staff.id,
            role_id=role_id(session, role.slug),
            group_id=group,
            from_on=TODAY,
            by=COMMAND_LINE,
        )
    now = dt.datetime.now(dt.UTC)
    _, token = sessions.begin(session, staff_id=staff.id, strong=True, device="bench", address="127.0.0.1", now=now)
    return Acting(f"staff:{staff.id}", user=staff.id, everything=group is None), token


def _let_in(app: Flask, token: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client
