"""Taking in, killed three times over while it writes: every invoice of the table once, and the books hold."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.dates import set_clock
from dues.invoicing.charge_file import TAKE_IN, keep_table, reading_of, table_of
from dues.invoicing.models import Invoice
from dues.invoicing.take_in_file import take_table_in
from dues.journal.verify import verify
from dues.runs.models import Run
from tests.factories.members import person
from tests.factories.organisation import organisation
from tests.factories.runs import finished
from tests.kill.driver import driver, ended
from tests.processes import burden

if TYPE_CHECKING:
    from database.connect import Database

DAY: Final = dt.date(2026, 11, 22)
MANY: Final = 1_200
SLICE: Final = 40


def begun(database: Database) -> int:
    """Start a confirmed run over a table of many invoices, each paid in part."""
    with database.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=DAY, real=dt.datetime.now(dt.UTC).date())
        made = organisation(session)
        who = [person(session).id for _ in range(20)]
        rows = "".join(f"K{at};{who[at % 20]};2026-10-01;2026-11-01;300;100\n" for at in range(MANY))
        content = f"Faktura;Medlem;Fakturadatum;Förfallodatum;Belopp;Betalt\n{rows}".encode()
        file = keep_table(session, content=content, name="k.csv", group=made.root, by=COMMAND_LINE, kind=TAKE_IN)
        reading = replace(reading_of(session, file=file, table=table_of(file)), source="Old")
        run = take_table_in(session, file=file, reading=reading, on=DAY, by=COMMAND_LINE)
        run.confirmed, run.params = True, {**run.params, "slice": SLICE}
        return run.id


def done(database: Database, run_id: int) -> int:
    with database.opener(Role.JOBS)() as session:
        run = session.get_one(Run, run_id)
        return run.done if run.phase == "write" else 0


@pytest.mark.kill
def test_every_invoice_is_taken_in_once_however_often_it_dies(committing: Database) -> None:
    run_id = begun(committing)
    for _ in range(3):
        before = done(committing, run_id)
        at_work = driver(committing, run_id)
        patience = time.monotonic() + 60 * burden()
        while done(committing, run_id) <= before and at_work.is_alive() and time.monotonic() < patience:
            time.sleep(0.005)
        assert ended(at_work) < 0, "the driver was over before it was struck"
    assert finished(committing.opener(Role.JOBS), run_id).result["issued"] == MANY
    with committing.opener(Role.JOBS)() as session:
        proof = verify(session)
    assert proof.ok, proof.checks
    with committing.opener(Role.JOBS)() as session:
        printed = session.scalars(select(Invoice.printed).where(Invoice.run_id == run_id)).all()
    assert sorted(str(number) for number in printed) == sorted(f"K{at}" for at in range(MANY))
