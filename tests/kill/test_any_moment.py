"""A run of 20,000 invoices killed at ten random moments and gone on with, then undone and killed at three more.

Its drivers are processes of their own, with commits of their own, and die by SIGKILL. The moments are drawn once from
SEED: a place in the run, and a pause after it so that the blow falls inside a transaction, wherever that may be.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from sqlalchemy import text

from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.invoicing.issue import start_issue
from dues.invoicing.undo import start_undo
from dues.runs.models import Run, RunPreview, RunState
from dues.runs.start import confirm
from tests.factories.runs import finished, outcome
from tests.kill.driver import driver, ended
from tests.kill.proof import INVOICING, count, wrong
from tests.kill.town import TODAY
from tests.processes import in_time

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.kill.town import Town

MEMBERS: Final = 20_000
SLICE: Final = 400
SEED: Final = 5
ISSUING: Final = 10
UNDOING: Final = 3
"""How often each of the two is killed."""

_LONGEST: Final = 0.08
"""Seconds between the place and the blow: about as long as a slice takes."""
_PATIENCE: Final = 30.0

PREVIEWED: Final = """
    CREATE TABLE previewed AS
    SELECT i.membership_id, i.payer_id, i.creditor_id, i.period_from, i.period_to, i.amount, i.currency
    FROM invoice_item i WHERE i.run_id = :run AND i.state = 'ready'"""
DIFFERENT: Final = """
    WITH issued AS (
        SELECT l.membership_id, i.payer_id, i.creditor_id, min(l.period_from) AS period_from,
            max(l.period_to) AS period_to, i.amount, i.currency
        FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id
        WHERE i.run_id = :run GROUP BY i.id, l.membership_id
    )
    SELECT (SELECT count(*) FROM (SELECT * FROM previewed EXCEPT ALL SELECT * FROM issued) missing)
        + (SELECT count(*) FROM (SELECT * FROM issued EXCEPT ALL SELECT * FROM previewed) more)"""

UNDONE: Final = {
    "an invoice has not one credit note of the same amount": """
        SELECT count(*) FROM invoice i LEFT JOIN invoice n ON n.credits_id = i.id
        WHERE i.kind = 'invoice' AND (n.amount, n.payer_id) IS DISTINCT FROM (i.amount, i.payer_id)""",
    "a credit note has not the lines of its invoice": """
        SELECT count(*) FROM invoice n
        WHERE n.kind = 'credit note' AND
            (SELECT array_agg((position, membership_id, amount) ORDER BY position) FROM invoice_line
             WHERE invoice_id = n.id)
            IS DISTINCT FROM
            (SELECT array_agg((position, membership_id, amount) ORDER BY position) FROM invoice_line
             WHERE invoice_id = n.credits_id)""",
    "a claim is open": "SELECT count(*) FROM claim WHERE open_amount <> 0 OR ended IS DISTINCT FROM 'credited'",
    "a posting is not reversed once": """
        SELECT count(*) FROM posting p WHERE p.reverses_id IS NULL
            AND (SELECT count(*) FROM posting r WHERE r.reverses_id = p.id) <> 1""",
    "a fee period of the run is not released": """
        SELECT count(*) FROM fee_period WHERE run_id IS NOT NULL AND release = 0""",
    "an invoice still waits to be sent, or somebody hears of what they never got": """
        SELECT count(*) FROM message WHERE state <> 'withheld'""",
    "a number is missing or void": INVOICING["a number is missing or void"],
    "a voucher's number is missing": INVOICING["a voucher's number is missing"],
    "a row could not be worked on": INVOICING["a row could not be worked on"],
}
"""Statements that count what is wrong after a run was undone of which nobody had heard."""


class Moment(NamedTuple):
    """When a driver dies: so many items after the beginning of the run's slices, and then so many seconds later."""

    place: int
    pause: float


def moments(dice: random.Random, *, many: int, places: int) -> list[Moment]:
    """Draw moments in their order; the last slices are left for whoever ends the run."""
    drawn = sorted(dice.sample(range(int(places * 0.95)), many))
    return [Moment(place, dice.uniform(0, _LONGEST)) for place in drawn]


def place(town: Town, run: int) -> int:
    """How many items of its slices a run has worked on, in all phases together; -1 before the first."""
    with town.open_session() as session:
        found = session.get_one(Run, run)
        slices = {"claim": 0, "number": found.total, "write": found.total if found.undoes_id is None else 0}
        return -1 if found.phase not in slices else slices[found.phase] + found.done


def kill_at(town: Town, run: int, blow: Moment) -> str:
    """Let a process drive a run, and kill it at a moment; return where the run stood then."""
    at_work = driver(town.database, run)
    start = time.monotonic()
    try:
        while place(town, run) < blow.place:
            assert at_work.is_alive(), "the driver was over before it was struck"
            assert in_time(time.monotonic() - start, _PATIENCE), f"place {blow.place} never came"
            time.sleep(0.002)
        time.sleep(blow.pause)
    finally:
        assert ended(at_work) < 0, "the driver was over before it was struck"
    found = outcome(town.open_session, run)
    assert found.state is RunState.WORKING
    return f"{found.done} of {found.total}"


def confirmed(town: Town, run: int) -> None:
    """Confirm a preview as it was seen."""
    with town.database.unit_of_work(Role.JOBS) as session:
        confirm(session, run_id=run, seen=session.get_one(RunPreview, run).fingerprint)


def suffered(town: Town, run: int, blows: Sequence[Moment]) -> list[str]:
    """Confirm a run, kill each of its drivers, and let the last one end it."""
    confirmed(town, run)
    stood = [kill_at(town, run, blow) for blow in blows]
    assert finished(town.open_session, run, parallel=2).state is RunState.DONE
    return stood


@pytest.mark.kill
def test_exactly_the_previewed_invoices_whenever_it_dies(
    town: Town, record_property: Callable[[str, object], None]
) -> None:
    dice = random.Random(SEED)  # noqa: S311 -- the same moments each time
    town.fill(MEMBERS)
    run = preview(town)
    issued = outcome(town.open_session, run).total
    with town.database.owner.begin() as connection:
        connection.execute(text(PREVIEWED), {"run": run})
    record_property("issuing", suffered(town, run, moments(dice, many=ISSUING, places=2 * issued)))
    assert count(town.open_session, "invoice") == issued > MEMBERS * 0.95
    with town.database.owner.connect() as connection:
        assert connection.scalar(text(DIFFERENT), {"run": run}) == 0
    assert wrong(town.open_session, INVOICING) == {}

    undoing = preview_of_undoing(town, run)
    record_property("undoing", suffered(town, undoing, moments(dice, many=UNDOING, places=issued)))
    assert outcome(town.open_session, undoing).result["credited"] == issued
    assert count(town.open_session, "invoice") == 2 * issued
    assert wrong(town.open_session, UNDONE) == {}


def preview(town: Town) -> int:
    """Preview a run over everybody."""
    with town.database.unit_of_work(Role.JOBS) as session:
        run = start_issue(session, on=TODAY, by=COMMAND_LINE, slice_size=SLICE).id
    assert finished(town.open_session, run).state is RunState.READY
    return run


def preview_of_undoing(town: Town, run: int) -> int:
    """Preview what would be credited of a run."""
    with town.database.unit_of_work(Role.JOBS) as session:
        undoing = start_undo(session, run_id=run, on=TODAY, by=COMMAND_LINE, slice_size=SLICE).id
    assert finished(town.open_session, undoing).state is RunState.READY
    return undoing
