"""A small organisation for jobs to work on, and a look at what waits in Redis."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import redis
from rq import Queue
from sqlalchemy import select

from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.dates import set_clock
from dues.groups.models import BankAgreement
from dues.invoicing.issue import start_issue
from jobs.queues import SERIALIZER
from tests.factories.members import member
from tests.factories.money import camt, owed, paid
from tests.factories.organisation import FEE, organisation

if TYPE_CHECKING:
    from jobs.house import House

TODAY = dt.date(2026, 11, 22)
ENDS = dt.date(2026, 12, 1)


def settle(house: House, *, members: int = 2) -> None:
    """Found the organisation, with members whose year ends soon."""
    with house.database.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=TODAY, real=dt.datetime.now(house.settings.time_zone).date())
        town = organisation(session)
        for _ in range(members):
            member(session, town, joined_on=dt.date(2025, 12, 2), paid_through=ENDS)


def invoice_run(house: House) -> int:
    """Start an invoice run that nobody drives."""
    with house.database.unit_of_work(Role.JOBS) as session:
        return start_issue(session, on=TODAY, by=COMMAND_LINE, confirmed=True).id


def bank_file(house: House) -> bytes:
    """A file in which every open claim is paid."""
    claims = owed(house.open_session)
    with house.open_session() as session:
        agreement = session.scalars(select(BankAgreement)).one()
        return camt(agreement, [paid(FEE, reference) for _, reference, _ in claims], on=TODAY).getvalue()


def queued(redis_url: str, *names: str) -> list[str]:
    """The jobs that wait in these queues, in their order, without what makes each name unique."""
    with redis.Redis.from_url(redis_url) as connection:
        queues = [Queue(name, connection=connection, serializer=SERIALIZER) for name in names or ("bulk", "mail")]
        return [job.rpartition("__")[0] for queue in queues for job in queue.get_job_ids()]
