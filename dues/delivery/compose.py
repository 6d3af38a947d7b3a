"""Writes a mail down as bytes: headers that nothing can be smuggled into, text and HTML of equal content, files."""

import datetime as dt
import unicodedata
from email import policy
from email.errors import MessageError
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.utils import format_datetime

from dues.delivery.errors import AddressError
from dues.delivery.post import Address, Mail


def compose(mail: Mail, *, at: dt.datetime) -> bytes:
    """Return the mail as it is handed to a server, lines ended by CR LF (RFC 5322), dated ``at``.

    Raises AddressError for an address that cannot stand in a header.
    """
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = _address(mail.sender)
    message["To"] = _address(mail.to)
    if mail.reply_to is not None:
        message["Reply-To"] = _address(mail.reply_to)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office note answers it
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    for file in mail.attachments:
        kind, _, subtype = file.media_type.partition("/")
        message.add_attachment(file.content, maintype=kind, subtype=subtype, filename=one_line(file.name))
    # Only now: what begins with Content- moves into the first part when a mail gets several.
    message["Content-Language"] = mail.language
    return message.as_bytes()


def one_line(text: str) -> str:
    """Return text without line breaks and other control characters, which could begin a header of their own."""
    visible = "".join(" " if unicodedata.category(character) in {"Cc", "Zl", "Zp"} else character for character in text)
    return " ".join(visible.split())


def _address(address: Address) -> HeaderAddress:
    try:
        return HeaderAddress(display_name=one_line(address.name), addr_spec=address.email)
    except (ValueError, MessageError, IndexError) as error:
        raise AddressError(address.email) from error
