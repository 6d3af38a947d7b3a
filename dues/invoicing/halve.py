"""Finds the faulty row of a slice that would not be written, and gives its number an explanation."""

from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from database.sql import statement
from dues.groups.models import NumberVoid
from dues.groups.numbers import take_number
from dues.invoicing.models import InvoiceItem, ItemState
from dues.runs.models import Run, RunError, RunSlice, SliceState


def halve(session: Session, *, run: Run, part: RunSlice, error: DBAPIError) -> None:
    """Split a slice in two, to be tried again; a slice of one item is the culprit and becomes void."""
    members = list(
        session.scalars(
            select(InvoiceItem.seq)
            .where(
                InvoiceItem.run_id == run.id,
                InvoiceItem.seq.between(part.first, part.last),
                InvoiceItem.state == ItemState.READY,
            )
            .order_by(InvoiceItem.seq)
        )
    )
    if len(members) == 1:
        _void(session, run=run, part=part, seq=members[0], why=str(error.orig))
        return
    middle = len(members) // 2
    session.add(
        RunSlice(
            run_id=run.id,
            first=members[middle],
            last=part.last,
            creditor_id=part.creditor_id,
            state=SliceState.CLAIMED,
            survivors=len(members) - middle,
            number_from=(part.number_from or 0) + middle,
            entry_number=take_number(session, creditor_id=part.creditor_id, series="entry"),
        )
    )
    part.last = members[middle] - 1
    part.survivors = middle


def _void(session: Session, *, run: Run, part: RunSlice, seq: int, why: str) -> None:
    """Record the row's number and voucher as void, and give its membership back what was reserved."""
    reason = why.splitlines()[0][:200]
    for series, number in (("invoice", part.number_from), ("entry", part.entry_number)):
        session.execute(
            insert(NumberVoid).values(
                creditor_id=part.creditor_id, series=series, number=number, reason=reason, run_id=run.id
            )
        )
    session.add(RunError(run_id=run.id, item=seq, reason=reason))
    values = {"run": run.id, "seq": seq, "reason": reason}
    session.execute(statement("dues/invoicing/sql/give_back.sql"), values)
    part.state = SliceState.WRITTEN
    part.survivors = 0
