"""The watched folder: bank files put into it are accepted, or refused with the reason in a file beside them.

A folder below it is that account's own that it is called by: files for others are refused.
A file that is still being written is left alone; names that begin with a dot or end like a transfer under way are
never looked at. After a kill a file is met again: if it was accepted already, that is recognised by its content.
"""

from __future__ import annotations

import os
import stat
import time
from typing import TYPE_CHECKING, BinaryIO, Final

import structlog

from database.embedded.locks import Lock
from dues.payments.accounts import accounts_called
from dues.payments.fetching import UNDER_WAY
from jobs.taking import take_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jobs.house import House

log = structlog.get_logger(__name__)

DONE, REFUSED = "done", "refused"

_NOBODYS: Final = 0  # no agreement has this key

_PAUSE: Final = 1.0  # seconds between two looks at a file's size
_SETTLED: Final = 2.0  # seconds since the last change after which a file is whole
_SETTLED_EMPTY: Final = 30.0  # an empty file is most often one whose content is still to come


def waiting(folder: Path) -> list[Path]:
    """Return the regular files that lie in the folder, by name; links and folders are no bank files."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _named_like_one(path.name) and _regular(path))


def _named_like_one(name: str) -> bool:
    return not name.startswith(".") and not name.endswith(UNDER_WAY)


def _regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def any_waiting(folder: Path) -> bool:
    """Tell whether a file lies in the folder, or in one of the folders of accounts below it."""
    return any(waiting(one) for one in (folder, *_below(folder)))


def _below(folder: Path) -> list[Path]:
    """Return the folders below, by name, without those that files are moved to; links lead nowhere."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.name not in {DONE, REFUSED}
        and not path.name.startswith(".")
        and path.is_dir()
        and not path.is_symlink()
    )


def take(house: House, folder: Path) -> Iterator[int]:
    """Take each whole file in, move it away, and yield the run that books it; one process at a time does this.

    A folder below it takes files for that account alone that it is called by; where there is none, all are refused.
    """
    if not any_waiting(folder):
        return
    with Lock(folder / ".taking") as lock:
        if not lock.try_alone():
            return
        for path, account in _whole(_places(house, folder)):
            yield from _take_one(house, path, account)


def _places(house: House, folder: Path) -> dict[Path, int | None]:
    """Return the folders with the account that each is for; the first one is for all."""
    places: dict[Path, int | None] = {folder: None}
    named = [path for path in _below(folder) if waiting(path)]
    if named:
        with house.open_session() as session:
            accounts = accounts_called(session, [path.name for path in named])
        places |= {path: accounts.get(path.name, _NOBODYS) for path in named}
    return places


def _whole(places: Mapping[Path, int | None]) -> list[tuple[Path, int | None]]:
    """Return the files that have stopped growing, with the account that each must be for."""
    before = {path: (_size(path), account) for folder, account in places.items() for path in waiting(folder)}
    time.sleep(_PAUSE)
    return [
        (path, account)
        for path, (size, account) in before.items()
        if size is not None and size == _size(path) and _at_rest(path, size)
    ]


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


def _take_one(house: House, path: Path, account: int | None) -> tuple[int, ...]:
    """Accept or refuse one file, or each of an archive; return the runs that book them.

    A file that cannot be opened stays; an archive is put aside as refused where one of its files was.
    """
    try:
        stream = _open(path)
    except OSError as error:
        log.warning("file cannot be opened", reason=error.strerror)
        return ()
    with stream:
        became = take_in(house, stream, path.name, account=account)
    _put_away(path, REFUSED if became.refused else DONE, became.reason)
    return became.runs


def _open(path: Path) -> BinaryIO:
    """Open a file, but never through a link that has taken its place."""
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")


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
