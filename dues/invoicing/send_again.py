"""Sends an invoice or a credit note once more: another copy of its message, also to another address or on paper."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.delivery.models import Channel, Message
from dues.delivery.outbox import enqueue
from dues.invoicing.errors import NotSendableError, UnknownInvoiceError
from dues.invoicing.models import Claim, ClaimEnd, Invoice
from dues.invoicing.way import number_of
from dues.members.models import Person

KIND = "invoice"
"""The kind of the messages that bring invoices and credit notes."""


def next_copy(session: Session, *, invoice_id: int) -> int:
    """Return the number that the next copy of an invoice's message will have; the first one has none."""
    newest = select(func.max(Message.copy)).where(Message.kind == KIND, Message.subject_id == invoice_id)
    found: int | None = session.scalar(newest)
    return 0 if found is None else found + 1


def send_again(session: Session, *, invoice_id: int, channel: Channel, address: str, copy: int, by: Actor) -> bool:
    """Put a numbered copy of an invoice's message into the outbox; False where that copy is there already.

    ``copy`` comes from `next_copy`, so that a second press of one button sends nothing twice. The mail speaks the
    document's language; ``address`` is for mail alone: a text goes to the payer's mobile. Of somebody who has died the
    estate gets letters. Raises UnknownInvoiceError and NotSendableError.
    """
    invoice = session.get(Invoice, invoice_id)
    if invoice is None:
        raise UnknownInvoiceError(invoice_id)
    where = _where(session, invoice, channel, address)
    _refuse(session, invoice, channel=channel, address=where)
    return enqueue(
        session,
        kind=KIND,
        subject_id=invoice_id,
        copy=copy,
        person_id=invoice.payer_id,
        address=where,
        language=invoice.language,
        channel=channel,
        by=by,
    )


def unsendable(session: Session, *, invoice_id: int) -> str | None:
    """Return why no copy of an invoice can be sent at all, None where one can."""
    credited = select(Claim.id).where(Claim.invoice_id == invoice_id, Claim.ended == ClaimEnd.CREDITED)
    if session.scalar(credited.limit(1)) is not None:
        return "it has been credited"
    printed = session.scalar(select(Invoice.printed).where(Invoice.id == invoice_id))
    return None if printed is None else "another system issued it"


def _where(session: Session, invoice: Invoice, channel: Channel, address: str) -> str:
    if channel is not Channel.SMS:
        return address if channel is Channel.EMAIL else ""
    payer = session.get_one(Person, invoice.payer_id)
    return number_of(session, phone=payer.phone, creditor_id=invoice.creditor_id)


def _refuse(session: Session, invoice: Invoice, *, channel: Channel, address: str) -> None:
    why = unsendable(session, invoice_id=invoice.id)
    if (
        why is None
        and channel is not Channel.PRINT
        and session.get_one(Person, invoice.payer_id).deceased_on is not None
    ):
        why = "whoever pays it has died, and the estate gets letters"
    if why is None and channel is Channel.EMAIL and not address:
        why = "there is no e-mail address"
    if why is None and channel is Channel.SMS and not address:
        why = "there is no mobile telephone that its creditor sends text messages to"
    if why is None and channel is Channel.PRINT and not on_paper(invoice):
        why = "it bears no postal address"
    if why is not None:
        raise NotSendableError(invoice.id, why)


def on_paper(invoice: Invoice) -> bool:
    """Tell whether a letter with the invoice's frozen address would arrive."""
    return bool(invoice.payer_city and (invoice.payer_street or invoice.payer_postcode))
