"""As whom the servers run: PostgreSQL refuses root, and nobody's folders may be opened for its sake."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from database.embedded import binaries
from database.embedded.errors import EmbeddedError, NoAccountError
from database.embedded.launch import PLAIN, command
from database.embedded.places import Owner, private_folder, short_name

if TYPE_CHECKING:
    from database.embedded.binaries import Binaries
    from database.embedded.places import Places

_SHARED_HOME = Path("/var/lib/kontingent")
_PREFERRED = ("kontingent", "postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """How to become the servers' account, whose their files are, where those lie, and what people should be told."""

    identity: str
    owner: Owner
    home: Path
    binaries: Binaries
    notice: str = ""


def choose(places: Places) -> Account:
    """Choose the first way that works here.

    1. An ordinary user with a name: as that user.
    2. Root, or a number without a name: inside a user namespace, where the servers see an ordinary user and the disk
       sees no change of owner or permission.
    3. Root where namespaces are refused, or where root without its powers cannot reach the folder: a real unprivileged
       user, with data and programs below /var/lib/kontingent.
    """
    found = binaries.find()
    owner = Owner(os.geteuid(), os.getegid())
    if owner.uid != 0 and _named(owner.uid):
        return Account(PLAIN, owner, places.data, found)
    stranger = _unprivileged()
    inside = f"namespace:{stranger.pw_uid}:{stranger.pw_gid}"
    if not _moved_note(places).exists() and _reaches(inside, found, places.data):
        return Account(inside, owner, places.data, found)
    if owner.uid != 0:
        raise NoAccountError(
            f"User {owner.uid} has no name in /etc/passwd, and PostgreSQL needs one; give it a line there."
        )
    return _elsewhere(places, found, stranger)


def _named(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _unprivileged() -> pwd.struct_passwd:
    """An account without rights; its name is all that matters inside a namespace. Raises NoAccountError."""
    everybody = [entry for entry in pwd.getpwall() if entry.pw_uid != 0]
    ranked = [entry for name in _PREFERRED for entry in everybody if entry.pw_name == name]
    for entry in ranked + everybody:
        return entry
    raise NoAccountError("PostgreSQL does not run as root, and /etc/passwd has no other account, such as nobody.")


def _reaches(identity: str, found: Binaries, data: Path) -> bool:
    """Whether that identity is granted, may run the programs and may write in the data folder."""
    question = 'test -x "$1" && test -x "$2" && test -w "$3"'
    paths = [str(found.postgresql / "postgres"), str(found.redis), str(data)]
    asked = command(["/bin/sh", "-c", question, "sh", *paths], number=signal.SIGKILL, identity=identity)
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0  # noqa: S603  # our own words


def _moved_note(places: Places) -> Path:
    """Names the place of the data once they have been put elsewhere, so that they are always found again."""
    return places.data / "servers-home"


def _elsewhere(places: Places, found: Binaries, stranger: pwd.struct_passwd) -> Account:
    home = _other_home(places, Owner(stranger.pw_uid, stranger.pw_gid))
    entry = pwd.getpwuid(home.stat().st_uid)  # whoever it was the first time
    owner = Owner(entry.pw_uid, entry.pw_gid)
    private_folder(home / "run", owner)
    notice = (
        f"Root can make no user namespace here that reaches {places.data}: PostgreSQL and Redis run as the user "
        f"{entry.pw_name}, with their data in {home}. Start as an ordinary user to keep them together."
    )
    identity = f"user:{owner.uid}:{owner.gid}"
    return Account(identity, owner, home, _reachable(identity, found, home), notice)


def _other_home(places: Places, owner: Owner) -> Path:
    """The folder that an unprivileged user reaches: the one used before, or a new one. Raises EmbeddedError."""
    note = _moved_note(places)
    if note.exists():
        return Path(note.read_text(encoding="utf-8"))
    if (places.data / "postgres").exists():
        raise EmbeddedError(
            f"{places.data} holds data made by root in a user namespace, which this system refuses now. "
            "Allow user namespaces, or start as the ordinary user who owns the folder."
        )
    _SHARED_HOME.mkdir(mode=0o711, parents=True, exist_ok=True)
    home = private_folder(_SHARED_HOME / short_name(places.data), owner)
    note.write_text(str(home), encoding="utf-8")
    return home


def _reachable(identity: str, found: Binaries, home: Path) -> Binaries:
    """The programs where they are, or copied to where that account reaches them."""
    if _reaches(identity, found, home):
        return found
    packages = [binaries.package_folder(wheel) for wheel in (binaries.POSTGRESQL_WHEEL, binaries.REDIS_WHEEL)]
    target = _SHARED_HOME / f"programs-{short_name(packages[0])}-{found.major}"
    if not target.exists():
        _copy_programs(packages, target)
    return binaries.within(*(target / package.name for package in packages))


def _copy_programs(packages: list[Path], target: Path) -> None:
    """Copy whole or not at all; PostgreSQL's programs need the wheel's `.libs` folder beside the package."""
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    draft.mkdir(mode=0o711)
    for package in packages:
        shutil.copytree(package, draft / package.name)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
    draft.rename(target)
