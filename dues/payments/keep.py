"""Keeps money that is meant for no claim as a person's credit."""

import datetime as dt
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.journal.models import Event
from dues.members.models import Person
from dues.patience import patiently
from dues.payments.credit import add_credit
from dues.payments.errors import NotPositiveError, TooMuchError, UnknownPersonError
from dues.payments.models import Allocation, Payment
from dues.payments.transfer import held_payment, transfer, use_up, waiting


def person_named(session: Session, *, name: UUID) -> int:
    """Return the id of the person that others know by a name; raise UnknownPersonError."""
    found = session.scalar(select(Person.id).where(Person.uuid == name))
    if found is None:
        raise UnknownPersonError(name)
    return found


def keep(session: Session, *, payment_id: int, person_id: int, amount: int | None, on: dt.date, by: Actor) -> int:
    """Keep a payment, or an amount of it, as a person's credit; return the allocation's id.

    Raises a PaymentError where it cannot be done, and BusyError; nothing is changed then.
    """
    return patiently(
        session, lambda: keep_now(session, payment_id=payment_id, person_id=person_id, amount=amount, on=on, by=by)
    )


def keep_now(
    session: Session,
    *,
    payment_id: int,
    person_id: int,
    amount: int | None,
    on: dt.date,
    by: Actor,
    moved_from: int | None = None,
) -> int:
    """Do the same within a larger piece of work, which is patient as a whole.

    ``moved_from`` is an allocation whose place this one takes.
    """
    payment = held_payment(session, payment_id)
    case = waiting(session, payment)
    kept = case.unallocated if amount is None else amount
    if kept <= 0:
        raise NotPositiveError(kept)
    if kept > case.unallocated:
        raise TooMuchError(kept, case.unallocated, 0)
    if session.get(Person, person_id) is None:
        raise UnknownPersonError(person_id)
    allocation = keep_as_credit(
        session, payment=payment, person_id=person_id, amount=kept, on=on, by=by, moved_from=moved_from
    )
    use_up(case, kept, by=by)
    session.flush()
    return allocation.id


def keep_as_credit(
    session: Session,
    *,
    payment: Payment,
    person_id: int,
    amount: int,
    on: dt.date,
    by: Actor,
    moved_from: int | None = None,
) -> Allocation:
    """Move an amount of a held payment to a person's credit; the caller lowers the case."""
    allocation = transfer(
        session,
        payment=payment,
        person_id=person_id,
        claim_id=None,
        amount=amount,
        target=Event.CREDIT,
        on=on,
        by=by,
        moved_from=moved_from,
    )
    add_credit(session, creditor_id=payment.creditor_id, person_id=person_id, amount=amount, currency=payment.currency)
    return allocation
