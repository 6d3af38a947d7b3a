"""Makes the mails that tell members that their bank took a payment back, and what is to be paid again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from dues.delivery.envelope import envelope
from dues.delivery.errors import WrongChannelError
from dues.delivery.forms import Filled, form
from dues.delivery.installation import Installation
from dues.delivery.models import Channel
from dues.delivery.post import Mail, Make, Outgoing, Withheld
from dues.invoicing.document import Issued
from dues.invoicing.neutral import neutral_mails
from dues.invoicing.payment_words import payment_shape, payment_values, sender_shape, sender_values
from dues.payments.receipt import Received, received
from language import Language

KIND = "returned"


@dataclass(frozen=True, slots=True)
class ReturnedRenderer:
    """Renders messages whose subject is an allocation that a returned payment took back; they go by e-mail only."""

    installation: Installation

    def load(self, session: Session, messages: Sequence[Outgoing]) -> Mapping[int, Make]:
        """Read what was taken back; sensitive creditors send a link to the invoice instead, while it is open."""
        found = received(session, allocations={message.subject_id for message in messages})
        pairs = [(message, found[message.subject_id]) for message in messages if message.subject_id in found]
        neutral = [
            (message, one.invoice.invoice_id)
            for message, one in pairs
            if one.sensitive and one.invoice and one.invoice.open_amount
        ]
        makes = neutral_mails(session, self.installation, neutral)
        return {m.id: makes.get(m.id) or partial(_make, self.installation, m, one) for m, one in pairs}


def _make(installation: Installation, message: Outgoing, back: Received) -> Mail | Withheld:
    if message.channel is not Channel.EMAIL:
        raise WrongChannelError(message.kind, message.channel)
    if back.invoice is None or not back.invoice.open_amount:
        return Withheld("The invoice is settled by now.")
    if back.sensitive:
        return Withheld("Nothing is said openly about money from a sensitive creditor.")
    words = returned_words(back, back.invoice, Language(message.language))
    return envelope(installation, message, words, sender=back.sender, recipient=back.invoice.document.recipient.name)


def returned_words(back: Received, invoice: Issued, language: Language) -> Filled:
    """Return the words of the mail: what came back, and how to pay what is open."""
    values = {
        **sender_values(back.sender, back.colour),
        **payment_values(invoice.document, language),
        "number": invoice.document.number,
        "amount": language.money(back.amount, back.currency),
        "rest": language.money(invoice.open_amount, back.currency),
        "date": language.long_date(back.on_date),
    }
    shape = sender_shape(back.sender) | payment_shape(invoice.document)
    return form(KIND, language.code, frozenset(shape)).fill(values)
