"""The embedded Redis: a socket, an append-only file, no network."""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING

from database.embedded.places import private_folder
from database.embedded.server import Server

if TYPE_CHECKING:
    from pathlib import Path

    from database.embedded.account import Account
    from database.embedded.places import Places

SOCKET = "redis.sock"
_PATIENCE = 2.0  # seconds for one answer


def server(account: Account, places: Places, sockets: Path, *, durable: bool) -> Server:
    """The server, ready to be started; with `durable=False` it keeps nothing."""
    folder = private_folder(account.home / "redis", account.owner)
    address = sockets / SOCKET
    options = {
        "port": "0",
        "unixsocket": str(address),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
        "appendonly": "yes" if durable else "no",
        "daemonize": "no",
        "loglevel": "notice",
        "always-show-logo": "no",
    }
    return Server(
        name="The embedded Redis",
        program=[
            str(account.binaries.redis),
            *(word for name, value in options.items() for word in (f"--{name}", value)),
        ],
        identity=account.identity,
        lock=places.redis_lock,
        log=places.log / "redis.log",
        stop_signal=signal.SIGTERM,
        ready=lambda _pid: _answers(address),
        tidy=lambda: address.unlink(missing_ok=True),
    )


def _answers(address: Path) -> bool:
    """Whether the server answers PING; while it loads its file it answers an error instead."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(_PATIENCE)
        try:
            line.connect(str(address))
            line.sendall(b"PING\r\n")
            return line.recv(64).startswith(b"+PONG")
        except OSError:
            return False
