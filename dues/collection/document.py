"""Reads reminders back as documents: their own day and level, only what was open, the invoice they belong to."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents import InvoiceDocument, Kind, Line, Original, PaymentDetails
from dues.collection.models import Reminder
from dues.groups.models import Occasion
from dues.groups.texts import HIGHEST_LEVEL, NOTHING, Moment, OwnWords, own_words
from dues.groups.wording import filled, paragraphs
from dues.invoicing.document import Issued, issued
from dues.invoicing.issued_parts import IssuedPart
from dues.invoicing.models import Claim
from dues.invoicing.own_values import document_values
from language import Language


@dataclass(frozen=True, slots=True)
class Reminded:
    """A reminder as it was written, and the invoice it reminds of as that stands now.

    ``said`` is what the organisation says in the mail that brings it, in its own words as they were then.
    """

    reminder_id: int
    invoice: Issued
    said: str
    document: InvoiceDocument


def reminded(session: Session, *, reminders: Collection[int]) -> dict[int, Reminded]:
    """Read reminders by their ids, in nine statements; ids that do not exist are missing."""
    wanted = select(Reminder, Claim).join(Claim, Claim.id == Reminder.claim_id).where(Reminder.id.in_(reminders))
    rows = session.execute(wanted).all()
    invoices = issued(session, invoices={claim.invoice_id for _, claim in rows})
    moments = {reminder.id: _moment(reminder, invoices[claim.invoice_id]) for reminder, claim in rows}
    words = own_words(session, set(moments.values()))
    return {
        reminder.id: as_reminder(reminder, claim, invoices[claim.invoice_id], words.get(moments[reminder.id], NOTHING))
        for reminder, claim in rows
    }


def _moment(reminder: Reminder, invoice: Issued) -> Moment:
    """Which own words hold for a reminder: those of the day it was written, for its level."""
    return Moment(
        invoice.group_id,
        Occasion.REMINDER,
        invoice.document.language,
        level=min(reminder.level, HIGHEST_LEVEL),
        at=reminder.recorded_at,
    )


def reminder_documents(session: Session, *, reminders: Collection[int]) -> dict[int, InvoiceDocument]:
    """Return the documents alone, by reminder id: what was open on the day of the reminder."""
    return {reminder_id: one.document for reminder_id, one in reminded(session, reminders=reminders).items()}


def as_reminder(reminder: Reminder, claim: Claim, invoice: Issued, words: OwnWords) -> Reminded:
    """Return a reminder of a claim, with own words whose places are still open.

    Of an invoice in parts it asks for the one part, with its own reference.
    """
    original = invoice.document
    part = next((one for one in invoice.parts if one.claim_id == claim.id), None)
    document = replace(
        original,
        kind=Kind.REMINDER,
        number="-".join([original.number, *([str(part.position)] if part else []), str(reminder.level)]),
        date=reminder.issued_on,
        lines=(Line(_line(invoice, part), reminder.amount),),
        payment=_payment(original, part),
        instalments=(),
        due_date=claim.due_on,
        original=Original(original.number, original.date),
        level=reminder.level,
        pay_by=reminder.pay_by,
        intro=_intro(original),
    )
    values = document_values(document, group=invoice.group) if words.said else {}
    return Reminded(
        reminder.id,
        replace(invoice, open_amount=claim.open_amount, ended=claim.ended),
        filled(words.email, values),
        replace(document, intro=(*paragraphs(filled(words.document, values)), *document.intro)),
    )


def _payment(original: InvoiceDocument, part: IssuedPart | None) -> PaymentDetails | None:
    if original.payment is None or part is None:
        return original.payment
    return replace(original.payment, reference=part.reference)


def _line(invoice: Issued, part: IssuedPart | None) -> str:
    original = invoice.document
    language = Language(original.language)
    named = {"number": original.number, "date": language.long_date(original.date)}
    if invoice.system:
        return language.gettext("Invoice %(number)s of %(date)s, from %(system)s", **named, system=invoice.system)
    if part is None:
        return language.gettext("Invoice %(number)s of %(date)s", **named)
    return language.gettext(
        "Invoice %(number)s of %(date)s, instalment %(part)s of %(parts)s",
        **named,
        part=part.position,
        parts=len(invoice.parts),
    )


def _intro(original: InvoiceDocument) -> tuple[str, ...]:
    language = Language(original.language)
    return (
        language.gettext("This amount is still open."),
        language.gettext("If you have paid in the last few days, there is nothing more to do."),
    )
