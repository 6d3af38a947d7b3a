"""Bank files: take them in, see what became of them, and read what they hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, Final, cast
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, stream_with_context
from flask import Response as Plain
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from admin import addresses
from admin.addresses import door
from admin.office import file_words as words
from admin.office.actors import Actors
from admin.office.amounts import money_words
from admin.office.bench import whole
from admin.office.found import below
from admin.office.refund_words import outcome_state, reason_words
from admin.user import require
from dues import dates
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.payments.accept import MAX_BYTES, accept, keep_refused, receive
from dues.payments.errors import FileKnownError, FileRefusedError
from dues.payments.files import File, by_uuids, files, one_file, parts, payments_of, uuid_of, waiting_now
from dues.payments.raw_lines import LARGEST, lines_around
from dues.payments.refunds.told import counted as report_counts
from dues.payments.refunds.told import told_of_file
from dues.payments.store import kept
from dues.payments.unpack import unpacked
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext
from web.uploads import takes_files

doors = Blueprint("bank_files", __name__, url_prefix="/admin/bank-files")

SMALL: Final = 1 << 20
"""Bytes up to which a file is read while its sender waits (about 3,000 payments, half a second); larger ones are kept,
and a worker reads them."""

_ROWS: Final = 25
_PARTS: Final = 200
_COUNTED: Final = 10_000  # up to which is counted what of a file still waits
_FRAMING: Final = 1 << 20  # what a form adds around its files
_LONGEST_NAME: Final = 200
_ELSEWHERE: Final = _("This file came before, elsewhere in the organisation. Nothing is booked twice.")
_REFUSED: Final = "refused"
"""What an address says to see the files that were refused, and no others."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one upload: the file's row, and whether that one was known before.

    There is no row where the earlier one came elsewhere in the organisation.
    """

    file: UUID | None
    known: bool = False


@doors.get("/", endpoint="files")
@permission(Permission.BANK_FILES_READ)
def show_files() -> str:
    """Show the files, newest first, and above them what became of those just sent."""
    before, after = whole(request.args.get("before", "")) or None, whole(request.args.get("after", "")) or None
    state = _REFUSED if request.args.get("state") == _REFUSED else None
    rows = files(session(), before=before, after=after, refused=state is not None, limit=_ROWS + 1, path=below())
    more = len(rows) > _ROWS
    rows = (rows[1:] if after is not None else rows[:_ROWS]) if more else rows
    newer = bool(rows) and (more if after is not None else before is not None)
    older = bool(rows) and (more if after is None else True)
    new, known = _named("new"), _named("known")
    found = {one.uuid: one for one in by_uuids(session(), [*new, *known], path=below())}
    sent = [(found[name], name in known and at >= len(new)) for at, name in enumerate([*new, *known]) if name in found]
    return render_template(
        "admin/bank_files/list.html",
        rows=rows,
        newer=door("bank_files.files", after=rows[0].id, state=state) if newer else "",
        older=door("bank_files.files", before=rows[-1].id, state=state) if older else "",
        refused=state is not None,
        sent=sent,
        actors=Actors.of(session(), [one.actor for one in rows]),
        moving=any(words.moves(one) for one in (*rows, *found.values())),
        words=words,
        money_words=money_words,
    )


@doors.post("/")
@permission(Permission.BANK_FILES_IMPORT)
@takes_files(MAX_BYTES + _FRAMING)
def upload() -> str | Response:
    """Take files in, each by itself: one that is refused does not stop the others."""
    sent = [one for one in request.files.getlist("files") if one.filename]
    if not sent:
        note(gettext(_("Choose at least one file.")), tone="warn")
        return redirect(door("bank_files.files"), code=303)
    taken = [each for one in sent for each in take_all(one)]
    if request.args.get("piece"):
        return "".join([_told(one) for one in taken])
    new = [str(one.file) for one in taken if not one.known]
    known = [str(one.file) for one in taken if one.known and one.file]
    if any(one.file is None for one in taken):
        note(gettext(_ELSEWHERE), tone="warn")
    return redirect(door("bank_files.files", new=new, known=known), code=303)


def take_all(sent: FileStorage) -> list[Taken]:
    """Take in a file, or every file of an archive; an archive that cannot be unpacked is kept with the reason."""
    stream, name = cast("BinaryIO", sent.stream), plain_name(sent.filename or "")
    try:
        return [take_in(FileStorage(one, filename=inner)) for inner, one in unpacked(stream, name=name)]
    except FileRefusedError as error:
        return [_keep(stream, name, error)]


def take_in(sent: FileStorage) -> Taken:
    """Accept one file, or keep it with the reason why not; a large one is left to the workers."""
    stream, name = cast("BinaryIO", sent.stream), plain_name(sent.filename or "")
    on, by = dates.today(session()), require().actor
    try:
        if _size(stream) <= SMALL:
            accepted = accept(session(), stream=stream, name=name, on=on, by=by, path=below())
            run_id, taken = accepted.run_id, Taken(uuid_of(session(), file_id=accepted.file_id))
        else:
            file, run = receive(session(), stream=stream, name=name, on=on, by=by, path=below())
            run_id, taken = run.id, Taken(file.uuid)
        commit(then=lambda: house().wake.run(run_id))
    except FileKnownError as error:
        session().rollback()
        return Taken(_seen(error.file_id), known=True)
    except FileRefusedError as error:
        session().rollback()
        taken = _keep(stream, name, error)
    return taken


def _keep(stream: BinaryIO, name: str, error: FileRefusedError) -> Taken:
    by = require().actor
    refused = keep_refused(session(), stream=stream, name=name, error=error, by=by, path=below())
    taken = Taken(uuid_of(session(), file_id=refused))
    commit()
    return taken


@doors.get("/<uuid:public_id>")
@permission(Permission.BANK_FILES_READ)
def file(public_id: UUID) -> str:
    """Show a file: how far it is, its sections, and what became of its payments."""
    found = _file_or_stop(public_id)
    after = whole(request.args.get("after", ""))
    position = whole(request.args.get("told", "")) or -1
    rows = payments_of(session(), file_id=found.id, run_id=found.run_id, after=after, limit=_ROWS + 1)
    sections = parts(session(), file_id=found.id, limit=_PARTS)
    told = told_of_file(session(), file_id=found.id, after=position, limit=_ROWS + 1) if words.is_report(found) else []
    return render_template(
        "admin/bank_files/file.html",
        found=found,
        sections=sections,
        now=waiting_now(session(), run_id=found.run_id, most=_COUNTED) if found.unmatched else None,
        counted_to=_COUNTED,
        told=told[:_ROWS],
        told_counts=report_counts(session(), file_id=found.id) if words.is_report(found) else {},
        more_told=door("bank_files.file", public_id=public_id, told=told[_ROWS - 1].position)
        if len(told) > _ROWS
        else "",
        first_told=door("bank_files.file", public_id=public_id) if position > 0 else "",
        outcome_state=outcome_state,
        reason_words=reason_words,
        rows=rows[:_ROWS],
        first=door("bank_files.file", public_id=public_id) if after else "",
        older=door("bank_files.file", public_id=public_id, after=rows[_ROWS - 1].payment_id)
        if len(rows) > _ROWS
        else "",
        actors=Actors.of(session(), [found.actor]),
        run=words.run_card(found),
        moving=words.moves(found),
        words=words,
        addresses=addresses,
        money_words=money_words,
    )


@doors.get("/<uuid:public_id>/raw")
@permission(Permission.BANK_FILES_READ)
def raw(public_id: UUID) -> Response:
    """Send a file's bytes as they came."""
    found = _file_or_stop(public_id)
    answer = Plain(stream_with_context(_pieces(found)), content_type="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=found.name)
    answer.content_length = found.size
    return answer


@doors.get("/<uuid:public_id>/lines")
@permission(Permission.BANK_FILES_READ)
def lines(public_id: UUID) -> str:
    """Show the lines of a file around one, as the bank wrote them."""
    found, at = _file_or_stop(public_id), whole(request.args.get("at", ""))
    readable = at > 0 and found.size <= LARGEST
    return render_template(
        "admin/bank_files/lines.html",
        found=found,
        at=at,
        lines=lines_around(session(), file_id=found.id, line=at) if readable else [],
    )


def _pieces(found: File) -> Iterator[bytes]:
    yield from kept(session(), file_id=found.id)


def _told(taken: Taken) -> str:
    """Return what became of one file as the page that sent it shows it."""
    if taken.file is None:
        return gettext(_ELSEWHERE)
    found = _file_or_stop(taken.file)
    return render_template("admin/bank_files/sent.html", one=found, known=taken.known, words=words)


def _seen(file_id: int | None) -> UUID | None:
    """Return the name of a file that came before, where whoever asks may see it."""
    if file_id is None:
        return None
    found = one_file(session(), name=uuid_of(session(), file_id=file_id), path=below())
    return found.uuid if found else None


def _file_or_stop(public_id: UUID) -> File:
    found = one_file(session(), name=public_id, path=below())
    return found if found is not None else abort(404)


def _named(argument: str) -> list[UUID]:
    """Return the files that an address names; what is no name is left out."""
    found = []
    for written in request.args.getlist(argument)[:_ROWS]:
        try:
            found.append(UUID(written))
        except ValueError:
            continue
    return found


def _size(stream: BinaryIO) -> int:
    size = stream.seek(0, 2)
    stream.seek(0)
    return size


def plain_name(sent: str) -> str:
    """Return a file's name without folders, as some browsers send them, and without what cannot be printed."""
    name = PurePath(sent.replace("\\", "/")).name
    return "".join(one for one in name if one.isprintable())[:_LONGEST_NAME] or "-"
