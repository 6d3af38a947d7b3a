"""Issues invoices: the phases of a run, from preview to the written document, for one member or a million."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import Actor
from dues.groups.models import Group
from dues.invoicing import ground, phases
from dues.invoicing.errors import NumberTooLongError, UnknownGroupError
from dues.invoicing.halve import leave_out_gone
from dues.invoicing.items import FREE
from dues.invoicing.joint import count_joint, hold_members, is_joint, name_heads
from dues.invoicing.models import InvoiceItem
from dues.invoicing.preview import SLICE
from dues.invoicing.slips import tell_slips
from dues.runs.drive import Kind, Sliced, Tally
from dues.runs.models import Run, RunSlice, RunState, SliceState
from dues.runs.start import AGAIN, start

KIND = "invoices"


def start_issue(
    session: Session,
    *,
    on: dt.date,
    by: Actor,
    group: str | None = None,
    memberships: Sequence[int] = (),
    confirmed: bool = False,
    slice_size: int = SLICE,
) -> Run:
    """Start a run over all that is due on a day, in a group and below it, or for a household's few memberships.

    With ``confirmed`` it goes on to issue what its preview finds; ``slice_size`` invoices are written in one
    transaction at most. Raises UnknownGroupError.
    """
    scope = scope_of(session, group=group)
    params: dict[str, Any] = {
        "on": on.isoformat(),
        "group": group,
        "scope": scope,
        "memberships": list(memberships) or None,
        "slice": slice_size,
    }
    return start(session, kind=KIND, params=params, on=on, by=by, confirmed=confirmed, path=scope)


def scope_of(session: Session, *, group: str | None) -> str:
    """Return the path whose subtree a run over a group charges, "" for all; raise UnknownGroupError."""
    if group is None:
        return ""
    path = session.scalar(select(Group.path).where(Group.slug == group))
    if path is None:
        raise UnknownGroupError(group)
    return path


def step(session: Session, run: Run) -> bool:
    """Take an invoice run from one phase to the next; False when it waits for a person or is done."""
    match run.phase:
        case "start":
            return _preview(session, run, ground.make(session, run))
        case phase if phase == AGAIN:
            return _preview(session, run, ground.make_anew(session, run))
        case "check":
            return _check(session, run)
        case "claim":
            run.phase, run.done = "number", 0
        case "number":
            phases.give_numbers(session, run)
        case _:
            return _deliver(session, run)
    return True


def _deliver(session: Session, run: Run) -> bool:
    """Queue what stands on slips, now that all is written; then the run is done."""
    if tell_slips(session, run):
        return True
    phases.tell_end(session, run, table=InvoiceItem)
    return False


def _preview(session: Session, run: Run, candidates: int) -> bool:
    _refuse_long_numbers(session, run.id)
    run.total = ground.ready(session, run.id)
    run.done = 0
    run.phase = "check"
    run.state = RunState.WORKING if run.confirmed else RunState.READY
    run.result = {"candidates": candidates}
    run.started_at = session.scalar(func.now().select())
    return run.confirmed


def _check(session: Session, run: Run) -> bool:
    """Days may lie between the preview and here, and numbers were taken since."""
    if not ground.holds(session, run):
        run.confirmed, run.state = False, RunState.READY
        run.total = ground.ready(session, run.id)
        return False
    _refuse_long_numbers(session, run.id)
    run.phase = "claim"
    return True


def _claim(session: Session, run: Run, part: RunSlice) -> Tally:
    bounds = {"run": run.id, "first": part.first, "last": part.last, "on": run.business_day, "actor": run.actor}
    joint = is_joint(session, part=part)
    tried = count_joint(session, part=part) if joint else part.last - part.first + 1
    try:
        with session.begin_nested():
            if joint:
                hold_members(session, part=part)
            part.survivors = session.scalar(statement("dues/invoicing/sql/claim.sql"), bounds) or 0
            part.state = SliceState.CLAIMED
            if joint:
                name_heads(session, part=part)
    except DBAPIError as error:
        phases.halve_spoilt(session, run, part, error, table=InvoiceItem)
    if part.state is SliceState.PLANNED or session.get_one(InvoiceItem, (run.id, part.first)).reason == FREE:
        return Tally(0)  # halved, or not among the invoices that are counted
    return Tally(tried)


def _refuse_long_numbers(session: Session, run_id: int) -> None:
    """Refuse before anything is reserved; a row that meets a full series later all the same becomes void."""
    bad = session.execute(statement("dues/invoicing/sql/long_numbers.sql"), {"run": run_id}).first()
    if bad is not None:
        raise NumberTooLongError(bad.creditor_id, bad.highest)


def _write(session: Session, run: Run, part: RunSlice) -> Tally:
    joint = is_joint(session, part=part)
    if part.survivors:
        leave_out_gone(session, run=run, part=part)
        session.flush()
    more = {"urgent": run.params["memberships"] is not None}  # somebody has just joined, and waits
    path = "dues/invoicing/sql/write_joint.sql" if joint else "dues/invoicing/sql/write.sql"
    return phases.write(session, run, part, path=path, table=InvoiceItem, more=more)


WORK = Kind(step, {"claim": Sliced(SliceState.PLANNED, _claim), "write": Sliced(SliceState.CLAIMED, _write)})
