"""Closes the network to the tests: only this machine's loopback and unix sockets can be reached."""

from __future__ import annotations

import ipaddress
import socket
import sys

_CALLS = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}
"""Audit events of Python's own sockets, and where among their arguments the address stands."""


class NetworkClosedError(Exception):
    """A test asked for an address outside this machine."""

    def __init__(self, address: object) -> None:
        super().__init__(f"Tests reach nothing outside this machine, and asked for {address!r}.")


def close_network() -> None:
    """Refuse every address outside this machine, for as long as the process lives."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _CALLS:
        return
    asker, address = arguments[0], arguments[_CALLS[event]]
    if isinstance(asker, socket.socket) and asker.family == socket.AF_UNIX:
        return
    host = address[0] if isinstance(address, tuple) else address
    if not _is_here(host):
        raise NetworkClosedError(address)


def _is_here(host: object) -> bool:
    if host is None:  # the wildcard of getaddrinfo
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback or ipaddress.ip_address(name).is_unspecified
    except ValueError:
        return False
