"""Makes the mails and letters that bring reminders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy.orm import Session

from documents import InvoiceDocument
from dues.collection.document import Reminded, reminded
from dues.delivery.envelope import envelope
from dues.delivery.forms import Filled, form
from dues.delivery.installation import Installation
from dues.delivery.models import Channel
from dues.delivery.post import Letter, Mail, Make, Outgoing, Withheld
from dues.invoicing.mail import attachment
from dues.invoicing.neutral import neutral_mails
from dues.invoicing.payment_words import payment_shape, payment_values, sender_shape, sender_values
from dues.invoicing.sms import sms_makes
from language import Language


@dataclass(frozen=True, slots=True)
class ReminderRenderer:
    """Renders messages whose subject is a reminder."""

    installation: Installation

    def load(self, session: Session, messages: Sequence[Outgoing]) -> Mapping[int, Make]:
        """Read the reminders of these messages; those of sensitive creditors get a link for each mail."""
        reminders = reminded(session, reminders={message.subject_id for message in messages})
        found = [(message, reminders[message.subject_id]) for message in messages if message.subject_id in reminders]
        neutral = [
            (message, one.invoice.invoice_id)
            for message, one in found
            if one.invoice.sensitive and message.channel is Channel.EMAIL and one.invoice.ended is None
        ]
        makes = neutral_mails(session, self.installation, neutral)
        texts = [
            (message, one.invoice.invoice_id, None if one.invoice.sensitive else _as_it_stands(one))
            for message, one in found
            if message.channel is Channel.SMS and one.invoice.ended is None
        ]
        makes |= sms_makes(session, self.installation, texts)
        return {m.id: makes.get(m.id) or partial(_make, self.installation, m, one) for m, one in found}


def _make(installation: Installation, message: Outgoing, reminder: Reminded) -> Mail | Letter | Withheld:
    if reminder.invoice.ended is not None:
        return Withheld(f"The claim is {reminder.invoice.ended} by now.")
    document = _as_it_stands(reminder)
    if message.channel is Channel.PRINT:
        return Letter(reminder.invoice.creditor_id, document)
    return envelope(
        installation,
        message,
        reminder_words(document, reminder, Language(message.language)),
        sender=document.sender,
        recipient=document.recipient.name,
        attachments=[attachment(document)],
    )


def _as_it_stands(reminder: Reminded) -> InvoiceDocument:
    paid_since = max(reminder.document.total - reminder.invoice.open_amount, 0)
    return replace(reminder.document, paid=paid_since)


def reminder_words(document: InvoiceDocument, reminder: Reminded, language: Language) -> Filled:
    """Return the words of the mail that brings a reminder, ``document`` being what is attached."""
    pay_by = document.pay_by or document.date
    values = {
        **sender_values(document.sender, document.look.colour),
        **payment_values(document, language),
        "number": reminder.invoice.document.number,
        "said": reminder.said,
        "amount": language.money(document.open_amount, document.currency),
        "date": language.long_date(pay_by),
        "due": language.long_date(document.due_date or pay_by),
    }
    shape = sender_shape(document.sender) | payment_shape(document) | ({"said"} if reminder.said else set())
    return form("reminder", language.code, frozenset(shape)).fill(values)
