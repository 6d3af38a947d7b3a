"""(f) A run as people live with it: preview, confirm and undo against the floor, and what pages cost meanwhile."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from benchmarks.apart import drive_apart
from benchmarks.floor import issue_floor
from benchmarks.meter import Measured
from benchmarks.pages import application, logged_in
from benchmarks.scene import TODAY, Scene
from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.invoicing.issue import start_issue
from dues.invoicing.undo import start_undo
from dues.runs.models import Run, RunPreview
from dues.runs.start import confirm

QUIET: Final = 150
"""Visits before the run begins, with which those during the run are compared."""
_WARMING: Final = 10
_PAUSE: Final = 0.1
_STEP: Final = 7919

PERSON: Final = text("SELECT uuid FROM person WHERE id = :id")
GROUP: Final = text("""
SELECT g.slug FROM membership m JOIN groups g ON g.id = m.group_id WHERE g.joinable ORDER BY m.id LIMIT 1
""")


@dataclass(slots=True)
class Visitor:
    """Somebody who goes from page to page; milliseconds by the name of the page."""

    client: FlaskClient
    pages: Sequence[tuple[str, Callable[[int], str]]]
    took: dict[str, list[float]] = field(default_factory=dict)

    def visit(self, number: int) -> None:
        """Visit the next page and remember how long it took."""
        name, address = self.pages[number % len(self.pages)]
        path = address(number)
        started = time.perf_counter()
        answer = self.client.get(path)
        self.took.setdefault(name, []).append((time.perf_counter() - started) * 1000)
        if answer.status_code != 200:  # noqa: PLR2004 -- a page
            raise RuntimeError(f"{path} answered {answer.status_code}")

    def medians(self) -> dict[str, float]:
        """Return the median of each page, and start afresh."""
        found = {name: statistics.median(took) for name, took in self.took.items()}
        self.took.clear()
        return found


def measure_running(scene: Scene) -> dict[str, Any]:
    """Preview, confirm as seen and undo everything that is due, with visitors at the desk and on the public site."""
    visitor = _visitor(scene, application(scene))
    for number in range(_WARMING):
        visitor.visit(number)
    visitor.medians()
    for number in range(QUIET):
        visitor.visit(number)
        time.sleep(_PAUSE / 4)
    quiet = visitor.medians()
    with _visiting(visitor):
        run = _started(scene)
        preview = _driven(scene, run)
        _confirm(scene, run)
        confirmed = _driven(scene, run)
    busy = visitor.medians()
    items = _done(scene, run)
    scene.rest()
    floor = issue_floor(scene.database.owner, scene.meter)
    scene.rest()
    undoing = _undoing(scene, run)
    shown = _driven(scene, undoing)
    _confirm(scene, undoing)
    undone = _driven(scene, undoing)
    return {
        "items": items,
        "floor_seconds": round(floor.wall, 2),
        **_against(floor, items, {"preview": preview, "confirm": confirmed, "undo_preview": shown, "undo": undone}),
        "slower": {name: round(busy[name] / quiet[name], 2) for name in quiet if name in busy},
        "quiet_ms": {name: round(value, 1) for name, value in quiet.items()},
        "busy_ms": {name: round(value, 1) for name, value in busy.items()},
    }


def _against(floor: Measured, items: int, works: dict[str, Measured]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, work in works.items():
        found[f"{name}_seconds"] = round(work.wall, 2)
        found[f"{name}_ratio"] = round(work.wall / floor.wall, 2)
        found[f"{name}_cpu_us_per_item"] = round(work.cpu / items * 1e6, 1)
    return found


def _driven(scene: Scene, run: int) -> Measured:
    with scene.meter.measure() as measured:
        drive_apart(scene.database, run)
    return measured


def _started(scene: Scene) -> int:
    with scene.database.unit_of_work(Role.JOBS) as session:
        return start_issue(session, on=TODAY, by=COMMAND_LINE).id


def _undoing(scene: Scene, run: int) -> int:
    with scene.database.unit_of_work(Role.JOBS) as session:
        return start_undo(session, run_id=run, on=TODAY, by=COMMAND_LINE).id


def _confirm(scene: Scene, run: int) -> None:
    with scene.database.unit_of_work(Role.JOBS) as session:
        confirm(session, run_id=run, seen=session.get_one(RunPreview, run).fingerprint)


def _done(scene: Scene, run: int) -> int:
    with scene.open_session() as session:
        return int(session.get_one(Run, run).result["issued"])


@contextmanager
def _visiting(visitor: Visitor) -> Iterator[None]:
    """Let somebody visit ten pages a second until the block ends; a page that fails fails the measurement."""
    over, failed = threading.Event(), list[Exception]()

    def work() -> None:
        number = 0
        try:
            while not over.wait(_PAUSE):
                visitor.visit(number := number + 1)
        except Exception as error:  # noqa: BLE001 -- raised again by whoever measures
            failed.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    if failed:
        raise failed[0]


def _visitor(scene: Scene, app: Flask) -> Visitor:
    with scene.open_session() as session:
        slug = session.scalar(GROUP)
        drawn = [session.scalar(PERSON, {"id": number * _STEP % scene.persons + 1}) for number in range(1, 200)]
    persons = [one for one in drawn if one is not None]
    client = logged_in(app, scene)
    app.config["WTF_CSRF_ENABLED"] = True  # the form of joining holds its token
    return Visitor(
        client,
        (
            ("desk: person", lambda number: f"/admin/persons/{persons[number % len(persons)]}"),
            ("desk: persons", lambda _number: "/admin/persons/"),
            ("desk: invoices", lambda _number: "/admin/invoices/"),
            ("public: find a group", lambda _number: "/"),
            ("public: join", lambda _number: f"/join/{slug}"),
        ),
    )
