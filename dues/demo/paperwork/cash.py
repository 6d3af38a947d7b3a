"""What is paid over the counter, in cash and by the card terminal, each with its receipt."""

from dues.demo.paperwork.bank import owed
from dues.demo.paperwork.choirs import Choir
from dues.demo.paperwork.office import Office
from dues.invoicing.models import Invoice
from dues.payments.by_hand import How, Received, receive


def paid_at_once(office: Office, choir: Choir, invoice_id: int, how: How, *, ago: int, note: str = "") -> None:
    """Register that an invoice was paid by hand on the day."""
    claim, *_ = owed(office, Invoice.id == invoice_id)
    on = office.ago(ago)
    received = Received(
        creditor_id=choir.creditor_id,
        person_id=claim.debtor_id,
        amount=claim.amount,
        how=how,
        received_on=on,
        key=office.key(f"received {invoice_id}"),
        claim_id=claim.claim_id,
        open_seen=claim.amount,
        note=note,
    )
    with office.counter() as session:
        receive(session, received=received, on=on, by=office.by)
    office.post(on)
