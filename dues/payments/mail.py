"""Makes the mails that bring receipts."""

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
from dues.groups.wording import Place, filled
from dues.invoicing.neutral import neutral_mails
from dues.invoicing.payment_words import sender_shape, sender_values
from dues.payments.receipt import Received, received
from language import Language, pick


@dataclass(frozen=True, slots=True)
class ReceiptRenderer:
    """Renders messages whose subject is an allocation of money that came; they go by e-mail only."""

    installation: Installation

    def load(self, session: Session, messages: Sequence[Outgoing]) -> Mapping[int, Make]:
        """Read what came; sensitive creditors send a link to the invoice instead, and nothing about mere credit."""
        receipts = received(session, allocations={message.subject_id for message in messages})
        found = [(message, receipts[message.subject_id]) for message in messages if message.subject_id in receipts]
        neutral = [
            (message, one.invoice.invoice_id)
            for message, one in found
            if one.sensitive and one.invoice and not one.taken_back
        ]
        makes = neutral_mails(session, self.installation, neutral)
        return {m.id: makes.get(m.id) or partial(_make, self.installation, m, one) for m, one in found}


def _make(installation: Installation, message: Outgoing, receipt: Received) -> Mail | Withheld:
    if message.channel is not Channel.EMAIL:
        raise WrongChannelError(message.kind, message.channel)
    if receipt.taken_back:
        return Withheld("The payment was taken back by now.")
    if receipt.sensitive:
        return Withheld(
            "Nothing is said openly about money from a sensitive creditor, and there is no invoice to show."
        )
    recipient = receipt.invoice.document.recipient.name if receipt.invoice else ""
    words = receipt_words(receipt, Language(message.language))
    return envelope(installation, message, words, sender=receipt.sender, recipient=recipient)


def receipt_words(receipt: Received, language: Language) -> Filled:
    """Return the words of a receipt."""
    open_amount = receipt.invoice.open_amount if receipt.invoice else 0
    covered = language.long_date(receipt.covered) if receipt.covered else ""
    values = {
        **sender_values(receipt.sender, receipt.colour),
        "number": receipt.invoice.document.number if receipt.invoice else "",
        "amount": language.money(receipt.came, receipt.currency),
        "gift": language.money(receipt.gift.amount, receipt.currency) if receipt.gift else "",
        "fund": pick(receipt.gift.fund, language.code) if receipt.gift else "",
        "date": language.long_date(receipt.on_date),
        "rest": language.money(open_amount, receipt.invoice.document.currency if receipt.invoice else receipt.currency),
        "due": language.long_date(receipt.due_on) if receipt.due_on else "",
        "covered": language.gettext("The fee is paid through %(date)s.", date=covered),
        "said": filled(receipt.words, own_values(receipt, language)),
    }
    return form("receipt", language.code, _shape(receipt, open_amount)).fill(values)


def own_values(receipt: Received, language: Language) -> Mapping[Place, str]:
    """Return what the places of own words are filled with on a receipt."""
    return {
        Place.NAME: receipt.name,
        Place.AMOUNT: language.money(receipt.came, receipt.currency),
        Place.PAID_ON: language.long_date(receipt.on_date),
        Place.GROUP: receipt.group,
        Place.CREDITOR: receipt.sender.name,
    }


def _shape(receipt: Received, open_amount: int) -> frozenset[str]:
    parts = {
        "credit": receipt.invoice is None,
        "rest": open_amount > 0,
        "covered": receipt.covered is not None,
        "gift": receipt.gift is not None,
        "said": bool(receipt.words),
    }
    return frozenset(sender_shape(receipt.sender) | {part for part, there in parts.items() if there})
