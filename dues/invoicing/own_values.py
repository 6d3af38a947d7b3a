"""What the places of the organisation's own words are filled with: as the recipient of the document writes it."""

from collections.abc import Mapping, Sequence

from documents import InvoiceDocument, Kind, written_reference
from dues.groups.wording import Place
from language import Language


def document_values(document: InvoiceDocument, *, group: str, memberships: Sequence[str] = ()) -> Mapping[Place, str]:
    """Return the values of an invoice, a reminder or a credit note; the amount is what it was written for."""
    language = Language(document.language)
    original = document.original.number if document.original else document.number
    return {
        Place.NAME: document.recipient.name,
        Place.AMOUNT: language.money(document.total, document.currency),
        Place.DUE_DATE: language.long_date(document.due_date) if document.due_date else "",
        Place.PAY_BY: language.long_date(document.pay_by) if document.pay_by else "",
        Place.NUMBER: document.number,
        Place.INVOICE: document.number if document.kind is Kind.INVOICE else original,
        Place.MEMBERSHIP: language.join(memberships) if memberships else "",
        Place.PERIOD: _period(document, language),
        Place.REFERENCE: _reference(document),
        Place.GROUP: group,
        Place.CREDITOR: document.sender.name,
    }


def _period(document: InvoiceDocument, language: Language) -> str:
    """From the first to the last day that any line charges; nothing where none does."""
    periods = [line.period for line in document.lines if line.period]
    if not periods:
        return ""
    return language.period(min(first for first, _ in periods), max(last for _, last in periods))


def _reference(document: InvoiceDocument) -> str:
    payment = document.asking
    return written_reference(payment.reference, payment.reference_kind) if payment else ""
