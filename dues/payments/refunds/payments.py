"""Books what payments have to do with refunds: between the account of unidentified money and the one for refunds."""

import datetime as dt

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.groups.models import Creditor
from dues.journal.models import Event, Posting
from dues.journal.post import open_entry
from dues.journal.side_accounts import open_refunds
from dues.payments.models import Payment
from dues.payments.refunds.models import Refund, RefundPayment, RefundPaymentKind
from dues.payments.transfer import credit_account

EVENTS = {
    RefundPaymentKind.SOURCE: "refund proposed",
    RefundPaymentKind.PAID: "refund paid",
    RefundPaymentKind.BOUNCED: "refund bounced",
}
"""What the journal calls the entries."""


def move_payment(
    session: Session,
    *,
    refund: Refund,
    payment: Payment,
    kind: RefundPaymentKind,
    amount: int,
    on: dt.date,
    by: Actor,
) -> RefundPayment:
    """Use an amount of a payment, with its sign, for a refund; the caller lowers the payment's case.

    Above nothing, money goes from what is unidentified to refunds; below, the other way.
    """
    creditor = session.get_one(Creditor, refund.creditor_id)
    refunds = open_refunds(session, creditor=creditor, currency=refund.currency)
    unidentified = credit_account(
        session, creditor_id=refund.creditor_id, event=Event.UNIDENTIFIED, currency=refund.currency
    )
    use_id = session.scalars(text("SELECT nextval('refund_payment_id_seq')")).one()
    entry = open_entry(
        session, creditor_id=refund.creditor_id, event=EVENTS[kind], key=f"refund payment:{use_id}", on=on, by=by
    )
    session.execute(
        insert(Posting).values(
            entry_id=entry.id,
            debit_account_id=unidentified if amount > 0 else refunds,
            credit_account_id=refunds if amount > 0 else unidentified,
            amount=abs(amount),
            currency=refund.currency,
            on_date=entry.on_date,
            value_date=payment.value_on,
            payment_id=payment.id,
            person_id=refund.person_id,
        )
    )
    use = RefundPayment(
        id=use_id,
        creditor_id=refund.creditor_id,
        refund_id=refund.id,
        payment_id=payment.id,
        kind=kind,
        amount=amount,
        currency=refund.currency,
        on_date=entry.on_date,
        entry_id=entry.id,
        actor=str(by),
    )
    session.add(use)
    session.flush()
    return use
