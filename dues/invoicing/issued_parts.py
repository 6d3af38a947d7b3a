"""The parts of invoices that are paid in several, as they stand: each with its day, its reference and what is open."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents import Instalment
from dues.invoicing.models import Claim, ClaimEnd, PaymentReference


@dataclass(frozen=True, slots=True)
class IssuedPart:
    """A claim beside what its payer quotes; minor units of the invoice's currency."""

    claim_id: int
    position: int
    due_on: dt.date
    amount: int
    open_amount: int
    credited_amount: int
    ended: ClaimEnd | None
    reference: str

    @property
    def printed(self) -> Instalment:
        """The part as documents show it, of which nothing has been settled."""
        return Instalment(self.due_on, self.amount, self.reference)

    @property
    def as_it_stands(self) -> Instalment:
        """The part as documents show it when they leave the house later."""
        return Instalment(self.due_on, self.amount, self.reference, settled=self.amount - self.open_amount)


def parts_of(session: Session, *, invoices: Collection[int]) -> dict[int, tuple[IssuedPart, ...]]:
    """Return the parts of some invoices in their order, in one statement."""
    wanted = (
        select(Claim, PaymentReference.value)
        .join(PaymentReference, PaymentReference.claim_id == Claim.id)
        .where(Claim.invoice_id.in_(invoices), Claim.parts > 1, PaymentReference.whole.is_(False))
        .order_by(Claim.invoice_id, Claim.position)
    )
    found: defaultdict[int, list[IssuedPart]] = defaultdict(list)
    for claim, reference in session.execute(wanted):
        found[claim.invoice_id].append(_part(claim, reference))
    return {invoice: tuple(parts) for invoice, parts in found.items()}


def _part(claim: Claim, reference: str) -> IssuedPart:
    return IssuedPart(
        claim_id=claim.id,
        position=claim.position,
        due_on=claim.due_on,
        amount=claim.amount,
        open_amount=claim.open_amount,
        credited_amount=claim.credited_amount,
        ended=claim.ended,
        reference=reference,
    )


def ended_of(parts: Collection[IssuedPart]) -> ClaimEnd | None:
    """Return how parts together have ended: not while one is open, and as paid where any was."""
    if any(part.ended is None for part in parts):
        return None
    ends = [part.ended for part in parts]
    return ClaimEnd.PAID if ClaimEnd.PAID in ends else ends[0]
