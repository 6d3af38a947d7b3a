"""Credits a whole invoice: its own document, the postings reversed, what was paid turned into credit."""

import datetime as dt

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import Actor
from dues.delivery.models import Channel, Message, MessageState
from dues.groups.numbers import take_number
from dues.invoicing.cover import release
from dues.invoicing.errors import NotCreditableError, UnknownInvoiceError
from dues.invoicing.models import Claim, ClaimEnd, Invoice, InvoiceKind
from dues.journal.models import Entry, Event, Posting
from dues.journal.post import open_entry
from dues.members.models import Person
from dues.patience import patiently
from dues.payments.credit import add_credit
from dues.payments.errors import MovedError
from dues.payments.transfer import credit_account


def credit_invoice(session: Session, *, invoice_id: int, on: dt.date, by: Actor, seen: int | None = None) -> int:
    """Credit an invoice as a whole and return the credit note's id.

    Its fee periods are released, so that they may be charged again; what had been paid becomes the debtor's credit;
    messages about it that still wait are withheld. ``seen`` is what somebody saw open when they decided. Raises
    UnknownInvoiceError, NotCreditableError, BusyError, and MovedError where something else is open by now.
    """
    return patiently(session, lambda: _credited(session, invoice_id=invoice_id, on=on, by=by, seen=seen))


def _credited(session: Session, *, invoice_id: int, on: dt.date, by: Actor, seen: int | None) -> int:
    invoice = session.get(Invoice, invoice_id)
    if invoice is None:
        raise UnknownInvoiceError(invoice_id)
    claims = _held(session, invoice_id)
    _refuse(session, invoice, claims)
    still_open = sum(claim.open_amount for claim in claims)
    if seen is not None and seen != still_open:
        raise MovedError(invoice_id, seen, still_open)
    number = take_number(session, creditor_id=invoice.creditor_id, series="invoice")
    values = {"invoice": invoice_id, "number": number, "on": on}
    note_id: int = session.scalars(statement("dues/payments/sql/credit_note.sql"), values).one()
    session.execute(statement("dues/payments/sql/credit_note_lines.sql"), {"note": note_id, "invoice": invoice_id})
    entry = open_entry(
        session, creditor_id=invoice.creditor_id, event="credit note", key=f"credit note:{note_id}", on=on, by=by
    )
    session.execute(
        statement("dues/payments/sql/reverse_issue.sql"),
        {"invoice": invoice_id, "entry": entry.id, "on": on, "books_on": entry.on_date},
    )
    for claim in claims:
        _end(session, claim, entry, on=on)
    release(session, invoice_id=invoice_id)
    _withhold(session, invoice_id)
    _deliver(session, invoice, note_id)
    return note_id


def _held(session: Session, invoice_id: int) -> list[Claim]:
    """Lock the invoice's claims and read them as they are now."""
    wanted = select(Claim).where(Claim.invoice_id == invoice_id).order_by(Claim.id)
    locked = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(session.scalars(locked))


def _refuse(session: Session, invoice: Invoice, claims: list[Claim]) -> None:
    if invoice.kind is InvoiceKind.CREDIT_NOTE:
        raise NotCreditableError(invoice.id, "it is a credit note itself")
    if session.scalar(select(Invoice.id).where(Invoice.credits_id == invoice.id)) is not None:
        raise NotCreditableError(invoice.id, "it is credited already")
    for claim in claims:
        if claim.ended not in (None, ClaimEnd.PAID):
            raise NotCreditableError(invoice.id, f"its claim is {claim.ended}")


def _end(session: Session, claim: Claim, entry: Entry, *, on: dt.date) -> None:
    """End a claim as credited; what had been paid on it moves to the debtor's credit."""
    paid = claim.amount - claim.open_amount
    if paid:
        receivable, credit = (
            credit_account(session, creditor_id=claim.creditor_id, event=event, currency=claim.currency)
            for event in (Event.PAYMENT, Event.CREDIT)
        )
        session.execute(
            insert(Posting).values(
                entry_id=entry.id,
                debit_account_id=receivable,
                credit_account_id=credit,
                amount=paid,
                currency=claim.currency,
                on_date=entry.on_date,
                value_date=on,
                claim_id=claim.id,
                person_id=claim.debtor_id,
            )
        )
        add_credit(
            session, creditor_id=claim.creditor_id, person_id=claim.debtor_id, amount=paid, currency=claim.currency
        )
    claim.open_amount, claim.ended, claim.ended_on = 0, ClaimEnd.CREDITED, on
    session.flush()


def _withhold(session: Session, invoice_id: int) -> None:
    """Keep the invoice back where it has not been sent; reminders of it see when they are made that it has ended."""
    session.execute(
        update(Message)
        .where(Message.kind == "invoice", Message.subject_id == invoice_id, Message.state == MessageState.QUEUED)
        .values(state=MessageState.WITHHELD)
    )


def _deliver(session: Session, invoice: Invoice, note_id: int) -> None:
    payer = session.get_one(Person, invoice.payer_id)
    if payer.deceased_on is None:
        session.add(
            Message(
                kind="invoice",
                subject_id=note_id,
                person_id=payer.id,
                channel=Channel.EMAIL if payer.email else Channel.PRINT,
                address=payer.email,
                language=invoice.language,
            )
        )
