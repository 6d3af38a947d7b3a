"""Exchanges by itself what leaves no doubt: a payment that names a claim, of which the bank says it was just that much.

The payer had the whole of the claim sent in its own currency, and the bank changed it on its way. The rate is the
file's, and what it gains or loses against the claim is posted. All else waits for a person, with the rate at hand.
"""

import datetime as dt
from typing import Final

from sqlalchemy import BigInteger, cast, select
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.invoicing.models import Claim
from dues.patience import BusyError
from dues.payments.bank_rate import rate_of
from dues.payments.errors import PaymentError
from dues.payments.exchange import exchange
from dues.payments.models import CaseReason, Payment, PaymentCase

MOST: Final = 50
"""Payments of a slice that are exchanged by themselves: a page of them; banks change few on their way."""


def exchange_told(session: Session, *, creditor_id: int, first: int, last: int, on: dt.date, by: Actor) -> int:
    """Exchange such payments of a slice for their claims, each in full; return how many."""
    told = Payment.exchanged
    wanted = (
        select(Payment.id, Payment.amount, Payment.currency, told, Claim.id, Claim.currency, Claim.open_amount)
        .join(PaymentCase, PaymentCase.payment_id == Payment.id)
        .join(Claim, Claim.id == PaymentCase.claim_id)
        .where(
            PaymentCase.payment_id.between(first, last),
            PaymentCase.creditor_id == creditor_id,
            PaymentCase.closed_at.is_(None),
            PaymentCase.reason == CaseReason.OTHER_CURRENCY,
            PaymentCase.unallocated == Payment.amount,
            Claim.ended.is_(None),
            told["currency"].astext == Claim.currency,
            cast(told["amount"].astext, BigInteger) == Claim.open_amount,
        )
        .order_by(Payment.id)
        .limit(MOST)
    )
    done = 0
    for payment_id, amount, currency, exchanged, claim_id, owed, seen in session.execute(wanted).all():
        found = rate_of(amount, currency, exchanged or {}, owed=owed)
        if found is None:
            continue
        try:
            exchange(
                session,
                payment_id=payment_id,
                claim_id=claim_id,
                rate=found.rate,
                in_full=True,
                on=on,
                by=by,
                open_seen=seen,
            )
        except (PaymentError, BusyError):
            continue  # it waits for a person, as it did
        done += 1
    return done
