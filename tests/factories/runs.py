"""Runs driven to their end by the house's own driver, inside a test's transaction or with real commits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from dues.actor import COMMAND_LINE
from dues.collection import remind
from dues.invoicing import bulk, charge_stage, issue, take_in, undo
from dues.lists import export
from dues.payments import bank_run, book, match, match_find
from dues.payments.refunds import order as refund_order
from dues.runs.drive import bind, drive
from dues.runs.models import Run, RunState
from dues.runs.start import confirm

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from database.connect import OpenSession

for kind, work in (
    (issue.KIND, issue.WORK),
    (book.KIND, bank_run.WORK),
    (match.KIND, match.WORK),
    (remind.KIND, remind.WORK),
    (undo.KIND, undo.WORK),
    (bulk.KIND, bulk.WORK),
):
    bind(kind, work)
bind(charge_stage.KIND, charge_stage.WORK)
bind(take_in.KIND, take_in.WORK)
bind(refund_order.KIND, refund_order.WORK)
bind(export.KIND, export.WORK)

_OWN = ("candidate", "seen_item", "undoable", "incoming", "known", "stretch", "tally")
_MATCHED = tuple(f"match_{name}" for name in match_find.TABLES)
_SPENT = ("handed", "surplus", "refunded", "spendable")
_CHARGED = ("charge_wanted", "charge_priced", "seen_charge", "charge_row", "charge_known", "take_in_bill")


@dataclass(frozen=True)
class Outcome:
    """A run as it stands after it was driven."""

    run_id: int
    state: RunState
    total: int
    done: int
    result: dict[str, Any]
    error: str | None


def within(connection: Connection) -> OpenSession:
    """Open sessions within a connection's transaction; what they commit is a savepoint.

    Temporary tables go with their transaction, which a savepoint is not: they are dropped where they would be gone.
    """

    def opened() -> Session:
        made = (*_OWN, *_SPENT, *_CHARGED, *_MATCHED)
        connection.execute(text("DROP TABLE IF EXISTS " + ", ".join(f"pg_temp.{name}" for name in made)))
        return Session(connection, join_transaction_mode="create_savepoint")

    return opened


def opener(session: Session) -> OpenSession:
    """Open sessions within a test's own transaction; its session then sees what they have committed."""
    another = within(session.connection())

    def opened() -> Session:
        session.commit()
        session.expire_all()
        return another()

    return opened


def finished(open_session: OpenSession, run_id: int, *, parallel: int = 1) -> Outcome:
    """Drive a run and tell how it stands then; an error of the work is raised."""
    drive(open_session, run_id, parallel=parallel)
    return outcome(open_session, run_id)


def outcome(open_session: OpenSession, run_id: int) -> Outcome:
    """Tell how a run stands."""
    with open_session() as session:
        run = session.get_one(Run, run_id)
        return Outcome(run_id, run.state, run.total, run.done, run.result, run.error)


def issued(
    open_session: OpenSession,
    *,
    on: dt.date,
    confirmed: bool = True,
    group: str | None = None,
    memberships: Sequence[int] = (),
    slice_size: int = 3,
) -> Outcome:
    """Start an invoice run and drive it; few members are several slices."""
    with open_session() as session, session.begin():
        run = issue.start_issue(
            session,
            on=on,
            by=COMMAND_LINE,
            confirmed=confirmed,
            group=group,
            memberships=memberships,
            slice_size=slice_size,
        )
        run_id = run.id
    return finished(open_session, run_id)


def matched(open_session: OpenSession, *, on: dt.date, slice_size: int = 3) -> Outcome:
    """Look once more at the payments that wait; few of them are several slices."""
    with open_session() as session, session.begin():
        run_id = match.start_matching(session, on=on, by=COMMAND_LINE, slice_size=slice_size).id
    return finished(open_session, run_id)


def undone(
    open_session: OpenSession, run_id: int, *, on: dt.date, confirmed: bool = True, slice_size: int = 3
) -> Outcome:
    """Start the undoing of a run and drive it; few invoices are several slices."""
    with open_session() as session, session.begin():
        run = undo.start_undo(
            session, run_id=run_id, on=on, by=COMMAND_LINE, confirmed=confirmed, slice_size=slice_size
        )
        undoing = run.id
    return finished(open_session, undoing)


def reminded(open_session: OpenSession, *, on: dt.date, confirmed: bool = True) -> Outcome:
    """Start a reminder run and drive it."""
    with open_session() as session, session.begin():
        run_id = remind.start_reminders(session, on=on, by=COMMAND_LINE, confirmed=confirmed).id
    return finished(open_session, run_id)


def confirmed(open_session: OpenSession, run_id: int) -> Outcome:
    """Confirm a previewed run and drive it on."""
    with open_session() as session, session.begin():
        confirm(session, run_id=run_id)
    return finished(open_session, run_id)
