"""Invoices to all who are due in a group now: begun here, previewed and confirmed on the page of the run."""

from flask import redirect, render_template
from werkzeug.wrappers import Response

from admin import addresses
from admin.group.here import group_doors, this_group
from admin.office.run_found import may_start_or_stop
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.groups.creditors import payee_of
from dues.invoicing import issue
from dues.runs.listing import alike
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext

doors = group_doors("group_run_begin", "/invoices/new")


@doors.get("/")
@permission(Permission.RUNS_STEER)
def ask() -> str:
    """Say what a preview is of, and in whose name the invoices go out."""
    may_start_or_stop(issue.KIND)
    here = this_group()
    return render_template(
        "group/invoices/new.html",
        group=here,
        on=today(session()),
        payee=payee_of(session(), creditor_id=here.creditor_id),
        above={"address": addresses.address("group_invoices.invoices"), "words": gettext("Invoices")},
    )


@doors.post("/")
@permission(Permission.RUNS_STEER)
def begin() -> Response:
    """Start the preview; one that is there already is shown instead of a second."""
    may_start_or_stop(issue.KIND)
    on, here = today(session()), this_group()
    there = alike(session(), kind=issue.KIND, on=on, scope=here.path)
    if there is not None:
        note(gettext(_("This preview is there already.")))
        return redirect(addresses.run(there.uuid), code=303)
    run = issue.start_issue(session(), on=on, by=require().actor, group=here.slug)
    address, run_id = addresses.run(run.uuid), run.id
    commit(then=lambda: house().wake.run(run_id))
    return redirect(address, code=303)
