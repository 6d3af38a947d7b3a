"""Finds the faulty row of a slice that could not be claimed or written, and explains what becomes of it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from database.sql import statement
from dues.groups.models import NumberVoid
from dues.groups.numbers import take_number
from dues.invoicing.charge_models import ChargeItem
from dues.invoicing.items import FREE
from dues.invoicing.joint import name_heads
from dues.invoicing.models import InvoiceItem, ItemState
from dues.runs.models import Run, RunError, RunSlice, SliceState

Items = type[InvoiceItem] | type[ChargeItem]
"""Which table holds the rows of a run: memberships that are charged, or lines that are."""


def spoilt_by_a_row(error: DBAPIError) -> bool:
    """Tell an error that one row caused (22 data, 23 constraints, P0 raised by a trigger) from one of the moment."""
    state = getattr(error.orig, "sqlstate", None) or ""
    return state[:2] in {"22", "23", "P0"}


def halve(session: Session, *, run: Run, part: RunSlice, error: DBAPIError, table: Items = InvoiceItem) -> None:
    """Split a slice in two, to be tried again; of a slice of one invoice that is the culprit, and is left out."""
    members = list(
        session.scalars(
            select(_invoice(table))
            .where(
                table.run_id == run.id,
                table.seq.between(part.first, part.last),
                or_(table.state == ItemState.READY, table.reason == FREE),
            )
            .distinct()
            .order_by(_invoice(table))
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


def _invoice(table: Items) -> ColumnElement[int]:
    """Return by which row an invoice is known: the first of those that it charges."""
    return func.coalesce(table.joint_seq, table.seq) if table is InvoiceItem else table.seq.expression


def _leave_out(session: Session, *, run: Run, part: RunSlice, seq: int, why: str, table: Items) -> None:
    """Leave an invoice out with its reason; where it has a number already, that becomes void."""
    reason = why.splitlines()[0][:200]
    session.add(RunError(run_id=run.id, item=seq, reason=reason))
    if part.entry_number is None:
        rows = [one for one, _ in _rows_of(session, run=run, part=part, seq=seq, reason=reason, table=table)]
        item = update(table).where(table.run_id == run.id, table.seq.in_(rows))
        session.execute(item.values(state=ItemState.EXCLUDED, reason=reason))
        if table is InvoiceItem and len(rows) > 1:
            name_heads(session, part=part)
        part.state = SliceState.CLAIMED
    else:
        _leave_out_numbered(session, run=run, part=part, seq=seq, reason=reason, table=table)
        part.state = SliceState.WRITTEN
    part.survivors = 0


def leave_out_gone(session: Session, *, run: Run, part: RunSlice) -> None:
    """Leave out of a slice whose membership ended since it was claimed, or who died, and give back what was reserved.

    Of the numbers that the slice holds, the last ones become void, each with the reason of an invoice of which no row
    is left.
    """
    values = {"run": run.id, "first": part.first, "last": part.last}
    gone = session.execute(statement("dues/invoicing/sql/gone.sql"), values).all()
    if not gone:
        return
    whole = {row.invoice: row.reason for row in gone if row.whole}
    if part.number_from is not None and whole:
        end = part.number_from + part.survivors
        numbers = [(end - n, reason) for n, reason in enumerate(whole.values(), start=1)]
        _void(session, run=run, part=part, numbers=numbers)
    if len(whole) == part.survivors:
        void_voucher(session, run=run, part=part, reason=min(row.reason for row in gone))
    _give_back(session, run=run, rows=[(row.seq, row.reason) for row in gone])
    if len(whole) < len(gone):
        name_heads(session, part=part)
    part.survivors -= len(whole)


def _rows_of(
    session: Session, *, run: Run, part: RunSlice, seq: int, reason: str, table: Items
) -> list[tuple[int, str]]:
    """Return the rows that an invoice charges, each with the same reason."""
    rows = select(table.seq).where(
        table.run_id == run.id,
        table.seq.between(part.first, part.last),
        _invoice(table) == seq,
        or_(table.state == ItemState.READY, table.reason == FREE),
    )
    return [(one, reason) for one in session.scalars(rows)]


def _leave_out_numbered(session: Session, *, run: Run, part: RunSlice, seq: int, reason: str, table: Items) -> None:
    """Record the row's number of ours, if any, and voucher as void; give its membership back what was reserved."""
    if part.number_from is not None:
        _void(session, run=run, part=part, numbers=[(part.number_from, reason)])
    void_voucher(session, run=run, part=part, reason=reason)
    if table is ChargeItem:  # lines reserve nothing
        item = update(ChargeItem).where(ChargeItem.run_id == run.id, ChargeItem.seq == seq)
        session.execute(item.values(state=ItemState.VOID, reason=reason))
        return
    _give_back(session, run=run, rows=_rows_of(session, run=run, part=part, seq=seq, reason=reason, table=table))


def _void(
    session: Session, *, run: Run, part: RunSlice, numbers: Sequence[tuple[int, str]], series: str = "invoice"
) -> None:
    """Say why numbers of a series are not used."""
    same = {"creditor_id": part.creditor_id, "series": series, "run_id": run.id}
    session.execute(insert(NumberVoid), [{**same, "number": number, "reason": reason} for number, reason in numbers])


def void_voucher(session: Session, *, run: Run, part: RunSlice, reason: str) -> None:
    """Say why the number of a slice's voucher, if it has one, is not used."""
    if part.entry_number is not None:
        _void(session, run=run, part=part, numbers=[(part.entry_number, reason)], series="entry")


def _give_back(session: Session, *, run: Run, rows: Sequence[tuple[int, str]]) -> None:
    """Release what rows, each with its reason, had reserved."""
    values = {"run": run.id, "seqs": [seq for seq, _ in rows], "reasons": [reason for _, reason in rows]}
    session.execute(statement("dues/invoicing/sql/give_back.sql"), values)
