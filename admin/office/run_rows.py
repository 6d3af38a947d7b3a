"""The rows of a run: who is charged or reminded, who is left out and why, the groups, and samples of what is sent."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request

from admin import addresses
from admin.office import run_words
from admin.office.mending import crediting, mending
from admin.office.run_found import run_or_stop
from admin.office.run_page import group_shares, scope_words
from documents.render import render_batch
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.collection import remind
from dues.collection.items import reminder_rows
from dues.groups.find import group_names
from dues.invoicing import charge_items, charge_run, issue, items, undo
from dues.invoicing.items import Wanted
from dues.invoicing.sample import samples as set_samples
from dues.invoicing.undo_queries import undo_rows
from dues.runs.models import Axis, Run, RunState
from dues.runs.preview import largest, preview_of
from web.house import session
from web.number_of import number_of

doors = Blueprint("run_rows", __name__, url_prefix="/admin/runs")

ROWS: Final = 50
_LISTS: Final[Mapping[str, tuple[Callable[..., Iterable[Any]], str]]] = {
    issue.KIND: (items.rows, "admin/runs/rows.html"),
    remind.KIND: (reminder_rows, "admin/runs/reminders.html"),
    undo.KIND: (undo_rows, "admin/runs/undo_rows.html"),
    **dict.fromkeys(charge_run.KINDS, (charge_items.rows, "admin/runs/charges.html")),
}
"""How the rows of a kind of run are read, and the page that lists them."""
_LONGEST: Final = 200


@doors.get("/<uuid:public_id>/rows")
@permission(Permission.RUNS_READ)
def rows(public_id: UUID) -> str:
    """List what a run does, or would do."""
    return _list(run_or_stop(public_id), left_out=False)


@doors.get("/<uuid:public_id>/left-out")
@permission(Permission.RUNS_READ)
def left_out(public_id: UUID) -> str:
    """List what a run leaves out, with what can be done about it."""
    return _list(run_or_stop(public_id), left_out=True)


@doors.get("/<uuid:public_id>/groups")
@permission(Permission.RUNS_READ)
def groups(public_id: UUID) -> str:
    """List the groups of a preview, largest first."""
    run = run_or_stop(public_id)
    start = _whole("after")
    found = largest(session(), run_id=run.id, axis=Axis.GROUP, limit=ROWS + 1, offset=start)
    return render_template(
        "admin/runs/groups.html",
        run=run,
        words=run_words,
        shares=group_shares(run, found[:ROWS]),
        older=addresses.door("run_rows.groups", public_id=public_id, after=start + ROWS) if len(found) > ROWS else "",
        first=addresses.door("run_rows.groups", public_id=public_id) if start else "",
    )


@doors.get("/<uuid:public_id>/samples.pdf")
@permission(Permission.INVOICES_READ)
def samples(public_id: UUID) -> Response:
    """Send a few invoices of a preview as they would be printed; they have no numbers yet and ask for no payment."""
    run = run_or_stop(public_id)
    kept = preview_of(session(), run_id=run.id)
    if kept is None or run.state is not RunState.READY or run.kind not in {issue.KIND, *charge_run.KINDS}:
        abort(404)
    set_some = charge_items.samples if run.kind in charge_run.KINDS else set_samples
    documents = set_some(session(), run=run, seqs=kept.content.get("samples", []))
    if not documents:
        abort(404)
    response = Response(render_batch(documents).pdf, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename="samples.pdf")
    return response


def _list(run: Run, *, left_out: bool) -> str:
    if run.kind not in _LISTS:
        abort(404)
    wanted = asked(left_out=left_out)
    read, template = _LISTS[run.kind]
    found: list[Any] = list(read(session(), run_id=run.id, wanted=wanted, after=_whole("after"), limit=ROWS + 1))
    shown = found[:ROWS]
    return render_template(
        template,
        run=run,
        words=run_words,
        addresses=addresses,
        mending=mending,
        crediting=crediting,
        wanted=wanted,
        group=group_names(session(), ids=[wanted.group_id]).get(wanted.group_id) if wanted.group_id else None,
        scope=scope_words(run),
        rows=shown,
        sheets={kind: _sheet(run, wanted, kind) for kind in ("table", "book")},
        parts=_parts(run, shown),
        here=f"run_rows.{'left_out' if left_out else 'rows'}",
        older=_page(run, wanted, after=shown[-1].seq) if len(found) > ROWS else "",
        first=_page(run, wanted) if _whole("after") else "",
    )


def asked(*, left_out: bool | None) -> Wanted:
    """Return which rows the address asks for; with None it says itself whether those left out."""
    out = bool(request.args.get("left")) if left_out is None else left_out
    return Wanted(
        left_out=out,
        reason=request.args.get("reason", "")[:_LONGEST] if out else "",
        group_id=_whole("group") or None,
        text=" ".join(request.args.get("q", "")[:_LONGEST].split()),
    )


def _sheet(run: Run, wanted: Wanted, kind: str) -> str:
    """Return where the rows of a list are taken along; nothing where they cannot be."""
    if run.kind != issue.KIND:
        return ""
    return addresses.door(
        f"run_sheets.{kind}",
        public_id=run.uuid,
        q=wanted.text or None,
        group=wanted.group_id,
        reason=wanted.reason or None,
        left="1" if wanted.left_out else None,
    )


def _parts(run: Run, shown: list[Any]) -> Mapping[int, Sequence[Any]]:
    if run.kind in charge_run.KINDS:
        return charge_items.parts(session(), run_id=run.id, seqs=[row.seq for row in shown])
    if run.kind != issue.KIND:
        return {}
    return items.parts(session(), run_id=run.id, classes={one.class_number for row in shown for one in row.charged})


def _page(run: Run, wanted: Wanted, *, after: int | None = None) -> str:
    return addresses.door(
        "run_rows.left_out" if wanted.left_out else "run_rows.rows",
        public_id=run.uuid,
        q=wanted.text or None,
        group=wanted.group_id,
        reason=wanted.reason or None,
        after=after,
    )


def _whole(name: str) -> int:
    """Return a whole number of the address, zero for anything else."""
    written = request.args.get(name, "")
    return number_of(written) or 0
