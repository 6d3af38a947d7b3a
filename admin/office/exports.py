"""My exports: lists that one takes out of the house, how far their files are, and the files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from admin.keeper import lacks_second_factor
from admin.office import run_words
from admin.office.run_page import Card
from admin.office.run_watch import Watcher, told
from admin.user import require
from dues.access.declare import staff
from dues.groups.find import group_names
from dues.lists.ledgers import LEDGERS
from dues.lists.models import Export, Format
from dues.lists.pieces import erase, kept, note_taken
from dues.lists.queries import exports_of, find_export
from dues.runs.listing import standing
from dues.runs.models import Run, RunState
from language import gettext_noop as _
from web.house import begin_anew, commit, house, opener, session
from web.notes import note
from web.speech import gettext, ngettext, pgettext, reader
from web.states import State
from web.streams import stream

doors = Blueprint("exports", __name__, url_prefix="/admin/exports")

_SHOWN: Final = 100
_TYPES: Final = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_MOVES: Final = (RunState.PREPARING, RunState.WORKING)


@dataclass(frozen=True, slots=True)
class Shown:
    """A list that was taken out, as pages show it; ``ready`` says that its file is there for whoever asks."""

    export: Export
    run: Run
    name: str
    group: str
    begun: str
    state: State
    ready: bool

    @property
    def size(self) -> str:
        """How large the file is."""
        size = self.export.size or 0
        kilo = max(round(size / 1000), 1)
        return f"{reader().number(kilo)} kB" if kilo < 1000 else f"{reader().number(round(kilo / 1000))} MB"  # noqa: PLR2004


@doors.get("/", endpoint="listed")
@staff()
def listed() -> str:
    """Show what one has taken out, newest first."""
    found = exports_of(session(), staff_id=require().id, limit=_SHOWN)
    return render_template("admin/exports/list.html", exports=_shown(found), days=house().settings.export_days)


@doors.get("/<uuid:public_id>", endpoint="page")
@staff()
def page(public_id: UUID) -> str:
    """Show how far a file is, what is in it, and where it is."""
    found = _found(public_id)
    (one,) = _shown([found])
    return render_template("admin/exports/page.html", one=one, card=_card(one), days=house().settings.export_days)


@doors.get("/<uuid:public_id>/events")
@staff()
def events(public_id: UUID) -> Response:
    """Tell how far a file is until it rests; hold neither connection nor transaction between two looks."""
    watcher = Watcher(opener(), _found(public_id)[1].id, reader())
    begin_anew()
    return stream(watcher.look)


@doors.get("/<uuid:public_id>/progress")
@staff()
def progress(public_id: UUID) -> Response:
    """Tell how far a file is, once."""
    found = standing(session(), run_id=_found(public_id)[1].id)
    return jsonify(told(reader(), found) if found else {})


@doors.get("/<uuid:public_id>/file")
@staff()
def file(public_id: UUID) -> Answer:
    """Send a file, a piece at a time, while whoever asked for it may still see what is in it; and write that down."""
    export, _run = _found(public_id)
    if not _may_have(export):
        abort(404)
    if lacks_second_factor(require()):
        return redirect(url_for("second.set_up"), code=303)
    export_id, kind, name = export.id, export.format, _file_name(export)
    note_taken(session(), export=export)
    commit()
    open_session = opener()

    def content() -> Iterator[bytes]:
        with open_session() as own:
            yield from kept(own, export_id=export_id)

    answer = Response(content(), content_type=_TYPES[kind])
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@doors.post("/<uuid:public_id>/delete")
@staff()
def delete(public_id: UUID) -> Answer:
    """Delete a file before its time; what is still being written is not written on."""
    export, _run = _found(public_id)
    erase(session(), export=export)
    commit()
    note(gettext(_("The file is deleted.")))
    return redirect(url_for("exports.listed"), code=303)


def _found(public_id: UUID) -> tuple[Export, Run]:
    found = find_export(session(), staff_id=require().id, public_id=public_id)
    return found if found is not None else abort(404)


def _may_have(export: Export) -> bool:
    """Whether a file is there, and its asker's grants cover it still."""
    there = export.ready_at is not None and export.erased_at is None
    return there and require().may(LEDGERS[export.ledger].permission, export.path)


def _shown(found: Sequence[tuple[Export, Run]]) -> list[Shown]:
    ids = {int(export.path.rstrip(".").rpartition(".")[2]) for export, _run in found if export.path}
    names = group_names(session(), ids=list(ids)) if ids else {}
    return [_one(export, run, names) for export, run in found]


def _one(export: Export, run: Run, names: dict[int, str]) -> Shown:
    words = LEDGERS[export.ledger].words
    group = names.get(int(export.path.rstrip(".").rpartition(".")[2]), "") if export.path else ""
    begun = export.recorded_at.astimezone(house().settings.time_zone)
    return Shown(
        export,
        run,
        name=reader().gettext(words) if isinstance(words, str) else pgettext(*words),
        group=group,
        begun=f"{reader().date(begun.date())} {begun:%H:%M}",
        state=_state(export, run),
        ready=_may_have(export),
    )


def _state(export: Export, run: Run) -> State:
    if export.erased_at is not None:
        return State("run", pgettext("export", "Deleted"), "quiet", "empty")
    if export.ready_at is not None and not _may_have(export):
        return State("run", pgettext("export", "Not yours any more"), "hold", "bars")
    return State("run", pgettext("export", "Ready"), "good", "full") if export.ready_at else run_words.state(run)


def _card(one: Shown) -> Card:
    run, moving = one.run, one.run.state in _MOVES
    return Card(
        name=one.state.word if not moving else run_words.phase(reader(), run.kind, run.phase),
        state=one.state,
        words=_card_words(one),
        done=run.done,
        total=run.total,
        moving=moving,
        live=url_for("exports.events", public_id=one.export.uuid) if moving else "",
        poll=url_for("exports.progress", public_id=one.export.uuid) if moving else "",
        state_key=run.state.value,
    )


def _card_words(one: Shown) -> str:
    run = one.run
    if one.export.erased_at is not None:
        return gettext(_("The file is deleted. Take the list out again if you need it."))
    if run.state is RunState.DISCARDED:
        return gettext(_("It was stopped, because you may not see this list any more."))
    if one.export.ready_at is not None and not one.ready:
        return gettext(_("You may not see this list any more, and so not its file either."))
    if one.ready:
        return ngettext("%(num)s row, %(size)s", "%(num)s rows, %(size)s", one.export.rows or 0, size=one.size)
    return run_words.progress(reader(), done=run.done, total=run.total, left=None)


def _file_name(export: Export) -> str:
    """Files are called by what they are and their day, never by whom somebody searched for."""
    day = export.recorded_at.astimezone(house().settings.time_zone).date()
    return f"{export.ledger}-{day.isoformat()}.{export.format.value}"
