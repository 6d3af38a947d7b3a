"""The sweeper: finds work that nobody is at, and wakes a worker for it; whatever was lost on the way is found here."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from database.connect import Role
from dues.actor import AUTOMATIC
from dues.dates import today
from dues.delivery.bind import AWAITED
from dues.delivery.queries import any_due
from dues.invoicing.ageing import fold_open_claims
from dues.journal.ledger_days import fold_ledger_days
from dues.payments.fetching import any_due as any_server_due
from dues.payments.match import is_due, start_matching
from dues.runs.models import Task
from dues.runs.queries import abandoned, unattended
from dues.runs.schedule import resting
from dues.settling.receive import take_in_settlements
from jobs.inbox import any_waiting

if TYPE_CHECKING:
    from jobs.house import House

_MOST: Final = 100
"""Runs woken in one sweep; the next ones follow in the next."""


def sweep(house: House) -> None:
    """Wake workers for abandoned runs, messages that are due, files in the watched folder, and banks' servers.

    What the schedule lets rest is left alone; codes that somebody sits and waits for are sent all the same. What
    changed in the open claims and in the days of the ledger is folded into their sums on the way, and what was settled
    with groups that keep books of their own is booked there. Where money, an invoice or a rule has come since the last
    look at the payments that wait, a run takes another one.
    """
    with house.database.unit_of_work(Role.JOBS) as session:
        fold_open_claims(session)
    with house.database.unit_of_work(Role.JOBS) as session:
        fold_ledger_days(session)
    with house.database.unit_of_work(Role.JOBS) as session:
        take_in_settlements(session, by=AUTOMATIC)
    with house.database.unit_of_work(Role.JOBS) as session:
        if is_due(session):
            start_matching(session, on=today(session), by=AUTOMATIC)
    with house.open_session() as session:
        runs = unattended(session, run_ids=abandoned(session)[:_MOST])
        session.rollback()  # lets go of the runs before any worker is told
        rests = resting(session)
        messages = any_due(session, channels=house.post(), kinds=AWAITED if Task.MESSAGES in rests else None)
        servers = any_server_due(session, moment=dt.datetime.now(dt.UTC))
    for run_id in runs:
        house.queues.run(run_id)
    if messages:
        house.queues.messages()
    if Task.INBOX in rests:
        return
    if any_waiting(house.settings.inbox):
        house.queues.inbox()
    if servers:
        house.queues.fetch()
