"""Proposes refunds: the money leaves a person's credit, or what a payment has without a use, and waits to be paid."""

import datetime as dt

from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.groups.models import Creditor
from dues.journal.side_accounts import open_refunds
from dues.patience import patiently
from dues.payments.errors import NotPositiveError, OtherCurrencyError, TooMuchError
from dues.payments.refunds.accounts import payout_account_or_none
from dues.payments.refunds.errors import NoNameError, NoSourceError
from dues.payments.refunds.models import CreditUseKind, Refund, RefundPaymentKind
from dues.payments.refunds.payments import move_payment
from dues.payments.refunds.spend import spend_credit
from dues.payments.transfer import held_payment, use_up, waiting


def propose(
    session: Session,
    *,
    creditor_id: int,
    person_id: int | None,
    payment_id: int | None,
    amount: int,
    currency: str,
    name: str,
    account: str | None,
    reason: str,
    by: Actor,
    on: dt.date,
) -> int:
    """Propose that an amount goes back to somebody, and return the refund's id.

    With ``payment_id`` it is what that payment has without a use, else the credit of the person; in minor units.
    ``account`` is as somebody wrote it or a bank gave it: where it is none that money goes to, it is asked for before
    the refund is approved. Raises NoSourceError, NoNameError, NotPositiveError, TooMuchError, OtherCurrencyError,
    NotEnoughCreditError, and BusyError; nothing is changed then.
    """
    if person_id is None and payment_id is None:
        raise NoSourceError
    if amount <= 0:
        raise NotPositiveError(amount)
    if not name.strip():
        raise NoNameError
    creditor = session.get_one(Creditor, creditor_id)
    known = payout_account_or_none(account, country=creditor.country, currency=currency)
    refund = Refund(
        creditor_id=creditor_id,
        person_id=person_id,
        payment_id=payment_id,
        amount=amount,
        currency=currency,
        name=" ".join(name.split()),
        scheme=known.scheme if known else None,
        number=known.number if known else None,
        reason=" ".join(reason.split()),
        on_date=on,
        actor=str(by),
    )
    return patiently(session, lambda: _proposed(session, refund, creditor, on=on, by=by))


def _proposed(session: Session, refund: Refund, creditor: Creditor, *, on: dt.date, by: Actor) -> int:
    account_id = open_refunds(session, creditor=creditor, currency=refund.currency)
    session.add(refund)
    session.flush()  # what books it names it
    if refund.payment_id is not None:
        _of_payment(session, refund, refund.payment_id, on=on, by=by)
    elif refund.person_id is not None:
        spend_credit(
            session,
            creditor_id=refund.creditor_id,
            person_id=refund.person_id,
            amount=refund.amount,
            currency=refund.currency,
            kind=CreditUseKind.REFUND,
            of=refund.id,
            account_id=account_id,
            on=on,
            by=by,
        )
    return refund.id


def _of_payment(session: Session, refund: Refund, payment_id: int, *, on: dt.date, by: Actor) -> None:
    payment = held_payment(session, payment_id)
    case = waiting(session, payment)
    if payment.currency != refund.currency:
        raise OtherCurrencyError(payment.currency, refund.currency)
    if refund.amount > case.unallocated:
        raise TooMuchError(refund.amount, case.unallocated, 0)
    move_payment(
        session, refund=refund, payment=payment, kind=RefundPaymentKind.SOURCE, amount=refund.amount, on=on, by=by
    )
    use_up(case, refund.amount, by=by)
    session.flush()
