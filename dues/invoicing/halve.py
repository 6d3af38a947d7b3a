"""Finds the faulty row of a slice that could not be claimed or written, and explains what becomes of it."""

from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from database.sql import statement
from dues.groups.models import NumberVoid
from dues.groups.numbers import take_number
from dues.invoicing.charge_models import ChargeItem
from dues.invoicing.items import FREE
from dues.invoicing.models import InvoiceItem, ItemState
from dues.runs.models import Run, RunError, RunSlice, SliceState

Items = type[InvoiceItem] | type[ChargeItem]
"""Which table holds the rows of a run: memberships that are charged, or lines that are."""


def spoilt_by_a_row(error: DBAPIError) -> bool:
    """Tell an error that one row caused (22 data, 23 constraints, P0 raised by a trigger) from one of the moment."""
    state = getattr(error.orig, "sqlstate", None) or ""
    return state[:2] in {"22", "23", "P0"}


def halve(session: Session, *, run: Run, part: RunSlice, error: DBAPIError, table: Items = InvoiceItem) -> None:
    """Split a slice in two, to be tried again; of a slice of one item that item is the culprit, and is left out."""
    members = list(
        session.scalars(
            select(table.seq)
            .where(
                table.run_id == run.id,
                table.seq.between(part.first, part.last),
                or_(table.state == ItemState.READY, table.reason == FREE),
            )
            .order_by(table.seq)
        )
    )
    if len(members) == 1:
        _leave_out(session, run=run, part=part, seq=members[0], why=str(error.orig), table=table)
        return
    middle = len(members) // 2
    rest = RunSlice(
        run_id=run.id, first=members[middle], last=part.last, creditor_id=part.creditor_id, state=part.state
    )
    if part.entry_number is not None:
        rest.survivors, part.survivors = len(members) - middle, middle
        rest.entry_number = take_number(session, creditor_id=part.creditor_id, series="entry")
    if part.number_from is not None:
        rest.number_from = part.number_from + middle
    session.add(rest)
    part.last = members[middle] - 1


def _leave_out(session: Session, *, run: Run, part: RunSlice, seq: int, why: str, table: Items) -> None:
    """Leave a row out with its reason; where it has a number already, that becomes void."""
    reason = why.splitlines()[0][:200]
    session.add(RunError(run_id=run.id, item=seq, reason=reason))
    if part.entry_number is None:
        item = update(table).where(table.run_id == run.id, table.seq == seq)
        session.execute(item.values(state=ItemState.EXCLUDED, reason=reason))
        part.state = SliceState.CLAIMED
    else:
        _void(session, run=run, part=part, seq=seq, reason=reason, table=table)
        part.state = SliceState.WRITTEN
    part.survivors = 0


def _void(session: Session, *, run: Run, part: RunSlice, seq: int, reason: str, table: Items) -> None:
    """Record the row's number of ours, if any, and voucher as void; give its membership back what was reserved."""
    numbers = {"invoice": part.number_from, "entry": part.entry_number}
    for series, number in ((series, number) for series, number in numbers.items() if number is not None):
        session.execute(
            insert(NumberVoid).values(
                creditor_id=part.creditor_id, series=series, number=number, reason=reason, run_id=run.id
            )
        )
    if table is ChargeItem:  # lines reserve nothing
        item = update(ChargeItem).where(ChargeItem.run_id == run.id, ChargeItem.seq == seq)
        session.execute(item.values(state=ItemState.VOID, reason=reason))
        return
    values = {"run": run.id, "seq": seq, "reason": reason}
    session.execute(statement("dues/invoicing/sql/give_back.sql"), values)
