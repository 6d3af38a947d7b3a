"""Which payment money that left may take back, and what saying so leads to; nothing is changed here."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from database.sql import statement
from dues.groups.models import Creditor, ReturnedCover, ReturnedFee
from dues.invoicing.models import Claim, Invoice, PaymentReference
from dues.members.models import Person
from dues.payments.models import Allocation, Payment
from dues.payments.return_models import FoundBy, PaymentReturn

MOST: Final = 12
_DAYS: Final = dt.timedelta(days=400)
"""As far back as a return is looked for by itself: direct debits may come back for thirteen months."""


def returnable(session: Session, *, payment: Payment, words: str = "") -> Sequence[Payment]:
    """Return payments that money which left may take back, the newest first: of its amount, or less by a fee.

    With ``words`` those of a reference, an account or a piece of the payer's name, also where more is missing.
    """
    wanted = (
        select(Payment)
        .where(
            Payment.agreement_id == payment.agreement_id,
            Payment.currency == payment.currency,
            Payment.amount > 0,
            Payment.amount <= -payment.amount,
            Payment.booked_on.between(payment.booked_on - _DAYS, payment.booked_on + _DAYS),
            ~exists().where(PaymentReturn.original_id == Payment.id),
        )
        .order_by(Payment.booked_on.desc(), Payment.id.desc())
        .limit(MOST)
    )
    if not words:
        return session.scalars(wanted.where(Payment.amount.in_({-payment.amount, _less_fee(payment)}))).all()
    plain = words.replace(" ", "")
    referred = (
        select(Allocation.payment_id)
        .join(PaymentReference, PaymentReference.claim_id == Allocation.claim_id)
        .where(PaymentReference.creditor_id == payment.creditor_id, PaymentReference.value == plain)
    )
    named = func.strpos(func.lower(Payment.payer_name), words.lower()) > 0
    return session.scalars(wanted.where(or_(named, Payment.payer_account == plain, Payment.id.in_(referred)))).all()


def _less_fee(payment: Payment) -> int:
    return -payment.amount - (payment.charges or 0)


@dataclass(frozen=True, slots=True)
class Undone:
    """What a payment was used for and is not any more: an invoice of somebody, or (without one) their credit."""

    amount: int
    name: str
    number: str | None
    invoice: UUID | None
    told: bool


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What follows when money that left takes a payment back; minor units of the payment's currency.

    ``possible`` is False where something that it became is used by now. ``unused`` had no use yet. ``fee`` is what
    left beyond the payment, which becomes what ``fee_rule`` says; ``cover`` is what becomes of memberships.
    """

    possible: bool
    undone: tuple[Undone, ...]
    unused: int
    fee: int
    fee_rule: ReturnedFee
    cover: ReturnedCover


def foreseen(session: Session, *, payment: Payment, original: Payment) -> Foreseen:
    """Return what would follow as things stand now."""
    pair = {"returns": [payment.id], "originals": [original.id], "found_by": [FoundBy.PERSON.value]}
    possible = bool(session.execute(statement("dues/payments/sql/returned_judge.sql"), pair).all())
    back = aliased(Allocation)
    wanted = (
        select(Allocation.amount, Person, Invoice.called, Invoice.uuid)
        .join(Person, Person.id == Allocation.person_id)
        .outerjoin(Claim, Claim.id == Allocation.claim_id)
        .outerjoin(Invoice, Invoice.id == Claim.invoice_id)
        .where(
            Allocation.payment_id == original.id,
            Allocation.reverses_id.is_(None),
            ~exists().where(back.reverses_id == Allocation.id),
        )
        .order_by(Allocation.id)
    )
    undone = tuple(
        Undone(amount, f"{who.given_name} {who.family_name}".strip(), number, invoice, _is_told(who, number))
        for amount, who, number, invoice in session.execute(wanted)
    )
    creditor = session.get_one(Creditor, payment.creditor_id)
    return Foreseen(
        possible=possible,
        undone=undone,
        unused=original.amount - sum(one.amount for one in undone),
        fee=-payment.amount - original.amount,
        fee_rule=creditor.returned_fee,
        cover=creditor.returned_cover,
    )


def _is_told(person: Person, number: str | None) -> bool:
    return number is not None and bool(person.email) and person.deceased_on is None
