"""Writes a mail down as bytes: headers that nothing can be smuggled into, text and HTML of equal content, files.

By the classes that leave headers as they are given: those that parse each header take three times as long a mail.
"""

import datetime as dt
import unicodedata
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address as HeaderAddress
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr
from typing import Final

from dues.delivery.errors import AddressError
from dues.delivery.post import Address, Attachment, Mail

_POLICY: Final = compat32.clone(linesep="\r\n")
# Plain words stay readable in a mail's source.
_UTF_8: Final = Charset("utf-8")
_UTF_8.body_encoding = QP


def compose(mail: Mail, *, at: dt.datetime) -> bytes:
    """Return the mail as it is handed to a server, lines ended by CR LF (RFC 5322), dated ``at``.

    Raises AddressError for an address that cannot stand in a header.
    """
    words = MIMEMultipart("alternative")
    words.attach(MIMEText(mail.text, "plain", _UTF_8))  # type: ignore[arg-type]  # takes a Charset as well as a name
    words.attach(MIMEText(mail.html, "html", _UTF_8))  # type: ignore[arg-type]
    whole = words
    if mail.attachments:
        whole = MIMEMultipart("mixed")
        whole.attach(words)
        for file in mail.attachments:
            whole.attach(_file(file))
    _address(whole, mail)
    whole["Subject"] = _folded("Subject", one_line(mail.subject))
    whole["Date"] = format_datetime(at)
    whole["Message-ID"] = mail.message_id
    whole["Content-Language"] = mail.language
    whole["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office note answers it
    return whole.as_bytes(policy=_POLICY)


def one_line(text: str) -> str:
    """Return text without line breaks and other control characters, which could begin a header of their own."""
    visible = "".join(" " if unicodedata.category(character) in {"Cc", "Zl", "Zp"} else character for character in text)
    return " ".join(visible.split())


def _folded(name: str, text: str) -> str:
    return Header(text, "utf-8", header_name=name).encode(linesep="\n")


def _address(whole: MIMEMultipart, mail: Mail) -> None:
    whole["From"] = _written(mail.sender)
    whole["To"] = _written(mail.to)
    if mail.reply_to is not None:
        whole["Reply-To"] = _written(mail.reply_to)


def _written(address: Address) -> str:
    """Write an address only when it is one, and nothing beside it."""
    try:
        checked = HeaderAddress(addr_spec=address.email)
        return formataddr((one_line(address.name), checked.addr_spec))
    except (ValueError, MessageError, IndexError) as error:
        raise AddressError(address.email) from error


def _file(file: Attachment) -> MIMEBase:
    part = MIMEBase(*file.media_type.split("/"))
    part.set_payload(file.content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=one_line(file.name))
    return part
