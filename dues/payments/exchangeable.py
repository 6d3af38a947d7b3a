"""Open claims in other currencies that a payment may be exchanged for."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dues.invoicing.models import Claim, Invoice, InvoiceKind, PaymentReference
from dues.members.models import Person
from dues.payments.case import Case, full_name
from dues.payments.free_text import numbers_in, references_in

MOST: Final = 9


@dataclass(frozen=True, slots=True)
class Foreign:
    """An open claim in another currency than the payment's; minor units of its own ``currency``."""

    claim_id: int
    number: str
    invoice: uuid.UUID
    name: str
    open_amount: int
    currency: str
    due_on: dt.date


def exchangeable(session: Session, found: Case, *, words: str) -> list[Foreign]:
    """Return the claims that a payment's reference or text names, and those of a number or reference that is typed."""
    written = f"{words} {found.message} {found.reference or ''}"
    named = select(PaymentReference.claim_id).where(
        PaymentReference.creditor_id == found.creditor_id, PaymentReference.value.in_(references_in(written))
    )
    numbered = (
        select(Claim.id)
        .join(Invoice, Invoice.id == Claim.invoice_id)
        .where(
            Invoice.creditor_id == found.creditor_id,
            Invoice.number.in_(numbers_in(words)),
            Invoice.kind == InvoiceKind.INVOICE,
        )
    )
    wanted = (
        select(Claim.id, Invoice.called, Invoice.uuid, full_name(), Claim.open_amount, Claim.currency, Claim.due_on)
        .join(Invoice, Invoice.id == Claim.invoice_id)
        .join(Person, Person.id == Claim.debtor_id)
        .where(
            or_(Claim.id == found.claim_id, Claim.id.in_(named), Claim.id.in_(numbered)),
            Claim.creditor_id == found.creditor_id,
            Claim.currency != found.currency,
            Claim.ended.is_(None),
        )
        .order_by(Claim.due_on, Claim.id)
        .limit(MOST)
    )
    return [Foreign(*row) for row in session.execute(wanted)]
