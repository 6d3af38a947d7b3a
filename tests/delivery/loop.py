"""Walks members through the loop by the house's own verbs, until something waits in the outbox."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import TYPE_CHECKING, Final

from sqlalchemy import Engine, select
from sqlalchemy.orm import sessionmaker

from bankfiles.accounts import account
from bankfiles.types import Reference
from bankfiles.write import Deposit, Incoming
from bankfiles.write_camt import write_camt054
from dues.actor import COMMAND_LINE
from dues.collection import remind
from dues.delivery.models import Message
from dues.invoicing import issue
from dues.invoicing.models import Claim, PaymentReference
from dues.payments.accept import accept
from tests.factories.runs import finished, opener

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.organisation import Organisation

JOINED: Final = dt.date(2026, 11, 1)
DUE: Final = dt.date(2026, 12, 1)
LATE: Final = dt.date(2026, 12, 20)


def invoice_all(session: Session, *, on: dt.date = JOINED) -> None:
    """Invoice everybody who is due, and commit."""
    run = issue.start_issue(session, on=on, by=COMMAND_LINE, confirmed=True)
    _work_off(session, run.id)


def remind_all(session: Session, *, on: dt.date = LATE) -> None:
    """Remind everybody who is late, and commit."""
    run = remind.start_reminders(session, on=on, by=COMMAND_LINE, confirmed=True)
    _work_off(session, run.id)


def pay(session: Session, organisation: Organisation, *, amount: int, on: dt.date = JOINED, reason: str = "") -> None:
    """Pay an amount on the one claim there is, by a bank file, and commit; below zero the bank returns it."""
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
        payments=[
            Incoming(
                amount=amount,
                bank_reference="1" if amount > 0 else "2",
                references=(Reference(reference),),
                payer_name="Kim",
                return_reason=reason,
            )
        ],
    )
    file = BytesIO()
    write_camt054(file, [deposit], created=dt.datetime.combine(on, dt.time(8), dt.UTC), message_id="one")
    file.seek(0)
    _work_off(session, accept(session, stream=file, name="one.xml", on=on, by=COMMAND_LINE).run_id)


def _work_off(session: Session, run_id: int) -> None:
    session.commit()
    place = session.get_bind()
    finished(sessionmaker(place) if isinstance(place, Engine) else opener(session), run_id)
    session.expire_all()


def messages(session: Session) -> list[Message]:
    """The outbox as it stands, oldest first."""
    session.expire_all()
    return list(session.scalars(select(Message).order_by(Message.id)))
