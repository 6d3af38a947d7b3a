"""Walks members through the loop by the house's own verbs, until something waits in the outbox."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, text

from bankfiles.accounts import account
from bankfiles.types import Reference
from bankfiles.write import Deposit, Incoming
from bankfiles.write_camt import write_camt054
from dues.actor import COMMAND_LINE
from dues.collection import remind
from dues.delivery.models import Message
from dues.invoicing import issue
from dues.invoicing.models import Claim, PaymentReference
from dues.payments import book
from dues.payments.accept import accept
from dues.runs.models import Run

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.organisation import Organisation

JOINED: Final = dt.date(2026, 11, 1)
DUE: Final = dt.date(2026, 12, 1)
LATE: Final = dt.date(2026, 12, 20)


def invoice_all(session: Session, *, on: dt.date = JOINED) -> None:
    """Invoice everybody who is due, and commit."""
    run = issue.start_issue(session, on=on, by=COMMAND_LINE, confirmed=True)
    while issue.step(session, run):
        pass
    session.execute(
        text("DROP TABLE IF EXISTS candidate")
    )  # a test is one transaction, which else has one preview only
    session.commit()


def remind_all(session: Session, *, on: dt.date = LATE) -> None:
    """Remind everybody who is late, and commit."""
    run = remind.start_reminders(session, on=on, by=COMMAND_LINE, confirmed=True)
    while remind.step(session, run):
        pass
    session.commit()


def pay(session: Session, organisation: Organisation, *, amount: int, on: dt.date = JOINED) -> None:
    """Pay an amount on the one claim there is, by a bank file, and commit."""
    reference, currency = session.execute(
        select(PaymentReference.value, Claim.currency).join(Claim, Claim.id == PaymentReference.claim_id)
    ).one()
    paid_to = account(organisation.agreement.scheme, organisation.agreement.number)
    assert paid_to is not None
    deposit = Deposit(
        account=paid_to,
        currency=currency,
        booked_on=on,
        number=1,
        payments=[Incoming(amount=amount, bank_reference="1", references=(Reference(reference),), payer_name="Kim")],
    )
    file = BytesIO()
    write_camt054(file, [deposit], created=dt.datetime.combine(on, dt.time(8), dt.UTC), message_id="one")
    file.seek(0)
    run = session.get_one(Run, accept(session, stream=file, name="one.xml", on=on, by=COMMAND_LINE).run_id)
    while book.step(session, run):
        pass
    session.commit()


def messages(session: Session) -> list[Message]:
    """The outbox as it stands, oldest first."""
    session.expire_all()
    return list(session.scalars(select(Message).order_by(Message.id)))
