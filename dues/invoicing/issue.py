"""Issues invoices: the phases of a run, from preview to the written document, for one member or a million."""

import datetime as dt
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import Actor
from dues.groups.models import Group
from dues.invoicing.errors import NumberTooLongError, UnknownGroupError
from dues.invoicing.halve import halve
from dues.invoicing.models import InvoiceItem, ItemState
from dues.invoicing.preview import preview
from dues.journal.post import open_entry
from dues.runs.models import Run, RunSlice, RunState, SliceState
from dues.runs.start import finish, start

KIND = "invoices"


def start_issue(
    session: Session,
    *,
    on: dt.date,
    by: Actor,
    group: str | None = None,
    membership_id: int | None = None,
    confirmed: bool = False,
) -> Run:
    """Start a run over all that is due on a day, in a group and below it, or for one membership.

    With ``confirmed`` it goes on to issue what its preview finds. Raises UnknownGroupError.
    """
    scope = ""
    if group is not None:
        found = session.scalar(select(Group.path).where(Group.slug == group))
        if found is None:
            raise UnknownGroupError(group)
        scope = found
    params: dict[str, Any] = {"on": on.isoformat(), "group": group, "scope": scope, "membership": membership_id}
    return start(session, kind=KIND, params=params, on=on, by=by, confirmed=confirmed)


def step(session: Session, run: Run) -> bool:
    """Do the next piece of an invoice run; False when it waits for a person or is done."""
    match run.phase:
        case "start":
            return _preview(session, run)
        case "claim":
            return _claim(session, run)
        case "number":
            return _number(session, run)
        case _:
            return _write(session, run)


def _preview(session: Session, run: Run) -> bool:
    candidates = preview(
        session,
        run_id=run.id,
        on=dt.date.fromisoformat(run.params["on"]),
        scope=run.params["scope"],
        membership_id=run.params["membership"],
    )
    _refuse_long_numbers(session, run.id)
    ready = select(func.count()).where(InvoiceItem.run_id == run.id, InvoiceItem.state == ItemState.READY)
    run.total = session.scalar(ready) or 0
    run.done = 0
    run.phase = "claim"
    run.state = RunState.WORKING if run.confirmed else RunState.READY
    run.result = {"candidates": candidates}
    run.started_at = session.scalar(func.now().select())
    return run.confirmed


def _claim(session: Session, run: Run) -> bool:
    if run.done == 0:  # days may lie between the preview and here, and numbers were taken since
        _refuse_long_numbers(session, run.id)
    part = _next_slice(session, run, SliceState.PLANNED)
    if part is None:
        run.phase, run.done = "number", 0
        return True
    bounds = {"run": run.id, "first": part.first, "last": part.last, "on": run.business_day, "actor": run.actor}
    part.survivors = session.scalar(statement("dues/invoicing/sql/claim.sql"), bounds) or 0
    part.state = SliceState.CLAIMED
    run.done += part.last - part.first + 1
    return True


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


def _write(session: Session, run: Run) -> bool:
    part = _next_slice(session, run, SliceState.CLAIMED)
    if part is None:
        _finish(session, run)
        return False
    if part.survivors == 0:
        part.state = SliceState.WRITTEN
        return True
    try:
        with session.begin_nested():
            written = _write_slice(session, run, part)
    except DBAPIError as error:
        if error.connection_invalidated or not _spoilt_by_a_row(error):
            raise
        written = halve(session, run=run, part=part, error=error)
    run.done += written
    return True


def _write_slice(session: Session, run: Run, part: RunSlice) -> int:
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
    }
    written, amount = session.execute(statement("dues/invoicing/sql/write.sql"), values).one()
    part.state = SliceState.WRITTEN
    run.result = {**run.result, "amounts": _add(run.result.get("amounts", {}), part.creditor_id, int(amount))}
    return int(written)


def _add(amounts: dict[str, int], creditor_id: int, amount: int) -> dict[str, int]:
    return {**amounts, str(creditor_id): amounts.get(str(creditor_id), 0) + amount}


def _spoilt_by_a_row(error: DBAPIError) -> bool:
    """Tell an error that one row caused (22 data, 23 constraints, P0 raised by a trigger) from one of the moment."""
    state = getattr(error.orig, "sqlstate", None) or ""
    return state[:2] in {"22", "23", "P0"}


def _next_slice(session: Session, run: Run, state: SliceState) -> RunSlice | None:
    wanted = select(RunSlice).where(RunSlice.run_id == run.id, RunSlice.state == state)
    return session.scalars(wanted.order_by(RunSlice.first).limit(1)).first()


def _finish(session: Session, run: Run) -> None:
    left_out = session.execute(
        select(InvoiceItem.reason, func.count())
        .where(InvoiceItem.run_id == run.id, InvoiceItem.state != ItemState.READY)
        .group_by(InvoiceItem.reason)
    ).all()
    finish(session, run, issued=run.done, excluded=dict(left_out))


def discard(session: Session, *, run_id: int) -> None:
    """Throw away a preview that was not confirmed; its rows stay readable."""
    session.execute(update(Run).where(Run.id == run_id, Run.state == RunState.READY).values(state=RunState.DISCARDED))
