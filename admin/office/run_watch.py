"""How far a run is, told as it happens: by server-sent events, or to whoever asks every few seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify

from admin.office import run_words
from admin.office.run_found import run_or_stop
from database.connect import OpenSession
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.runs.listing import Standing, standing
from language import Language
from web.house import begin_anew, opener, session
from web.speech import reader
from web.streams import News, stream

doors = Blueprint("run_watch", __name__, url_prefix="/admin/runs")


@dataclass(slots=True)
class Watcher:
    """Looks at a run again and again, each time in a transaction of its own; remembers where the phase began."""

    open_session: OpenSession
    run_id: int
    language: Language
    phase: str = ""
    since: float = 0.0
    done: int = 0

    def look(self, passed: float) -> News | None:
        """Return how far the run is, ``passed`` seconds after the first look; None where it is gone."""
        with self.open_session() as own:
            found = standing(own, run_id=self.run_id)
        if found is None:
            return None
        if found.phase != self.phase:
            self.phase, self.since, self.done = found.phase, passed, found.done
        left = run_words.seconds_left(
            passed=passed - self.since, done_before=self.done, done=found.done, total=found.total
        )
        return News(told(self.language, found, left=left), last=found.rests)


def told(language: Language, found: Standing, *, left: int | None = None) -> Mapping[str, Any]:
    """Return what a page is told of a run."""
    return {
        "state": found.state.value,
        "rests": found.rests,
        "doing": run_words.phase(language, found.kind, found.phase),
        "words": run_words.progress(language, done=found.done, total=found.total, left=left),
        "done": found.done,
        "total": found.total,
    }


@doors.get("/<uuid:public_id>/events")
@permission(Permission.RUNS_READ)
def events(public_id: UUID) -> Response:
    """Tell how far a run is until it rests; hold neither connection nor transaction between two looks."""
    run_id = run_or_stop(public_id).id
    watcher = Watcher(opener(), run_id, reader())
    begin_anew()
    return stream(watcher.look)


@doors.get("/<uuid:public_id>/progress")
@permission(Permission.RUNS_READ)
def progress(public_id: UUID) -> Response:
    """Tell how far a run is, once: for whoever finds no stream free."""
    found = standing(session(), run_id=run_or_stop(public_id).id)
    return jsonify(told(reader(), found) if found else {})
