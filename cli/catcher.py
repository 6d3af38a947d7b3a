"""A mail server for trying things out: it delivers nothing and keeps each mail as a file that can be read.

Whoever wants to send asks `catcher` for it; it is known only while it lives, however it ends.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import sys
import time
from email import message_from_bytes
from email.policy import SMTP as POLICY
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aiosmtpd.smtp import SMTP

from database.embedded.locks import Lock, held_alone
from settings import Smtp

if TYPE_CHECKING:
    from aiosmtpd.smtp import Envelope, Session

HOST: Final = "127.0.0.1"
_LARGEST: Final = 32 << 20  # bytes of one mail
_AGAIN: Final = 0.5  # seconds between two looks whether another catcher has ended


def catcher(folder: Path) -> Smtp | None:
    """Return the catcher that keeps mail in `folder`, or None where none lives."""
    lock = _lock(folder)
    if not lock.exists() or not held_alone(lock):
        return None
    port = lock.read_text(encoding="ascii")
    return Smtp(HOST, int(port)) if port else None


def catch(folder: Path) -> None:
    """Take mail on a free port of this machine until SIGTERM; wait first for another catcher of the folder to end."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Lock(_lock(folder)) as lock:
        while not lock.try_alone():
            time.sleep(_AGAIN)
        os.ftruncate(lock.fd, 0)
        asyncio.run(_serve(folder, lock))


async def _serve(folder: Path, lock: Lock) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(lambda: SMTP(_Keeper(folder), data_size_limit=_LARGEST, loop=loop), HOST, 0)
    port = server.sockets[0].getsockname()[1]
    os.pwrite(lock.fd, str(port).encode(), 0)
    await stop.wait()
    os.ftruncate(lock.fd, 0)
    server.close()


class _Keeper:
    """Writes each mail down; one that comes again (the same Message-ID to the same people) replaces itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        draft = self._folder / f".{os.getpid()}-{id(envelope)}"
        draft.write_bytes(content)
        draft.replace(self._folder / name(content))
        return "250 OK"


def name(content: bytes) -> str:
    """Return the file name of a mail: made of its Message-ID, or of all of it where it has none."""
    message_id = message_from_bytes(content, policy=POLICY)["Message-ID"]
    told = str(message_id).strip().encode() if message_id else content
    return f"{hashlib.sha256(told).hexdigest()[:32]}.eml"


def _lock(folder: Path) -> Path:
    return folder / ".catcher"


if __name__ == "__main__":
    catch(Path(sys.argv[1]))
