"""Makes the mails and letters that bring invoices and credit notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from documents import InvoiceDocument, Kind, payload, render, words, written_reference
from dues.delivery.envelope import envelope
from dues.delivery.forms import Filled, form
from dues.delivery.installation import Installation
from dues.delivery.models import Channel
from dues.delivery.post import Attachment, Letter, Mail, Make, Outgoing, Withheld
from dues.invoicing.document import Issued
from dues.invoicing.models import ClaimEnd
from dues.invoicing.neutral import neutral_mails
from dues.invoicing.payment_words import payment_shape, payment_values, sender_shape, sender_values
from dues.invoicing.slip_document import issued_on_slips
from dues.invoicing.sms import sms_makes
from language import Language


@dataclass(frozen=True, slots=True)
class InvoiceRenderer:
    """Renders messages whose subject is an invoice or a credit note."""

    installation: Installation

    def load(self, session: Session, messages: Sequence[Outgoing]) -> Mapping[int, Make]:
        """Read the invoices of these messages; those of sensitive creditors get a link for each mail."""
        invoices = issued_on_slips(session, invoices={message.subject_id for message in messages})
        found = [(message, invoices[message.subject_id]) for message in messages if message.subject_id in invoices]
        neutral = [
            (message, one.invoice_id)
            for message, one in found
            if one.sensitive and message.channel is Channel.EMAIL and one.ended is not ClaimEnd.CREDITED
        ]
        makes = neutral_mails(session, self.installation, neutral)
        texts = [
            (message, one.invoice_id, None if one.sensitive else one.as_it_stands)
            for message, one in found
            if message.channel is Channel.SMS and one.ended is not ClaimEnd.CREDITED
        ]
        makes |= sms_makes(session, self.installation, texts)
        return {m.id: makes.get(m.id) or partial(_make, self.installation, m, one) for m, one in found}


def _make(installation: Installation, message: Outgoing, invoice: Issued) -> Mail | Letter | Withheld:
    if invoice.ended is ClaimEnd.CREDITED:
        return Withheld("The invoice has been credited.")
    if message.channel is Channel.PRINT:
        return Letter(invoice.creditor_id, invoice.as_it_stands)
    return _mail(installation, message, invoice)


def _mail(installation: Installation, message: Outgoing, invoice: Issued) -> Mail:
    document = invoice.as_it_stands
    return envelope(
        installation,
        message,
        invoice_words(document, invoice, Language(message.language)),
        sender=document.sender,
        recipient=document.recipient.name,
        attachments=[attachment(document)],
    )


def attachment(document: InvoiceDocument) -> Attachment:
    """Return a document as the PDF that a mail brings along, named in the language of its recipient."""
    language = Language(document.language)
    name = {
        Kind.INVOICE: language.gettext("Invoice %(number)s", number=document.number),
        Kind.CREDIT_NOTE: language.gettext("Credit note %(number)s", number=document.number),
        Kind.REMINDER: language.gettext("Reminder %(number)s", number=document.number),
    }[document.kind]
    return Attachment(f"{name}.pdf", "application/pdf", render(document))


def invoice_words(document: InvoiceDocument, invoice: Issued, language: Language) -> Filled:
    """Return the words of the mail that brings an invoice or a credit note, ``document`` being what is attached."""
    given = document.asked if document.kind is Kind.INVOICE else document.total
    values = {
        **sender_values(document.sender, document.look.colour),
        **payment_values(document, language),
        "number": document.number,
        "amount": language.money(given, document.currency),
        "date": language.long_date(document.asked_by) if document.asked_by else "",
        "original": document.original.number if document.original else "",
        "concerns": _concerns(document, invoice.memberships, language),
        "said": invoice.said,
        "parts": _parts(document, language),
        "invites": words.invitation(document, language),
    }
    name = "credit_note" if document.kind is Kind.CREDIT_NOTE else "invoice"
    return form(name, language.code, _shape(document, said=bool(invoice.said))).fill(values)


def _shape(document: InvoiceDocument, *, said: bool) -> frozenset[str]:
    shape = sender_shape(document.sender) | payment_shape(document) | ({"said"} if said else set())
    if sum(one.open_amount > 0 for one in document.instalments) > 1:
        shape.add("parts")
    if document.invites:
        shape.add("invites")
    if document.open_amount <= 0:
        shape.add("paid")
    elif payload(document):
        shape.add("swish code" if document.currency == "SEK" else "bank code")
    return frozenset(shape)


def _parts(document: InvoiceDocument, language: Language) -> str:
    """Say by when what is still open of an invoice in parts is to be paid, and that it can be paid at once."""
    left = [one for one in document.instalments if one.open_amount > 0]
    payment = document.payment
    if not left or payment is None:
        return ""
    steps = [
        language.gettext(
            "%(amount)s by %(date)s",
            amount=language.money(one.open_amount, document.currency),
            date=language.long_date(one.due_date),
        )
        for one in left
    ]
    return language.gettext(
        "It is paid in instalments: %(steps)s. Each has a reference of its own, which the PDF shows."
        " To pay all at once, pay %(amount)s and quote %(reference)s.",
        steps=language.join(steps),
        amount=language.money(document.open_amount, document.currency),
        reference=written_reference(payment.reference, payment.reference_kind),
    )


def _concerns(document: InvoiceDocument, memberships: Sequence[str], language: Language) -> str:
    """Say in one sentence what is charged, for whom where somebody else pays, and for which days."""
    members = list(dict.fromkeys(line.member for line in document.charged if line.member))
    periods = {line.period for line in document.charged}
    period = periods.pop() if len(periods) == 1 else None
    values = {
        "what": language.join(memberships or list(dict.fromkeys(line.text for line in document.charged))),
        "members": language.join(members),
        "first": language.long_date(period[0]) if period else "",
        "last": language.long_date(period[1]) if period else "",
    }
    match bool(members), bool(period):
        case True, True:
            return language.gettext("It is for %(members)s: %(what)s, from %(first)s to %(last)s.", **values)
        case True, False:
            return language.gettext("It is for %(members)s: %(what)s.", **values)
        case False, True:
            return language.gettext("It is for %(what)s, from %(first)s to %(last)s.", **values)
        case _:
            return language.gettext("It is for %(what)s.", **values)
