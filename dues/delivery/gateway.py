"""The SMS channel: hands text messages to a gateway over HTTP, one JSON object each (docs/operations/sms.md)."""

import http.client
import json
import ssl
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from dues.delivery.errors import UnavailableError, WrongChannelError
from dues.delivery.post import Outcome, Parcel, Result, Sms
from settings import SmsGateway

TIMEOUT: Final = 20.0
"""Seconds to wait for the gateway's answer."""

_OURS: Final = frozenset(
    {
        *(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.PAYMENT_REQUIRED),
        *(HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED),
    }
)
"""What says that nothing is taken from us at this address at present, whoever it is for; so does every redirection."""
_PASSING: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_SERVER_ERROR: Final = 500


class _NoAnswerError(Exception):
    """The gateway may have taken a message, and has not said so."""


class GatewayCarrier:
    """Hands each text message to ``gateway``; its answers are told by their status alone.

    What a gateway writes in an answer may repeat the number: it is neither kept nor logged.
    """

    def __init__(self, gateway: SmsGateway, *, timeout: float = TIMEOUT) -> None:
        self._gateway = gateway
        self._timeout = timeout

    def carry(self, parcels: Iterable[Parcel]) -> Iterator[Outcome]:
        """Yield what became of each text message as soon as the gateway has answered.

        Raises UnavailableError when it cannot be reached or takes nothing from this sender. What was handed over
        without an answer counts as tried: the gateway may have sent it, and must not be asked for ever.
        """
        for parcel in parcels:
            if not isinstance(parcel.content, Sms):
                raise WrongChannelError(parcel.message.kind, parcel.message.channel)
            try:
                status = self._post(parcel.content)
            except _NoAnswerError as error:
                yield Outcome((parcel.message,), Result.LATER, f"The SMS gateway has not answered: {error}")
            else:
                yield self._outcome(parcel, status)

    def _outcome(self, parcel: Parcel, status: int) -> Outcome:
        told = f"The SMS gateway refused it: HTTP {status}"
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return Outcome((parcel.message,), Result.SENT)
        if status in _OURS or HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            raise UnavailableError(f"The SMS gateway takes nothing from this sender: HTTP {status}")
        passing = status in _PASSING or status >= _SERVER_ERROR
        return Outcome((parcel.message,), Result.LATER if passing else Result.FAILED, told)

    def _post(self, sms: Sms) -> int:
        """Send one and return the status. The key lets a gateway recognise what it has taken before."""
        body = json.dumps({"from": self._gateway.sender, "to": sms.to, "text": sms.text, "id": sms.key})
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self._gateway.token}",
            "Idempotency-Key": sms.key,
        }
        parts = urlsplit(self._gateway.url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection = self._connected()
        try:
            connection.request("POST", path or "/", body=body.encode(), headers=headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise _NoAnswerError(type(error).__name__) from error
        finally:
            connection.close()

    def _connected(self) -> http.client.HTTPConnection:
        """Connect; until then nothing can have been sent."""
        connection = self._connection()
        try:
            connection.connect()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise UnavailableError(f"The SMS gateway cannot be reached: {type(error).__name__}") from error
        return connection

    def _connection(self) -> http.client.HTTPConnection:
        parts = urlsplit(self._gateway.url)
        host, seconds = parts.hostname or "", self._timeout
        if parts.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=context)
        return http.client.HTTPConnection(host, parts.port, timeout=seconds)
