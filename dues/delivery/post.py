"""What is carried, by which channels, and what became of it."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from documents import InvoiceDocument
from dues.delivery.models import Channel


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address with the name shown before it, which may be empty."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a mail brings along."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail, ready to be written: its text and its HTML say the same.

    ``message_id`` is the same however often the mail is sent, so that receivers recognise a repetition.
    ``language`` is that of the recipient.
    """

    to: Address
    sender: Address
    reply_to: Address | None
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    message_id: str
    language: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A document to be printed and posted; letters of one creditor lie together."""

    creditor_id: int
    document: InvoiceDocument


@dataclass(frozen=True, slots=True)
class Sms:
    """A text message to a telephone number in E.164.

    ``key`` is the same however often it is sent, so that a gateway sends it once.
    """

    to: str
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """Why a message must not be sent any more."""

    reason: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that a worker has claimed."""

    id: int
    kind: str
    subject_id: int
    copy: int
    person_id: int
    channel: Channel
    address: str
    language: str
    attempts: int
    recorded_at: dt.datetime


Content = Mail | Letter | Sms
"""What is carried."""

Make = Callable[[], Content | Withheld]
"""Makes what is to be carried, without a database; may take its time and may fail for itself alone."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message's mail, letter or text on its way."""

    message: Outgoing
    content: Content


class Result(Enum):
    """What became of messages: delivered, to be tried again, or refused for good."""

    SENT = "sent"
    LATER = "later"
    FAILED = "failed"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One result of some messages, with the words of whoever refused them."""

    messages: tuple[Outgoing, ...]
    result: Result
    words: str = ""


class Carrier(Protocol):
    """Carries what goes by one channel."""

    def carry(self, parcels: Iterable[Parcel]) -> Iterator[Outcome]:
        """Yield each outcome as soon as it stands; the next parcel is made when it is asked for.

        Raises UnavailableError when nothing can be carried at present; parcels without an outcome then wait.
        """
        ...


Post = Mapping[Channel, Carrier]
"""The channels there are; messages of the others wait in the outbox."""
