"""Text messages that bring invoices and reminders: a sentence, and a link behind which a code opens the document."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from documents import InvoiceDocument, Kind
from dues.delivery.envelope import message_id
from dues.delivery.installation import Installation
from dues.delivery.post import Make, Outgoing, Sms
from dues.invoicing.access import derive_token, keep_links
from language import Language, gettext_noop

_WORDS: Final[Mapping[Kind, str]] = {
    Kind.INVOICE: gettext_noop("%(sender)s: invoice %(number)s, %(amount)s, to be paid by %(day)s. %(link)s"),
    Kind.REMINDER: gettext_noop("%(sender)s: reminder of invoice %(number)s, %(amount)s is still open. %(link)s"),
    Kind.CREDIT_NOTE: gettext_noop("%(sender)s: credit note %(number)s, %(amount)s. %(link)s"),
}
LINK_LENGTH: Final = 43
"""Characters of a link's token: previews say how long the text will be."""


def sms_words(document: InvoiceDocument | None, language: Language, *, link: str) -> str:
    """Return the words that bring a document; nothing is said of it (None) where membership itself is sensitive."""
    if document is None:
        return language.gettext("You have got a message. Read it here: %(link)s", link=link)
    given = document.total if document.kind is Kind.CREDIT_NOTE else document.asked
    day = document.pay_by or document.asked_by
    number = document.original.number if document.kind is Kind.REMINDER and document.original else document.number
    return language.gettext(
        _WORDS[document.kind],
        sender=document.sender.name,
        number=number,
        amount=" ".join(language.money(given, document.currency).split()),
        day=language.date(day) if day else "",
        link=link,
    )


def sample_words(document: InvoiceDocument | None, language: Language, *, base_url: str) -> str:
    """Return the words as they would be, with a link as long as links are."""
    return sms_words(document, language, link=f"{base_url}/i/{'x' * LINK_LENGTH}")


def sms_makes(
    session: Session,
    installation: Installation,
    wanted: Sequence[tuple[Outgoing, int, InvoiceDocument | None]],
) -> dict[int, Make]:
    """Make a link to the invoice of each (message, invoice id, what is said of it); return what makes each text.

    A message made again has the same link: gateways that have taken it recognise it.
    """
    keys = {message.id: message_id(message, installation.domain) for message, _, _ in wanted}
    tokens = {
        message.id: derive_token(keys[message.id], message.address, installation.secret) for message, _, _ in wanted
    }
    keep_links(session, links=[(tokens[message.id], invoice_id, message.address) for message, invoice_id, _ in wanted])
    return {
        message.id: partial(
            _sms, message, keys[message.id], document, f"{installation.base_url}/i/{tokens[message.id]}"
        )
        for message, _, document in wanted
    }


def _sms(message: Outgoing, key: str, document: InvoiceDocument | None, link: str) -> Sms:
    return Sms(message.address, sms_words(document, Language(message.language), link=link), key)
