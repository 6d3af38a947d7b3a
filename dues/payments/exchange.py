"""Uses a payment in one currency for a claim in another, at the bank's rate; the difference is posted.

The money becomes the debtor's credit in its own currency, and the credit is exchanged through an account for each of
the currencies. So each account keeps its one currency, and the payment is its uses like any other.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Final

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.delivery.outbox import enqueue
from dues.groups.models import Creditor
from dues.invoicing.cover import cover, uncover
from dues.invoicing.models import Claim, ClaimEnd
from dues.journal.exchange_chart import open_exchange
from dues.journal.models import Event, Posting
from dues.journal.post import open_entry
from dues.journal.rules import posting_rules
from dues.members.models import Person
from dues.patience import patiently
from dues.payments.allocate import settle
from dues.payments.credit import add_credit, take_credit
from dues.payments.errors import ClaimEndedError, ClaimMovedError, CreditUsedError, OtherCreditorError, PaymentError
from dues.payments.exchange_models import Exchange
from dues.payments.keep import keep_now
from dues.payments.models import Payment
from dues.payments.take_back import take_back_now
from dues.payments.transfer import credit_account, held_claim, held_payment, waiting
from language.currencies import decimals

_NEAR: Final = Decimal("0.05")
_DEAREST: Final = Decimal(1_000_000)


class RateError(PaymentError):
    """A rate is no number above nothing, or has more decimals than banks give."""

    def __init__(self) -> None:
        super().__init__("A rate is a number above nothing, with nine decimals at most.")


class SameCurrencyError(PaymentError):
    """Between two amounts of one currency there is nothing to exchange."""

    def __init__(self) -> None:
        super().__init__("The payment and the claim are in the same currency.")


class FarOffError(PaymentError):
    """What came is worth so much less or more than what is open that this is no matter of rates."""

    def __init__(self, worth: int, still_open: int) -> None:
        super().__init__(f"The payment is worth {worth} and {still_open} is open (in minor units): too far for a rate.")


class UnknownExchangeError(PaymentError):
    """There is no such exchange, or it was taken back already."""

    def __init__(self, exchange: int) -> None:
        super().__init__(f"There is no exchange {exchange} that could be taken back.")


@dataclass(frozen=True, slots=True)
class Deal:
    """What an exchange comes to: ``used`` of the payment is ``worth`` so much, and settles so much of the claim.

    Minor units of the payment's currency and, the latter two, of the claim's. What is ``over`` waits on.
    """

    used: int
    worth: int
    settled: int
    over: int = 0

    @property
    def difference(self) -> int:
        """What is gained by it; below nothing it is lost."""
        return self.worth - self.settled


def worth_of(amount: int, *, rate: Decimal, paid: str, owed: str) -> int:
    """Return what minor units of one currency are worth in another, rounded half away from zero."""
    exact = Decimal(amount).scaleb(-decimals(paid)) * rate
    return int(exact.scaleb(decimals(owed)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def deal(left: int, still_open: int, *, rate: Decimal, paid: str, owed: str, in_full: bool) -> Deal:
    """Say what a payment's rest settles at a rate: units of the claim's currency for one of the payment's.

    ``in_full`` settles the whole claim though the payment is worth a little less or more. Without it no more is used
    than the claim needs. Raises RateError, SameCurrencyError, and FarOffError where the difference is more than a rate
    explains.
    """
    if paid == owed:
        raise SameCurrencyError
    if not rate.is_finite() or not 0 < rate <= _DEAREST or rate != round(rate, 9):
        raise RateError
    worth = worth_of(left, rate=rate, paid=paid, owed=owed)
    if worth <= 0:
        raise RateError
    if in_full:
        if abs(worth - still_open) > still_open * _NEAR:
            raise FarOffError(worth, still_open)
        return Deal(left, worth, still_open)
    if worth <= still_open:
        return Deal(left, worth, worth)
    exact = Decimal(still_open).scaleb(-decimals(owed)) / rate
    used = min(left, int(exact.scaleb(decimals(paid)).quantize(Decimal(1), rounding=ROUND_CEILING)))
    return Deal(used, worth_of(used, rate=rate, paid=paid, owed=owed), still_open, left - used)


def exchange(
    session: Session,
    *,
    payment_id: int,
    claim_id: int,
    rate: Decimal,
    in_full: bool,
    on: dt.date,
    by: Actor,
    open_seen: int | None = None,
) -> Exchange:
    """Use what a payment has left for a claim in another currency.

    ``open_seen`` is what the claim had open when the officer looked; ClaimMovedError is raised where that has changed.
    Raises further what `deal` raises, every PaymentError of keeping a credit, and BusyError; nothing is changed then.
    """

    def work() -> Exchange:
        payment, claim = held_payment(session, payment_id), held_claim(session, claim_id)
        if payment.creditor_id != claim.creditor_id:
            raise OtherCreditorError(payment.id, claim.id)
        if claim.ended is not None:
            raise ClaimEndedError(claim.id, claim.ended.value)
        if open_seen is not None and claim.open_amount != open_seen:
            raise ClaimMovedError(claim.id, claim.open_amount)
        left = waiting(session, payment).unallocated
        agreed = deal(left, claim.open_amount, rate=rate, paid=payment.currency, owed=claim.currency, in_full=in_full)
        return _exchanged(session, payment, claim, agreed, rate=rate, on=on, by=by)

    return patiently(session, work)


def _exchanged(
    session: Session, payment: Payment, claim: Claim, agreed: Deal, *, rate: Decimal, on: dt.date, by: Actor
) -> Exchange:
    kept = keep_now(session, payment_id=payment.id, person_id=claim.debtor_id, amount=agreed.used, on=on, by=by)
    entry = open_entry(session, creditor_id=claim.creditor_id, event="exchange", key=f"exchange:{kept}", on=on, by=by)
    _post(session, payment, claim, agreed, entry_id=entry.id, on=entry.on_date)
    _use_credit(session, claim, agreed.used, payment.currency, allocation_id=kept)
    settle(claim, agreed.settled, on=on)
    session.flush()
    if claim.open_amount == 0:
        cover(session, invoices=[claim.invoice_id], on=on, by=by)
    made = Exchange(
        allocation_id=kept,
        payment_id=payment.id,
        claim_id=claim.id,
        person_id=claim.debtor_id,
        amount=agreed.used,
        currency=payment.currency,
        rate=rate,
        worth=agreed.worth,
        settled=agreed.settled,
        claim_currency=claim.currency,
        entry_id=entry.id,
        actor=str(by),
    )
    session.add(made)
    session.flush()
    _receipt(session, made)
    return made


def _receipt(session: Session, made: Exchange) -> None:
    """Queue the receipt, as for any payment that was used for an invoice."""
    person = session.get_one(Person, made.person_id)
    if person.email and person.deceased_on is None:
        enqueue(
            session,
            kind="receipt",
            subject_id=made.allocation_id,
            copy=0,
            person_id=person.id,
            address=person.email,
            language=person.language,
        )


def _use_credit(session: Session, claim: Claim, amount: int, currency: str, *, allocation_id: int) -> None:
    there = take_credit(
        session, creditor_id=claim.creditor_id, person_id=claim.debtor_id, amount=amount, currency=currency
    )
    if not there:
        raise CreditUsedError(allocation_id)


def _post(
    session: Session, payment: Payment, claim: Claim, agreed: Deal, *, entry_id: int, on: dt.date, back: bool = False
) -> None:
    """Write the postings of an exchange, or (going back) the same the other way round."""
    creditor = session.get_one(Creditor, claim.creditor_id)
    credit = credit_account(session, creditor_id=creditor.id, event=Event.CREDIT, currency=payment.currency)
    receivable = credit_account(session, creditor_id=creditor.id, event=Event.PAYMENT, currency=claim.currency)
    through_paid, _ = _through(session, creditor, payment.currency)
    through_owed, difference = _through(session, creditor, claim.currency)
    # The part that the money is worth and the claim takes, and what is gained or lost by the rate.
    both = min(agreed.worth, agreed.settled)
    wanted = (
        (credit, through_paid, agreed.used, payment.currency, None),
        (through_owed, receivable, both, claim.currency, claim.id),
        (through_owed, difference, agreed.worth - both, claim.currency, None),
        (difference, receivable, agreed.settled - both, claim.currency, claim.id),
    )
    session.execute(
        insert(Posting),
        [
            {
                "entry_id": entry_id,
                "debit_account_id": other if back else debit,
                "credit_account_id": debit if back else other,
                "amount": amount,
                "currency": currency,
                "on_date": on,
                "value_date": payment.value_on,
                "claim_id": claim_id,
                "person_id": claim.debtor_id,
            }
            for debit, other, amount, currency, claim_id in wanted
            if amount
        ],
    )


def _through(session: Session, creditor: Creditor, currency: str) -> tuple[int, int]:
    """Return the accounts through which a currency is exchanged, and on which the difference falls."""
    open_exchange(session, creditor=creditor, currency=currency)
    named = None if currency == creditor.currency else currency
    rules = posting_rules(session, event=Event.EXCHANGE, creditors=[creditor.id], currency=named)
    through, difference = rules.require(creditor.id)
    assert through is not None  # noqa: S101 -- opened with both
    assert difference is not None  # noqa: S101
    return through, difference


def take_exchange_back(session: Session, *, exchange_id: int, on: dt.date, by: Actor) -> None:
    """Take an exchange back: the claim is open again, and the payment waits in its own currency.

    Raises UnknownExchangeError (also for one that was taken back before), ClaimEndedError where the claim has ended
    otherwise since, and BusyError.
    """

    def work() -> None:
        made = session.get(Exchange, exchange_id, populate_existing=True)
        if made is None:
            raise UnknownExchangeError(exchange_id)
        payment, claim = held_payment(session, made.payment_id), held_claim(session, made.claim_id)
        session.refresh(made)  # whoever took it back meanwhile held the payment
        if made.taken_back_id is not None:
            raise UnknownExchangeError(exchange_id)
        _reopen(session, claim, made.settled)
        entry = open_entry(
            session,
            creditor_id=claim.creditor_id,
            event="exchange taken back",
            key=f"exchange taken back:{made.id}",
            on=on,
            by=by,
            reverses_id=made.entry_id,
        )
        agreed = Deal(made.amount, made.worth, made.settled)
        _post(session, payment, claim, agreed, entry_id=entry.id, on=entry.on_date, back=True)
        add_credit(
            session,
            creditor_id=claim.creditor_id,
            person_id=made.person_id,
            amount=made.amount,
            currency=made.currency,
        )
        session.execute(update(Exchange).where(Exchange.id == made.id).values(taken_back_id=entry.id))
        take_back_now(session, allocation_id=made.allocation_id, on=on, by=by)

    patiently(session, work)


def _reopen(session: Session, claim: Claim, amount: int) -> None:
    if claim.ended not in (None, ClaimEnd.PAID):
        raise ClaimEndedError(claim.id, claim.ended)
    if amount > claim.amount - claim.credited_amount - claim.open_amount:
        raise ClaimEndedError(claim.id, ClaimEnd.CREDITED)
    was_paid = claim.ended is ClaimEnd.PAID
    claim.open_amount += amount
    claim.ended, claim.ended_on = None, None
    session.flush()
    if was_paid:
        uncover(session, invoices=[claim.invoice_id])


def exchanges_of(session: Session, *, payment_id: int) -> list[Exchange]:
    """Return what of a payment was exchanged and holds, oldest first."""
    wanted = select(Exchange).where(Exchange.payment_id == payment_id, Exchange.taken_back_id.is_(None))
    return list(session.scalars(wanted.order_by(Exchange.id)))
