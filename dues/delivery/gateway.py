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

_OURS: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.PAYMENT_REQUIRED})
"""What says that the gateway takes nothing from us at present, whoever it is for."""
_PASSING: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_SERVER_ERROR: Final = 500


class GatewayCarrier:
    """Hands each text message to ``gateway``; its answers are told by their status alone.

    What a gateway writes in an answer may repeat the number: it is neither kept nor logged.
    """

    def __init__(self, gateway: SmsGateway, *, timeout: float = TIMEOUT) -> None:
        self._gateway = gateway
        self._timeout = timeout

    def carry(self, parcels: Iterable[Parcel]) -> Iterator[Outcome]:
        """Yield what became of each text message as soon as the gateway has answered.

        Raises UnavailableError when it cannot be reached or takes nothing from this sender.
        """
        for parcel in parcels:
            if not isinstance(parcel.content, Sms):
                raise WrongChannelError(parcel.message.kind, parcel.message.channel)
            yield self._outcome(parcel, self._post(parcel.content))

    def _outcome(self, parcel: Parcel, status: int) -> Outcome:
        told = f"The SMS gateway refused it: HTTP {status}"
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return Outcome((parcel.message,), Result.SENT)
        if status in _OURS:
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
        connection = self._connection()
        try:
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path or "/", body=body.encode(), headers=headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise UnavailableError(f"The SMS gateway cannot be used: {type(error).__name__}") from error
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        parts = urlsplit(self._gateway.url)
        host, seconds = parts.hostname or "", self._timeout
        if parts.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=context)
        return http.client.HTTPConnection(host, parts.port, timeout=seconds)
