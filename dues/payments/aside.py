"""Takes what a payment has left out of the queue for no member, to an account that says so; and brings it back."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.groups.models import Creditor
from dues.journal.beside import open_beside
from dues.journal.models import Account, AccountRole, Entry, Event, Posting
from dues.journal.post import open_entry
from dues.patience import patiently
from dues.payments.aside_models import PaymentAside, Purpose
from dues.payments.errors import (
    CaseMovedError,
    NoAccountForError,
    NothingLeftError,
    ReasonMissingError,
    UnknownAsideError,
)
from dues.payments.models import CaseReason, Payment
from dues.payments.moved import last_move
from dues.payments.transfer import credit_account, held_payment, reopen_case, use_up, waiting


@dataclass(frozen=True, slots=True)
class Setting:
    """What somebody decides of the rest of a payment that is no member's.

    ``account_id`` is the account it goes to, None for the usual one. ``seen`` is the payment's `last_move` when the
    officer looked.
    """

    reason: str
    account_id: int | None = None
    seen: int | None = None


def set_aside(session: Session, *, payment_id: int, wanted: Setting, on: dt.date, by: Actor) -> PaymentAside:
    """Take all that a payment has left out of the queue, to an account; return the row that says so.

    Raises ReasonMissingError, CaseMovedError, NothingLeftError, NoAccountForError, NoBooksError and BusyError; nothing
    is changed then.
    """
    if not wanted.reason.strip():
        raise ReasonMissingError
    return patiently(session, lambda: _set_aside(session, payment_id, wanted, on=on, by=by))


def _set_aside(session: Session, payment_id: int, wanted: Setting, *, on: dt.date, by: Actor) -> PaymentAside:
    payment = held_payment(session, payment_id)
    if wanted.seen is not None and last_move(session, payment_id=payment_id) != wanted.seen:
        raise CaseMovedError(payment_id)
    case = waiting(session, payment, empty=True)
    if not case.unallocated:
        raise NothingLeftError(payment.id)
    row = PaymentAside(
        payment_id=payment.id,
        creditor_id=payment.creditor_id,
        purpose=Purpose.NOT_OURS,
        amount=case.unallocated,
        currency=payment.currency,
        account_id=_account(session, payment, wanted),
        reason=wanted.reason.strip(),
    )
    post_aside(session, payment=payment, row=row, on=on, by=by)
    use_up(case, row.amount, by=by)
    session.flush()
    return row


def _account(session: Session, payment: Payment, wanted: Setting) -> int:
    if wanted.account_id is None:
        creditor = session.get_one(Creditor, payment.creditor_id)
        return open_beside(session, creditor=creditor, currency=payment.currency).id
    offered = aside_accounts(session, creditor_id=payment.creditor_id, currency=payment.currency)
    if wanted.account_id not in {one.id for one in offered}:
        raise NoAccountForError(wanted.account_id)
    return wanted.account_id


def aside_accounts(session: Session, *, creditor_id: int, currency: str) -> Sequence[Account]:
    """Return the accounts that such money may go to; none where the usual one is yet to be opened, with the first."""
    wanted = select(Account).where(
        Account.creditor_id == creditor_id, Account.role == AccountRole.NOT_OURS, Account.currency == currency
    )
    return session.scalars(wanted.order_by(Account.id)).all()


def post_aside(session: Session, *, payment: Payment, row: PaymentAside, on: dt.date, by: Actor) -> None:
    """Write down what was set aside, or (where the row names another one) brought back, with its posting."""
    unidentified = credit_account(
        session, creditor_id=payment.creditor_id, event=Event.UNIDENTIFIED, currency=payment.currency
    )
    entry = _entry(session, row, on=on, by=by)
    towards = (row.reverses_id is None) == (row.amount > 0)  # to the account; money that left comes the other way
    session.execute(
        insert(Posting).values(
            entry_id=entry.id,
            debit_account_id=unidentified if towards else row.account_id,
            credit_account_id=row.account_id if towards else unidentified,
            amount=abs(row.amount),
            currency=row.currency,
            on_date=entry.on_date,
            value_date=payment.value_on,
            payment_id=payment.id,
        )
    )
    row.on_date, row.entry_id, row.actor = entry.on_date, entry.id, str(by)
    session.add(row)
    session.flush()


def _entry(session: Session, row: PaymentAside, *, on: dt.date, by: Actor) -> Entry:
    """Open the voucher; its key counts how often a payment was set aside and brought back before."""
    before = select(PaymentAside.id).where(PaymentAside.payment_id == row.payment_id)
    nth = len(session.scalars(before).all())
    event = "aside brought back" if row.reverses_id is not None else row.purpose.value
    key = f"aside:{row.payment_id}:{nth}"
    return open_entry(session, creditor_id=row.creditor_id, event=event, key=key, on=on, by=by)


def bring_back(session: Session, *, aside_id: int, on: dt.date, by: Actor) -> PaymentAside:
    """Put what was set aside back on the queue; return what had been.

    Raises UnknownAsideError (also for what was brought back before, withdrawn, or handed on) and BusyError.
    """
    return patiently(session, lambda: _bring_back(session, aside_id, on=on, by=by))


def _bring_back(session: Session, aside_id: int, *, on: dt.date, by: Actor) -> PaymentAside:
    row = session.get(PaymentAside, aside_id)
    if row is None or row.reverses_id is not None or row.purpose is not Purpose.NOT_OURS:
        raise UnknownAsideError(aside_id)
    payment = held_payment(session, row.payment_id)
    if session.scalar(select(PaymentAside.id).where(PaymentAside.reverses_id == aside_id)) is not None:
        raise UnknownAsideError(aside_id)
    back = PaymentAside(
        payment_id=row.payment_id,
        creditor_id=row.creditor_id,
        purpose=row.purpose,
        amount=row.amount,
        currency=row.currency,
        account_id=row.account_id,
        payer_name=row.payer_name,
        payer_account=row.payer_account,
        reverses_id=row.id,
    )
    post_aside(session, payment=payment, row=back, on=on, by=by)
    case = reopen_case(session, payment=payment, amount=row.amount, claim_id=None)
    if row.amount < 0:  # a return goes on waiting for its payment
        case.reason = CaseReason.RETURNED if payment.kind == "return" else CaseReason.MONEY_LEFT
    session.flush()
    return row
