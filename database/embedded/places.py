"""Where the embedded servers keep what: locks, logs, sockets and data under one data folder."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from database.embedded.errors import EmbeddedError, UnsafeFolderError

_LONGEST_SOCKET = 107  # bytes in sockaddr_un.sun_path without its closing zero
_LONGEST_NAME = len("/.s.PGSQL.5432.lock")


class Owner(NamedTuple):
    """Whose a file is on disk."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Places:
    """The paths that users and the keeper agree upon; all follow from the data folder."""

    data: Path

    @property
    def run(self) -> Path:
        """Locks and, where the path is short enough, sockets."""
        return self.data / "run"

    @property
    def log(self) -> Path:
        """What the keeper and the servers write."""
        return self.data / "log"

    @property
    def users_lock(self) -> Path:
        """Shared by each user; held alone by a keeper that stops."""
        return self.run / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper while it lives."""
        return self.run / "keeper.lock"

    @property
    def postgres_lock(self) -> Path:
        """Held by every process of PostgreSQL while any lives."""
        return self.run / "postgres.lock"

    @property
    def redis_lock(self) -> Path:
        """Held by Redis while it lives."""
        return self.run / "redis.lock"

    @property
    def ready_lock(self) -> Path:
        """Held by the keeper while both servers answer."""
        return self.run / "ready.lock"

    @property
    def sockets_note(self) -> Path:
        """A file that names the folder of the sockets."""
        return self.run / "sockets"

    @property
    def keeper_log(self) -> Path:
        """What the keeper has to say to people."""
        return self.log / "keeper.log"


def prepare(data: Path) -> Places:
    """Make the data folder and what users need in it, private to this account; touch nothing that exists.

    Raises EmbeddedError where the folder cannot be written.
    """
    places = Places(data.resolve())
    try:
        for folder in (places.data, places.run, places.log):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK | os.X_OK):
                raise PermissionError(13, "no right to write", str(folder))
    except OSError as error:
        reason = error.strerror or str(error)
        raise EmbeddedError(f"The data folder {places.data} cannot be used: {reason}. Set KONTINGENT_DATA.") from error
    return places


def choose_sockets(home: Path, owner: Owner) -> Path:
    """Make a private folder for the sockets: `home/run`, or one in the temporary folder where that path is too long."""
    for folder in (home / "run", *_short_folders(home)):
        # A comma would make several hosts of it in a database address.
        if len(os.fsencode(folder)) + _LONGEST_NAME <= _LONGEST_SOCKET and "," not in str(folder):
            return private_folder(folder, owner)
    raise EmbeddedError(f"The paths of {home} and of the temporary folder are too long for sockets; set TMPDIR=/tmp.")


def note_sockets(places: Places, sockets: Path) -> None:
    """Tell users where the sockets are; readers see the old note or the new one, never half of it."""
    draft = places.sockets_note.with_suffix(".new")
    draft.write_bytes(os.fsencode(sockets))
    draft.replace(places.sockets_note)


def noted_sockets(places: Places) -> Path:
    """Where the sockets are while the servers run."""
    return Path(os.fsdecode(places.sockets_note.read_bytes()))


def forget_sockets(places: Places) -> None:
    """Remove the sockets' folder where it lies outside the data folder; it is empty once the servers have stopped."""
    with suppress(OSError):
        folder = noted_sockets(places)
        if places.data not in folder.parents:
            folder.rmdir()


def short_name(path: Path) -> str:
    """A name that stands for a long path, the same each time."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def _short_folders(home: Path) -> list[Path]:
    name = f"kontingent-{os.geteuid()}-{short_name(home)}"
    return [Path(tempfile.gettempdir(), name), Path("/tmp", name)]  # noqa: S108  # private_folder checks whose it is


def private_folder(folder: Path, owner: Owner) -> Path:
    """Make `folder` with mode 0700 for `owner`, or accept one that is theirs and closed to others.

    Raises UnsafeFolderError.
    """
    if not folder.exists() and not folder.is_symlink():
        folder.mkdir(mode=0o700)
        os.chown(folder, owner.uid, owner.gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner.uid or found.st_mode & 0o077:
        raise UnsafeFolderError(
            f"{folder} must be a folder of one account alone (mode 0700); remove it and start again."
        )
    return folder
