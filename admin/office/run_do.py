"""What a person may do with a run: confirm it, put it aside, look again, pause it, let it go on, run the rest."""

from uuid import UUID

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from admin import addresses
from admin.office.run_found import may_start_or_stop, steered_or_stop
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.collection import remind
from dues.dates import today
from dues.invoicing import charge_run, issue, undo
from dues.runs import start
from dues.runs.errors import AnotherPreviewError, NotReadyError
from dues.runs.listing import alike
from dues.runs.models import Run, RunState
from language import gettext_noop as _
from web.house import begin_anew, commit, house, session
from web.notes import note
from web.speech import gettext

doors = Blueprint("run_do", __name__, url_prefix="/admin/runs")


@doors.post("/<uuid:public_id>/confirm")
@permission(Permission.RUNS_STEER)
def confirm(public_id: UUID) -> Response:
    """Let a run do what was seen; a second press does nothing twice."""
    run = steered_or_stop(public_id)
    may_start_or_stop(run.kind)
    run_id = run.id
    try:
        start.confirm(session(), run_id=run_id, seen=request.form.get("seen", ""))
    except AnotherPreviewError:
        note(gettext(_("The preview was made again in the meantime. Look at it before you confirm.")), tone="warn")
    except NotReadyError as error:
        if error.state == RunState.DISCARDED:
            note(gettext(_("This preview was put aside. Start a new run to issue anything.")), tone="warn")
    else:
        commit(then=lambda: house().wake.run(run_id))
        return _back(public_id)
    begin_anew()
    return _back(public_id)


@doors.post("/<uuid:public_id>/discard")
@permission(Permission.RUNS_STEER)
def discard(public_id: UUID) -> Response:
    """Put a preview aside."""
    run = steered_or_stop(public_id)
    put_aside = start.discard(session(), run_id=run.id)
    commit()
    if put_aside:
        note(gettext(_("The preview was put aside. Nothing was done.")))
    return _back(public_id)


@doors.post("/<uuid:public_id>/again")
@permission(Permission.RUNS_STEER)
def again(public_id: UUID) -> Response:
    """Make a preview anew, for example after rows were mended."""
    run_id = steered_or_stop(public_id).id
    try:
        start.preview_again(session(), run_id=run_id)
    except NotReadyError:
        begin_anew()
    else:
        commit(then=lambda: house().wake.run(run_id))
    return _back(public_id)


@doors.post("/<uuid:public_id>/pause")
@permission(Permission.RUNS_STEER)
def pause(public_id: UUID) -> Response:
    """Stop a run after its present slice."""
    run = steered_or_stop(public_id)
    start.pause(session(), run_id=run.id)
    commit()
    return _back(public_id)


@doors.post("/<uuid:public_id>/resume")
@permission(Permission.RUNS_STEER)
def resume(public_id: UUID) -> Response:
    """Let a paused or failed run go on."""
    run_id = steered_or_stop(public_id).id
    start.resume(session(), run_id=run_id)
    commit(then=lambda: house().wake.run(run_id))
    return _back(public_id)


@doors.post("/<uuid:public_id>/rest")
@permission(Permission.RUNS_STEER)
def rest(public_id: UUID) -> Response:
    """Preview today what a finished run left: a run of its own, over the same groups."""
    run = steered_or_stop(public_id)
    may_start_or_stop(run.kind)
    if run.kind in charge_run.KINDS:
        abort(404)  # what is left of a table comes as another table
    another = _another(run)
    address, another_id = another.uuid, another.id
    commit(then=lambda: house().wake.run(another_id))
    return _back(address)


def _another(run: Run) -> Run:
    on, by = max(today(session()), run.business_day), require().actor
    if run.undoes_id is not None:
        return undo.start_undo(session(), run_id=run.undoes_id, on=on, by=by)
    scope = str(run.params.get("scope") or "")
    there = alike(session(), kind=run.kind, on=on, scope=scope)
    if there is not None:
        return there
    if run.kind == remind.KIND:
        return remind.start_reminders(session(), on=on, by=by)
    return issue.start_issue(session(), on=on, by=by, group=run.params.get("group"))


def _back(public_id: UUID) -> Response:
    return redirect(addresses.door("runs.run", public_id=public_id), code=303)
