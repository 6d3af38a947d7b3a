"""The watched folder: bank files put into it are accepted, or refused with the reason in a file beside them.

A file that is still being written is left alone; names that begin with a dot or end like a transfer under way are
never looked at. After a kill a file is met again: if it was accepted already, that is recognised by its content.
"""

from __future__ import annotations

import os
import stat
import time
from typing import TYPE_CHECKING, BinaryIO, Final

import structlog

from database.connect import Role
from database.embedded.locks import Lock
from dues import dates
from dues.actor import AUTOMATIC
from dues.payments.accept import accept, keep_refused
from dues.payments.errors import FileKnownError, FileRefusedError
from dues.payments.unpack import unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jobs.house import House

log = structlog.get_logger(__name__)

DONE, REFUSED = "done", "refused"

_PAUSE: Final = 1.0  # seconds between two looks at a file's size
_SETTLED: Final = 2.0  # seconds since the last change after which a file is whole
_SETTLED_EMPTY: Final = 30.0  # an empty file is most often one whose content is still to come
_UNDER_WAY: Final = (".part", ".partial", ".tmp", ".filepart", ".crdownload", ".swp", "~")


def waiting(folder: Path) -> list[Path]:
    """Return the regular files that lie in the folder, by name; links and folders are no bank files."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _named_like_one(path.name) and _regular(path))


def _named_like_one(name: str) -> bool:
    return not name.startswith(".") and not name.endswith(_UNDER_WAY)


def _regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def take(house: House, folder: Path) -> Iterator[int]:
    """Take each whole file in, move it away, and yield the run that books it; one process at a time does this."""
    if not waiting(folder):
        return
    with Lock(folder / ".taking") as lock:
        if not lock.try_alone():
            return
        for path in _whole(folder):
            yield from _take_one(house, path)


def _whole(folder: Path) -> list[Path]:
    """Return the files that have stopped growing."""
    before = {path: _size(path) for path in waiting(folder)}
    time.sleep(_PAUSE)
    return [path for path, size in before.items() if size is not None and size == _size(path) and _at_rest(path, size)]


def _size(path: Path) -> int | None:
    try:
        return path.lstat().st_size
    except OSError:
        return None


def _at_rest(path: Path, size: int) -> bool:
    """Whether the last change is a while ago; a time in the future says nothing and counts as long ago."""
    try:
        age = time.time() - path.lstat().st_mtime
    except OSError:
        return False
    return age < 0 or age >= (_SETTLED if size else _SETTLED_EMPTY)


def _take_one(house: House, path: Path) -> list[int]:
    """Accept or refuse one file, or each file of an archive; return the runs that book them.

    A file that cannot be opened stays; an archive is put aside as refused where one of its files was.
    """
    try:
        stream = _open(path)
    except OSError as error:
        log.warning("file cannot be opened", reason=error.strerror)
        return []
    runs: list[int] = []
    known: list[str] = []
    refused: list[str] = []
    with stream:
        try:
            for name, one in unpacked(stream, name=path.name):
                try:
                    runs.append(_accept(house, one, name))
                except FileKnownError as error:
                    known.append(str(error))
                except FileRefusedError as error:
                    _keep_refused(house, one, name, error)
                    refused.append(str(error))
        except FileRefusedError as error:
            _keep_refused(house, stream, path.name, error)
            refused.append(str(error))
    _put_away(path, REFUSED if refused else DONE, "\n".join([*refused, *known]) or None)
    return runs


def _open(path: Path) -> BinaryIO:
    """Open a file, but never through a link that has taken its place."""
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")


def _accept(house: House, stream: BinaryIO, name: str) -> int:
    with house.database.unit_of_work(Role.JOBS) as session:
        accepted = accept(session, stream=stream, name=name, on=dates.today(session), by=AUTOMATIC)
    log.info("file accepted", file=accepted.file_id, payments=accepted.payments, run=accepted.run_id)
    return accepted.run_id


def _keep_refused(house: House, stream: BinaryIO, name: str, error: FileRefusedError) -> None:
    with house.database.unit_of_work(Role.JOBS) as session:
        kept = keep_refused(session, stream=stream, name=name, error=error, by=AUTOMATIC)
    log.warning("file refused", file=kept)


def _put_away(path: Path, to: str, reason: str | None = None) -> None:
    """Move a file into a folder beside it, with the reason in a text of its name; nothing there is overwritten."""
    folder = path.parent / to
    folder.mkdir(mode=0o700, exist_ok=True)
    target, number = folder / path.name, 1
    while target.exists() or _reason(target).exists():
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    if reason is not None:
        _reason(target).write_text(f"{reason}\n", encoding="utf-8")
    path.rename(target)


def _reason(path: Path) -> Path:
    return path.with_name(f"{path.name}.txt")
