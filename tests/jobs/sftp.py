"""A bank's server on this machine: real SSH and SFTP on the loopback, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import asyncssh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USER, PASSWORD = "club", "correct horse"
KEY: Final = asyncssh.generate_private_key("ssh-ed25519")
"""Of somebody who logs in with a key."""


class _Doorkeeper(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:  # noqa: ARG002 -- everybody has to show something
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == USER and key.public_data == KEY.convert_to_public().public_data


@contextmanager
def bank_server(folder: Path) -> Iterator[int]:
    """Serve a folder; yield the port. Each server has a key of its own."""
    loop, ready, ports = asyncio.new_event_loop(), threading.Event(), []

    async def begin() -> asyncssh.SSHAcceptor:
        served = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=_Doorkeeper,
            server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=bytes(folder)),
        )
        ports.append(served.get_port())
        ready.set()
        return served

    def run() -> None:
        asyncio.set_event_loop(loop)
        served = loop.run_until_complete(begin())
        loop.run_forever()
        served.close()
        loop.run_until_complete(served.wait_closed())
        loop.run_until_complete(asyncio.sleep(0))
        for left in asyncio.all_tasks(loop):
            left.cancel()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
