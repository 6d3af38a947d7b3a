"""Says where the program can be reached as soon as its web answers."""

from __future__ import annotations

import http.client
import threading
from typing import TYPE_CHECKING, Self

from cli.supervise import say
from dues.demo.desks import FIRST, PASSWORD

if TYPE_CHECKING:
    from settings import Settings

_AGAIN = 0.2  # seconds between two tries
_PATIENCE = 5.0  # seconds for one answer


class Welcome:
    """Waits beside the process tree for the web's first answer; use it as a context manager."""

    def __init__(self, settings: Settings, *, demo: bool) -> None:
        self._settings = settings
        self._demo = demo
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._wait, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def _wait(self) -> None:
        while not self._over.wait(_AGAIN):
            if self._answers():
                say("\n".join(self._lines()))
                return

    def _answers(self) -> bool:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._settings.host, self._settings.host)  # noqa: S104  # asked, not bound
        connection = http.client.HTTPConnection(host, self._settings.port, timeout=_PATIENCE)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _lines(self) -> list[str]:
        address = self._settings.base_url
        lines = ["", f"Kontingent is running: {address}/ (join a group there; no login is needed)"]
        if self._demo:
            lines.append(f"Mail is not delivered but shown: {address}/demo/outbox")
            lines.append(f"The desk: {address}/admin/ (log in as {FIRST}, password: {PASSWORD})")
        else:
            lines.append(f"The desk: {address}/admin/ (`kontingent staff add` lets somebody in)")
        lines.append(f"Bank files put into {self._settings.inbox} are read in.")
        return [*lines, "Ctrl-C stops everything; the data stay.", ""]
