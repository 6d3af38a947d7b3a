"""Bank files over SFTP: one folder of a server whose key is the one that was agreed to (RFC 4253, SFTP 3)."""

import asyncio
import stat
from collections.abc import Awaitable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, BinaryIO, Final, Self, TypeVar, cast

import asyncssh

from dues.payments.fetching import RemoteError, RemoteFile, Target
from dues.payments.source_models import Trouble

_PATIENCE: Final = 20.0
"""Seconds that a server has to answer a call, or to let somebody in."""
_READING: Final = 600.0
"""Seconds that one file may take."""
_PIECE: Final = 1 << 18

_Answer = TypeVar("_Answer")


class _Apart:
    """Runs what is asynchronous in a thread of its own: whoever asks may be within a loop already."""

    def __enter__(self) -> Self:
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._runner = asyncio.Runner()
        return self

    def run(self, work: Coroutine[Any, Any, _Answer]) -> _Answer:
        """Wait for the answer, or for what it raises."""
        return self._thread.submit(self._runner.run, work).result()

    def __exit__(self, *_error: object) -> None:
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()


@contextmanager
def connect(target: Target) -> Iterator["SftpFolder"]:
    """Log in to a server and look into its folder; raises RemoteError."""
    with _Apart() as apart:
        connection = apart.run(_said(_logged_in(target), _PATIENCE))
        try:
            client = apart.run(_said(connection.start_sftp_client(), _PATIENCE))
            yield SftpFolder(apart, client, target.folder)
        finally:
            apart.run(_left(connection))


async def _left(connection: asyncssh.SSHClientConnection) -> None:
    connection.abort()
    await connection.wait_closed()


def host_key_of(host: str, port: int) -> str:
    """Return the public key that a server shows, for somebody to compare and agree to; raises RemoteError."""
    with _Apart() as apart:
        key = apart.run(_said(asyncssh.get_server_host_key(host, port, config=None), _PATIENCE))
    if key is None:
        raise RemoteError(Trouble.UNREACHABLE)
    return key.export_public_key("openssh").decode().strip()


def fingerprint(host_key: str) -> str:
    """Return a public key's fingerprint as banks print it ("SHA256:…")."""
    return asyncssh.import_public_key(host_key).get_fingerprint()


def is_private_key(written: str) -> bool:
    """Tell whether somebody has written a private key that needs no passphrase."""
    try:
        asyncssh.import_private_key(written)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        return False
    return True


class SftpFolder:
    """A folder on a server that somebody is logged in to."""

    def __init__(self, apart: _Apart, client: asyncssh.SFTPClient, folder: str) -> None:
        self._apart = apart
        self._client = client
        self._folder = folder or "."

    def listed(self) -> list[RemoteFile]:
        """Return the regular files that lie there; links and folders are no bank files."""
        found = self._apart.run(_said(self._client.readdir(self._folder), _PATIENCE))
        return [_file(str(one.filename), one.attrs) for one in found if _is_file(one.attrs)]

    def read(self, name: str, into: BinaryIO) -> RemoteFile:
        """Write a file's bytes into a stream, piece by piece; return how it is listed afterwards."""
        return self._apart.run(_said(self._read(name, into), _READING))

    async def _read(self, name: str, into: BinaryIO) -> RemoteFile:
        path = f"{self._folder}/{name}"
        async with self._client.open(path, "rb") as file:
            while piece := await file.read(_PIECE):
                into.write(cast("bytes", piece))
        return _file(name, await self._client.lstat(path))


async def _logged_in(target: Target) -> asyncssh.SSHClientConnection:
    trusted = [asyncssh.import_public_key(target.host_key)]
    return await asyncssh.connect(
        target.host,
        target.port,
        username=target.username,
        password=target.password or None,
        client_keys=[asyncssh.import_private_key(target.private_key)] if target.private_key else None,
        known_hosts=(trusted, [], []),
        server_host_key_algs=[algorithm.decode() for algorithm in trusted[0].sig_algorithms],
        # Nothing of whoever runs the program: no agent, no keys or settings of their home.
        config=None,
        agent_path=None,
        gss_host=None,
        connect_timeout=_PATIENCE,
        login_timeout=_PATIENCE,
    )


async def _said(work: Awaitable[_Answer], seconds: float) -> _Answer:
    """Wait for an answer, and say in our own words what kept it away."""
    try:
        async with asyncio.timeout(seconds):
            return await work
    except asyncssh.HostKeyNotVerifiable as error:
        raise RemoteError(Trouble.HOST_KEY) from error
    except asyncssh.PermissionDenied as error:
        raise RemoteError(Trouble.LOGIN) from error
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath, asyncssh.SFTPPermissionDenied) as error:
        raise RemoteError(Trouble.FOLDER) from error
    except (asyncssh.SFTPError, asyncssh.ConnectionLost) as error:
        raise RemoteError(Trouble.INTERRUPTED) from error
    except asyncssh.KeyExchangeFailed as error:  # the server has no key of the agreed kind any more
        raise RemoteError(Trouble.HOST_KEY) from error
    except (OSError, TimeoutError, asyncssh.Error) as error:
        raise RemoteError(Trouble.UNREACHABLE) from error


def _is_file(attributes: asyncssh.SFTPAttrs) -> bool:
    return attributes.permissions is not None and stat.S_ISREG(attributes.permissions)


def _file(name: str, attributes: asyncssh.SFTPAttrs) -> RemoteFile:
    return RemoteFile(name, attributes.size or 0, int(attributes.mtime or 0))
