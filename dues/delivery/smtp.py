"""The e-mail channel: hands mails to a server over one SMTP connection (RFC 5321)."""

import datetime as dt
import smtplib
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from typing import Final

from dues.delivery.compose import compose
from dues.delivery.errors import AddressError, UnavailableError, WrongChannelError
from dues.delivery.post import Mail, Outcome, Parcel, Result
from settings import Smtp

TIMEOUT: Final = 30.0
"""Seconds to wait for each answer of the server."""

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
# RFC 5321 section 4.2: 4yz is a passing refusal, 5yz a lasting one, and after 421 the server hangs up.
_CLOSING: Final = 421
_TOO_LARGE: Final = 552
_FOR_GOOD: Final = 500
_PASSING: Final = 400

Reply = tuple[int, bytes]


class _DroppedError(Exception):
    """The connection is gone, by the server's own word or without one."""


class SmtpCarrier:
    """Hands each mail to ``server``, over one connection for all that are carried together.

    ``name`` is what this installation calls itself to the server. The connection is encrypted wherever the server
    can, and a password goes over an encrypted one only, except to a server on this machine.
    """

    def __init__(self, server: Smtp, *, name: str, timeout: float = TIMEOUT) -> None:
        self._server = server
        self._name = name
        self._timeout = timeout

    def carry(self, parcels: Iterable[Parcel]) -> Iterator[Outcome]:
        """Yield what became of each mail as soon as the server has said so.

        A refusal of the mail (5xx) or of its address is for good; a passing one (4xx) or a dropped connection is to
        be tried again. Raises UnavailableError when no connection can be made, or the server takes nothing from
        this sender.
        """
        with closing(_Line(self._connect)) as line:
            for parcel in parcels:
                yield line.deliver(parcel)

    def _connect(self) -> smtplib.SMTP:
        try:
            connection = self._call()
        except OSError as error:
            raise self._unavailable(error) from error
        try:
            self._greet(connection)
        except OSError as error:
            connection.close()
            raise self._unavailable(error) from error
        return connection

    def _unavailable(self, error: OSError) -> UnavailableError:
        return UnavailableError(f"The mail server {self._server.host} cannot be used: {error}")

    def _call(self) -> smtplib.SMTP:
        server, seconds = self._server, self._timeout
        if server.tls:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(server.host, server.port, self._name, timeout=seconds, context=context)
        return smtplib.SMTP(server.host, server.port, self._name, timeout=seconds)

    def _greet(self, connection: smtplib.SMTP) -> None:
        server = self._server
        connection.ehlo_or_helo_if_needed()
        here = server.host in _LOOPBACK
        if not server.tls and not here and connection.has_extn("starttls"):
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo()
        if server.username is None or server.password is None:
            return
        if not here and not isinstance(connection.sock, ssl.SSLSocket):
            raise OSError("it offers no encryption, so the password was not sent")
        connection.login(server.username, server.password)


class _Line:
    """The connection in use, made when it is first needed and made anew when it broke."""

    def __init__(self, connect: Callable[[], smtplib.SMTP]) -> None:
        self._connect = connect
        self._connection: smtplib.SMTP | None = None

    def deliver(self, parcel: Parcel) -> Outcome:
        """Servers end connections that have carried enough; what was tried on an old one is tried on a new one."""
        if self._connection is not None:
            try:
                return _hand_over(self._connection, parcel)
            except _DroppedError:
                self._hang_up()
        self._connection = self._connect()
        try:
            return _hand_over(self._connection, parcel)
        except _DroppedError as error:
            self._hang_up()
            return Outcome((parcel.message,), Result.LATER, str(error))

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Part from the server politely."""
        if self._connection is not None:
            with suppress(OSError):
                self._connection.quit()
        self._hang_up()


def _hand_over(connection: smtplib.SMTP, parcel: Parcel) -> Outcome:
    if not isinstance(parcel.content, Mail):
        raise WrongChannelError(parcel.message.kind, parcel.message.channel)
    try:
        written = compose(parcel.content, at=dt.datetime.now(dt.UTC))
        result, words = _converse(connection, parcel.content, written)
    except AddressError as error:
        result, words = Result.FAILED, str(error)
    return Outcome((parcel.message,), result, words)


def _converse(connection: smtplib.SMTP, mail: Mail, written: bytes) -> tuple[Result, str]:
    """Go through one mail's commands; the server has taken it when it has answered the last with 250."""
    try:
        return _commands(connection, mail, written)
    except smtplib.SMTPDataError as error:
        return _refused(connection, (error.smtp_code, _bytes(error.smtp_error)))
    except UnicodeError:
        raise AddressError(mail.to.email) from None
    except OSError as error:  # smtplib's own exceptions among them
        raise _DroppedError(f"The connection to the mail server broke: {error}") from error


def _commands(connection: smtplib.SMTP, mail: Mail, written: bytes) -> tuple[Result, str]:
    options = [f"size={len(written)}"] if connection.has_extn("size") else []
    reply = connection.mail(mail.sender.email, options)
    if not _accepted(reply):
        return _sender_refused(connection, reply)
    reply = connection.rcpt(mail.to.email)
    if not _accepted(reply):
        return _refused(connection, reply)
    reply = connection.data(written)
    return (Result.SENT, "") if _accepted(reply) else _refused(connection, reply)


def _accepted(reply: Reply) -> bool:
    return 200 <= reply[0] <= 299  # noqa: PLR2004  # RFC 5321 section 4.2.1: 2yz is done


def _sender_refused(connection: smtplib.SMTP, reply: Reply) -> tuple[Result, str]:
    """Who may not send at all would see every single mail refused; only its size is the mail's own fault."""
    code, words = reply
    if code >= _FOR_GOOD and code != _TOO_LARGE:
        raise UnavailableError(f"The mail server takes no mail from this sender: {_said(code, words)}")
    return _refused(connection, reply)


def _refused(connection: smtplib.SMTP, reply: Reply) -> tuple[Result, str]:
    code, words = reply
    if code == _CLOSING or code < _PASSING:
        raise _DroppedError(f"The mail server ended the connection: {_said(code, words)}")
    connection.rset()
    result = Result.FAILED if code >= _FOR_GOOD else Result.LATER
    return result, f"The mail server refused it: {_said(code, words)}"


def _said(code: int, words: bytes) -> str:
    return f"{code} {words.decode('utf-8', 'replace')}"


def _bytes(words: bytes | str) -> bytes:
    return words.encode() if isinstance(words, str) else words
