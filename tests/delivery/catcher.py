"""A real SMTP server on a free port of this machine that keeps what it is sent and answers as a test wishes."""

from __future__ import annotations

import socket
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from pypdf import PdfReader

from settings import Smtp

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Coroutine, Iterator

    from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Catcher:
    """What came, in its order, and how the server answers.

    ``to_recipient`` and ``to_sender`` give the refusal of an address, "" being none; ``heard`` is told how many
    mails have come, before the last one is answered. The mail numbered ``break_at`` is taken and never answered.
    """

    mails: list[EmailMessage] = field(default_factory=list)
    to_recipient: Callable[[str], str] = lambda _address: ""
    to_sender: Callable[[str], str] = lambda _address: ""
    per_connection: int = 1_000_000
    connections: int = 0
    heard: Callable[[int], None] = lambda _number: None
    break_at: int = 0
    port: int = 0
    _taken: Counter[object] = field(default_factory=Counter)

    @property
    def server(self) -> Smtp:
        return Smtp("127.0.0.1", self.port)

    def ids(self) -> Counter[str]:
        """How often each Message-ID came."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails)

    def to(self, address: str) -> EmailMessage:
        """The one mail to an address."""
        (found,) = [mail for mail in self.mails if address in str(mail["To"])]
        return found

    async def handle_EHLO(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._taken[session.peer] >= self.per_connection:
            return "421 enough for this connection"
        refusal = self.to_sender(address)
        if not refusal:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return refusal or "250 OK"

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = self.to_recipient(address)
        if not refusal:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return refusal or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self._taken[session.peer] += 1
        self.heard(len(self.mails))
        if len(self.mails) == self.break_at:
            assert server.transport is not None
            server.transport.close()
        return "250 OK"


@contextmanager
def catching() -> Iterator[Catcher]:
    """Run a catcher for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        catcher = Catcher(port=listening.getsockname()[1])
        controller = _Listening(catcher, listening)
        controller.start()
        try:
            yield catcher
        finally:
            controller.stop()


class _Listening(Controller):
    """Serves a socket that is bound already, so that no port can be lost between finding and taking it."""

    def __init__(self, catcher: Catcher, listening: socket.socket) -> None:
        super().__init__(catcher, hostname="127.0.0.1", port=catcher.port)
        self._listening = listening

    def _create_server(self) -> Coroutine[Any, Any, asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listening)


def text_of(mail: EmailMessage) -> str:
    """The words of a mail's text part, line ends as in Python."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    """A mail's HTML."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def pdf_of(mail: EmailMessage) -> str:
    """The words of the PDF that a mail brings."""
    (file,) = mail.iter_attachments()
    return words_of(file.get_content())


def words_of(pdf: bytes) -> str:
    """All words of a PDF."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
