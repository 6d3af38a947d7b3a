"""Cancels refunds that no bank was told of: the money is again what it was before."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.groups.models import Creditor
from dues.journal.side_accounts import open_refunds
from dues.patience import patiently
from dues.payments.refunds.errors import RefundMovedError
from dues.payments.refunds.find import held_refund
from dues.payments.refunds.models import CreditUse, RefundPaymentKind, RefundState, Stopped
from dues.payments.refunds.payments import move_payment
from dues.payments.refunds.spend import give_back
from dues.payments.returned import meet_returns
from dues.payments.transfer import held_payment, reopen_case


def cancel(session: Session, *, refund_id: int, on: dt.date, by: Actor) -> None:
    """Cancel a refund that is proposed, approved, or came back from the bank.

    Raises UnknownRefundError, RefundMovedError where it is on its way or over, and BusyError.
    """
    patiently(session, lambda: _cancel(session, refund_id, on=on, by=by))


def reject(session: Session, *, refund_id: int) -> None:
    """Say that the bank refused an order before any money left: the refund waits for another account.

    What a bank itself reports (pain.002) is taken in by `reports`. Raises UnknownRefundError, and RefundMovedError
    where it is not on its way.
    """
    refund = held_refund(session, refund_id, RefundState.SENT)
    refund.state, refund.approved_by = RefundState.BOUNCED, None
    refund.stopped, refund.stop_code, refund.stop_words = Stopped.REJECTED, None, ""
    session.flush()


def _cancel(session: Session, refund_id: int, *, on: dt.date, by: Actor) -> None:
    refund = held_refund(session, refund_id, RefundState.PROPOSED, RefundState.APPROVED, RefundState.BOUNCED)
    if refund.payment_id is not None:
        payment = held_payment(session, refund.payment_id)
        move_payment(
            session, refund=refund, payment=payment, kind=RefundPaymentKind.SOURCE, amount=-refund.amount, on=on, by=by
        )
        reopen_case(session, payment=payment, amount=refund.amount, claim_id=None)
    else:
        wanted = select(CreditUse).where(CreditUse.refund_id == refund.id, CreditUse.reverses_id.is_(None))
        used = session.scalars(wanted).first()
        if used is None:
            raise RefundMovedError(refund.id, refund.state)
        creditor = session.get_one(Creditor, refund.creditor_id)
        account_id = open_refunds(session, creditor=creditor, currency=refund.currency)
        give_back(session, use=used, account_id=account_id, on=on, by=by)
    refund.state, refund.ended_on = RefundState.CANCELLED, on
    session.flush()
    if refund.stopped is Stopped.SOURCE_RETURNED:
        meet_returns(session, creditor_id=refund.creditor_id, by=by)
