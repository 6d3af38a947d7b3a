"""Takes in invoices that another system issued: as they were issued there, never sent, and ours from then on."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from database.sql import statement
from dues.folding import folded
from dues.groups.models import Creditor, Group
from dues.invoicing import phases
from dues.invoicing.charge_cells import ground_of, refused, strangers
from dues.invoicing.charge_columns import Reading
from dues.invoicing.charge_file import TAKE_IN, table_of
from dues.invoicing.charge_ground import Way
from dues.invoicing.charge_models import ChargeFile, ChargeItem
from dues.invoicing.charge_run import working
from dues.invoicing.charge_stage import copy_rows, know_rows
from dues.invoicing.take_in_rows import Bills
from dues.journal.chart import NoBooksError
from dues.journal.models import PAID_ELSEWHERE, Account, Event
from dues.journal.post import open_entry
from dues.journal.side_accounts import open_take_in
from dues.runs.drive import Tally
from dues.runs.models import Run, RunSlice, SliceState
from tablefiles import TableFileError

KIND: Final = TAKE_IN


def stage(session: Session, run: Run) -> bool:
    """Fill ``charge_wanted`` from the table of a run; write its faults down instead where it has any."""
    session.execute(text("DELETE FROM charge_fault WHERE run_id = :run"), {"run": run.id})
    file = session.get_one(ChargeFile, run.params["file"])
    reading = Reading.of(file.reading)
    try:
        table = table_of(file)
    except TableFileError as error:
        return refused(session, run, [(0, "", error.position, error.reason, {**error.values})])
    opening = _opening(session, file)
    named = Reading.of({**reading.stored(), "account": reading.account or (opening.code if opening else "")})
    bills = Bills(table.header, named, ground_of(session, file, more=[opening] if opening else []))
    know_rows(session, bills.read(table.rows), reading)
    found = [*bills.faults, *strangers(session, reading)]
    if found:
        return refused(session, run, sorted(found, key=lambda fault: fault[0]))
    session.execute(statement("dues/invoicing/sql/take_in_bills.sql"))
    copy_rows(session, "take_in_bill", bills.rows())
    session.execute(statement("dues/invoicing/sql/charge_texts.sql"))
    session.execute(statement("dues/invoicing/sql/take_in_take.sql"), {"group": file.group_id})
    run.params = {**run.params, "source": reading.source, "source_key": folded(reading.source)}
    session.flush()
    return True


def _opening(session: Session, file: ChargeFile) -> Account | None:
    """Return the account on which invoices are taken in that name none; None where there are no books."""
    group = session.get_one(Group, file.group_id)
    creditor = session.get(Creditor, group.creditor_id) if group.creditor_id is not None else None
    try:
        return open_take_in(session, creditor=creditor) if creditor is not None else None
    except NoBooksError:
        return None


def _write(session: Session, run: Run, part: RunSlice) -> Tally:
    """Write a slice; what had been paid of it before is booked as its last act, for that takes a voucher's number."""
    more = {"source": run.params["source"], "source_key": run.params["source_key"]}
    path = "dues/invoicing/sql/take_in_write.sql"
    tally = phases.write(session, run, part, path=path, table=ChargeItem, more=more, event=Event.TAKE_IN)
    if part.state is SliceState.WRITTEN and part.survivors:
        _book_paid(session, run, part)
    return tally


def _book_paid(session: Session, run: Run, part: RunSlice) -> None:
    bounds = {"run": run.id, "first": part.first, "last": part.last}
    if not session.scalar(statement("dues/invoicing/sql/take_in_paid.sql"), bounds):
        return
    on = run.business_day
    entry = open_entry(
        session,
        creditor_id=part.creditor_id,
        event=PAID_ELSEWHERE,
        key=f"run:{run.id}:{part.first}:paid",
        on=on,
        by=run.actor,
        run_id=run.id,
    )
    values = {**bounds, "entry": entry.id, "on": on, "books_on": entry.on_date}
    session.execute(statement("dues/invoicing/sql/take_in_book_paid.sql"), values)


WORK: Final = working(Way(stage, items="dues/invoicing/sql/take_in_items.sql", ours=False), _write)
