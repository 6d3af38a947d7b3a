"""The claim of an invoice that is written by itself, with the reference that its payer quotes."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.groups.models import BankAgreement
from dues.invoicing.errors import NumberTooLongError
from dues.invoicing.models import Claim, Invoice, PaymentReference
from dues.members.models import Person


def write_claim(session: Session, *, invoice: Invoice, agreement: BankAgreement, payer: Person) -> Claim:
    """Write the one claim of an invoice, on the whole of it; raise NumberTooLongError."""
    reference = session.scalar(
        select(
            func.payment_reference_for(
                agreement.reference_kind.value, agreement.reference_length, agreement.length_digit, invoice.number
            )
        )
    )
    if reference is None:
        raise NumberTooLongError(invoice.creditor_id, int(invoice.called))
    claim = Claim(
        invoice_id=invoice.id,
        creditor_id=invoice.creditor_id,
        debtor_id=payer.id,
        amount=invoice.amount,
        open_amount=invoice.amount,
        currency=invoice.currency,
        due_on=invoice.due_on,
        country=invoice.payer_country,
        consumer=not payer.organisation,
    )
    session.add(claim)
    session.flush()  # reference and postings need the id
    session.add(PaymentReference(creditor_id=claim.creditor_id, value=reference, claim_id=claim.id))
    session.flush()
    return claim
