"""A run taken back: its undoing begun, which makes a preview, and nothing else."""

from uuid import UUID

from flask import Blueprint, abort, redirect
from werkzeug.wrappers import Response

from admin import addresses
from admin.office.run_found import may_undo, run_or_stop
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.invoicing import undo
from web.house import commit, house, session

doors = Blueprint("run_undo", __name__, url_prefix="/admin/runs")


@doors.post("/<uuid:public_id>/undo")
@permission(Permission.RUNS_STEER)
def begin(public_id: UUID) -> Response:
    """Preview what would be credited; an undoing that is under way is shown instead of a second."""
    run = run_or_stop(public_id)
    if not may_undo(run):
        abort(404)
    undoing = undo.start_undo(session(), run_id=run.id, on=today(session()), by=require().actor)
    address, run_id = undoing.uuid, undoing.id
    commit(then=lambda: house().wake.run(run_id))
    return redirect(addresses.door("runs.run", public_id=address), code=303)
