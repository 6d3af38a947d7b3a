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
from dues.invoicing import ground
from dues.invoicing.errors import NumberTooLongError, UnknownGroupError
from dues.invoicing.halve import halve, spoilt_by_a_row
from dues.invoicing.items import AS_IT_SHOULD_BE
from dues.invoicing.models import InvoiceItem, ItemState
from dues.invoicing.preview import SLICE
from dues.journal.post import open_entry
from dues.runs.drive import Kind, Sliced, Tally
from dues.runs.models import Run, RunSlice, RunState, SliceState
from dues.runs.start import AGAIN, finish, start

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
            return True
        case "number":
            return _number(session, run)
        case _:
            _finish(session, run)
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
    try:
        with session.begin_nested():
            part.survivors = session.scalar(statement("dues/invoicing/sql/claim.sql"), bounds) or 0
            part.state = SliceState.CLAIMED
    except DBAPIError as error:
        _halve(session, run, part, error)
    return Tally(0 if part.state is SliceState.PLANNED else part.last - part.first + 1)


def _number(session: Session, run: Run) -> bool:
    session.execute(statement("dues/invoicing/sql/number.sql"), {"run": run.id})
    run.total = session.scalar(select(func.sum(RunSlice.survivors)).where(RunSlice.run_id == run.id)) or 0
    run.phase = "write"
    return True


def _refuse_long_numbers(session: Session, run_id: int) -> None:
    """Refuse before anything is reserved; a row that meets a full series later all the same becomes void."""
    bad = session.execute(statement("dues/invoicing/sql/long_numbers.sql"), {"run": run_id}).first()
    if bad is not None:
        raise NumberTooLongError(bad.creditor_id, bad.highest)


def _write(session: Session, run: Run, part: RunSlice) -> Tally:
    if part.survivors == 0:
        part.state = SliceState.WRITTEN
        return Tally(0)
    try:
        with session.begin_nested():
            return _write_slice(session, run, part)
    except DBAPIError as error:
        _halve(session, run, part, error)
        return Tally(0)


def _halve(session: Session, run: Run, part: RunSlice, error: DBAPIError) -> None:
    """Look for the row that spoilt a slice; raise the error where it was none."""
    if error.connection_invalidated or not spoilt_by_a_row(error):
        raise error
    halve(session, run=run, part=part, error=error)


def _write_slice(session: Session, run: Run, part: RunSlice) -> Tally:
    on = dt.date.fromisoformat(run.params["on"])
    entry = open_entry(
        session,
        creditor_id=part.creditor_id,
        event="issue",
        key=f"run:{run.id}:{part.first}",
        on=on,
        by=run.actor,
        number=part.entry_number,
        run_id=run.id,
    )
    values = {
        "run": run.id,
        "first": part.first,
        "last": part.last,
        "number_from": part.number_from,
        "entry": entry.id,
        "on": on,
        "books_on": entry.on_date,
        "urgent": run.params["memberships"] is not None,  # somebody has just joined, and waits
    }
    written, amount = session.execute(statement("dues/invoicing/sql/write.sql"), values).one()
    part.state = SliceState.WRITTEN
    return Tally(int(written), {"amounts": {str(part.creditor_id): int(amount)}})


def _finish(session: Session, run: Run) -> None:
    left_out = session.execute(
        select(InvoiceItem.reason, func.count())
        .where(InvoiceItem.run_id == run.id, InvoiceItem.state != ItemState.READY)
        .group_by(InvoiceItem.reason)
    ).all()
    run.to_mend = sum(count for reason, count in left_out if reason not in AS_IT_SHOULD_BE)
    finish(session, run, issued=run.done, excluded=dict(left_out))


WORK = Kind(step, {"claim": Sliced(SliceState.PLANNED, _claim), "write": Sliced(SliceState.CLAIMED, _write)})
