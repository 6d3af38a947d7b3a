"""The claims of an invoice that is written by itself, with the references that its payer quotes."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.groups.models import BankAgreement
from dues.invoicing.errors import NumberTooLongError
from dues.invoicing.instalment_errors import ShortReferencesError
from dues.invoicing.instalments import Part, Plan
from dues.invoicing.models import Claim, Invoice, PaymentReference
from dues.members.models import Person


def write_claim(session: Session, *, invoice: Invoice, agreement: BankAgreement, payer: Person) -> Claim:
    """Write the one claim of an invoice, on the whole of it; raise NumberTooLongError."""
    return write_claims(session, invoice=invoice, agreement=agreement, payer=payer)[0]


def write_claims(
    session: Session, *, invoice: Invoice, agreement: BankAgreement, payer: Person, plan: Plan | None = None
) -> list[Claim]:
    """Write the one claim of an invoice, on the whole of it, or one for each part of a plan, in their order.

    Raises NumberTooLongError, ShortReferencesError, and PartsError where the amount is too little for so many parts.
    """
    parts = plan.divide(invoice.amount) if plan else [Part(1, invoice.due_on, invoice.amount)]
    claims = [_claim(invoice, payer, part, len(parts)) for part in parts]
    session.add_all(claims)
    session.flush()  # references and postings need the ids
    _refer(session, invoice, agreement, claims)
    return claims


def _claim(invoice: Invoice, payer: Person, part: Part, parts: int) -> Claim:
    return Claim(
        invoice_id=invoice.id,
        position=part.position,
        parts=parts,
        creditor_id=invoice.creditor_id,
        debtor_id=payer.id,
        amount=part.amount,
        open_amount=part.amount,
        currency=invoice.currency,
        due_on=part.due_on,
        country=invoice.payer_country,
        consumer=not payer.organisation,
    )


def _refer(session: Session, invoice: Invoice, agreement: BankAgreement, claims: Sequence[Claim]) -> None:
    """Give the invoice its reference, and each of several parts its own."""
    shape = (agreement.reference_kind.value, agreement.reference_length, agreement.length_digit, invoice.number)
    whole = session.scalar(select(func.payment_reference_for(*shape)))
    if whole is None:
        raise NumberTooLongError(invoice.creditor_id, int(invoice.called))
    many = len(claims) > 1
    found = [(whole, claims[0], many)]
    for claim in claims if many else ():
        own = session.scalar(select(func.part_reference_for(*shape, claim.position)))
        if own is None:
            raise ShortReferencesError(invoice.creditor_id)
        found.append((own, claim, False))
    session.add_all(
        PaymentReference(creditor_id=claim.creditor_id, value=value, claim_id=claim.id, whole=is_whole)
        for value, claim, is_whole in found
    )
    session.flush()
