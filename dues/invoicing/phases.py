"""The phases that all runs have in common which write invoices: numbers, slices, and what is told at the end."""

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from database.sql import statement
from dues.invoicing.halve import Items, halve, spoilt_by_a_row
from dues.invoicing.items import AS_IT_SHOULD_BE
from dues.invoicing.models import ItemState
from dues.journal.models import Event
from dues.journal.post import open_entry
from dues.runs.drive import Tally
from dues.runs.models import Run, RunSlice, SliceState
from dues.runs.start import finish


def give_numbers(session: Session, run: Run, *, ours: bool = True) -> None:
    """Give every surviving item its number, in one short transaction; writing comes next.

    Invoices that are not ``ours`` have numbers: only the vouchers of their slices get one.
    """
    numbers = "dues/invoicing/sql/number.sql" if ours else "dues/journal/sql/reserve.sql"
    session.execute(statement(numbers), {"run": run.id})
    run.total = session.scalar(select(func.sum(RunSlice.survivors)).where(RunSlice.run_id == run.id)) or 0
    run.phase = "write"


def write(
    session: Session,
    run: Run,
    part: RunSlice,
    *,
    path: str,
    table: Items,
    more: Mapping[str, object],
    event: Event = Event.ISSUE,
) -> Tally:
    """Write a slice by the statement of a file, which is told ``more`` than all are; a faulty one is halved."""
    if part.survivors == 0:
        part.state = SliceState.WRITTEN
        return Tally(0)
    try:
        with session.begin_nested():
            return _write_slice(session, run, part, path=path, more=more, event=event)
    except DBAPIError as error:
        halve_spoilt(session, run, part, error, table=table)
        return Tally(0)


def halve_spoilt(session: Session, run: Run, part: RunSlice, error: DBAPIError, *, table: Items) -> None:
    """Look for the row that spoilt a slice; raise the error where it was none."""
    if error.connection_invalidated or not spoilt_by_a_row(error):
        raise error
    halve(session, run=run, part=part, error=error, table=table)


def tell_end(session: Session, run: Run, *, table: Items) -> None:
    """End a run: how many invoices it issued, and what it left out for which reasons."""
    left_out = session.execute(
        select(table.reason, func.count())
        .where(table.run_id == run.id, table.state != ItemState.READY)
        .group_by(table.reason)
    ).all()
    run.to_mend = sum(count for reason, count in left_out if reason not in AS_IT_SHOULD_BE)
    finish(session, run, issued=run.done, excluded=dict(left_out))


def _write_slice(
    session: Session, run: Run, part: RunSlice, *, path: str, more: Mapping[str, object], event: Event
) -> Tally:
    on = dt.date.fromisoformat(run.params["on"])
    entry = open_entry(
        session,
        creditor_id=part.creditor_id,
        event=event,
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
        **more,
    }
    written, amount, parted = session.execute(statement(path), values).one()
    if parted:
        session.execute(statement("dues/invoicing/sql/write_parts.sql"), {**values, "items": part.survivors})
    part.state = SliceState.WRITTEN
    return Tally(int(written), {"amounts": {str(part.creditor_id): int(amount)}})
