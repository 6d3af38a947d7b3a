"""Puts filled words into a mail: from whom, to whom, and the name by which receivers recognise it."""

from collections.abc import Sequence

from documents import Party
from dues.delivery.forms import Filled
from dues.delivery.installation import Installation
from dues.delivery.post import Address, Attachment, Mail, Outgoing


def envelope(
    installation: Installation,
    message: Outgoing,
    filled: Filled,
    *,
    sender: Party | None = None,
    recipient: str = "",
    attachments: Sequence[Attachment] = (),
) -> Mail:
    """Return the mail of a message, from ``sender``'s name and answered to its address.

    Without ``sender`` the mail shows the installation's own name only, and there is nobody to answer to: so neutral
    mails are sent.
    """
    named = Address(sender.name if sender else installation.name, installation.address)
    return Mail(
        to=Address(recipient, message.address),
        sender=named,
        reply_to=Address(sender.name, sender.email) if sender and sender.email else None,
        subject=filled.subject,
        text=filled.text,
        html=filled.html,
        attachments=tuple(attachments),
        message_id=message_id(message, installation.domain),
        language=message.language,
    )


def message_id(message: Outgoing, domain: str) -> str:
    """Return the Message-ID of a message: the same each time it is sent, and another after the data were made anew.

    It does not say what the message is: a sensitive creditor's mail is neutral in its headers, too.
    """
    written = int(message.recorded_at.timestamp() * 1_000_000)
    return f"<{message.id}.{written}@{domain}>"
