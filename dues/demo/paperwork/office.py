"""The demonstration's office at work: sessions, days, runs driven to where they wait, and the post that went out."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from database.acting import Acting
from database.connect import OpenSession
from dues.access.models import Staff
from dues.actor import Actor
from dues.delivery.models import Message, MessageState
from dues.demo.desks import FIRST
from dues.invoicing.send_again import KIND
from dues.payments.aside_models import PayerRule
from dues.payments.models import BankFile, Payment
from dues.runs.drive import drive
from dues.runs.models import Run
from dues.runs.start import confirm

Desk = Callable[[], AbstractContextManager[Session]]
"""Opens a unit of work and commits it in the end."""
Counter = Callable[[Acting], AbstractContextManager[Session]]
"""Does the same as the staff's role, in which somebody acts: what only people do, the role of jobs may not."""

_KEYS: Final = UUID("0b6f4a0e-3a55-4c58-9f0d-6c1d0e0f4d11")
"""Under which what was done becomes the keys that forms would have had."""
_MORNING: Final = dt.timedelta(hours=7)
_POST: Final = dt.time(3, tzinfo=dt.UTC)
_NOBODY: Final = "550 5.1.1 Recipient address rejected: user unknown"


@dataclass(frozen=True, slots=True)
class Office:
    """Who works where: ``today`` is the business day up to which there is paperwork, ``by`` who did all of it.

    What is done at the ``desk`` or the ``counter`` is committed when its block ends well, by whoever gave them.
    """

    open_session: OpenSession
    desk: Desk
    today: dt.date
    seed: int
    by: Actor
    counter: Desk

    def ago(self, days: int) -> dt.date:
        """Return the day so many days before today."""
        return self.today - dt.timedelta(days=days)

    def key(self, what: str) -> UUID:
        """Return the key of a form, the same for the same seed."""
        return uuid5(_KEYS, f"{self.seed} {what}")

    def run(self, begin: Callable[[Session], Run], *, confirmed: bool = True) -> int:
        """Begin a run, look at its preview, confirm it where that is wanted, and return it."""
        with self.desk() as session:
            run_id = begin(session).id
        drive(self.open_session, run_id)
        if confirmed:
            with self.desk() as session:
                confirm(session, run_id=run_id)
            drive(self.open_session, run_id)
        return run_id

    def post(self, on: dt.date) -> None:
        """Let what waits in the outbox have left the house in the night after a day: nothing is sent to anybody.

        It is the night, so that it comes after what it tells of, which was all recorded today.
        """
        moment = dt.datetime.combine(on + dt.timedelta(days=1), _POST)
        gone = {"state": MessageState.SENT, "recorded_at": moment, "sent_at": moment}
        with self.desk() as session:
            session.execute(update(Message).where(Message.state == MessageState.QUEUED).values(gone))

    def date_back(self) -> None:
        """Let each run of an earlier day have been at work in the morning of it; bank files came then.

        Rules for payers were made on the morning after their payment.
        """
        moment = func.timezone("UTC", Run.business_day + _MORNING)
        worked = {"created_at": moment, "started_at": moment, "finished_at": moment}
        with self.desk() as session:
            session.execute(update(Run).where(Run.business_day < self.today).values(worked))
            session.execute(update(BankFile).where(BankFile.run_id == Run.id).values(recorded_at=Run.created_at))
            after = func.timezone("UTC", Payment.booked_on + dt.timedelta(days=1) + _MORNING)
            session.execute(update(PayerRule).where(PayerRule.payment_id == Payment.id).values(recorded_at=after))

    def comes_back(self, invoice_id: int) -> None:
        """Let the mail that brought an invoice have come back: nobody has this address any more."""
        brought = (Message.kind == KIND) & (Message.subject_id == invoice_id)
        failed = {"state": MessageState.FAILED, "sent_at": None, "attempts": 1, "error": _NOBODY}
        with self.desk() as session:
            session.execute(update(Message).where(brought).values(failed))


def open_office(open_session: OpenSession, desk: Desk, counter: Counter, *, today: dt.date, seed: int) -> Office:
    """Open the office of a demonstration that has been built and whose staff is there."""
    with open_session() as session:
        clerk = session.scalars(select(Staff.id).where(Staff.email == FIRST)).one()
    by = Actor("staff", str(clerk))
    acting = Acting(str(by), user=clerk, everything=True)
    return Office(open_session, desk, today, seed, by, partial(counter, acting))
