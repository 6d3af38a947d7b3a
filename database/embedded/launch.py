"""The last step before a child program runs: its identity dropped, its life tied to its parent's.

Run by path with the standard library alone (`python -I -S launch.py PARENT SIGNAL IDENTITY program …`), so that it is
quick and cannot be led astray by the environment.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_CLONE_NEWUSER = 0x10000000  # linux/sched.h

PLAIN = "plain"


def die_with_parent(number: int = signal.SIGKILL, *, parent: int | None = None) -> None:
    """Have the kernel send `number` to this process when its parent dies, however the parent dies.

    Call it in the child, after any change of identity (that would clear it) and after each fork (a fork does not pass
    it on). `parent` is the process id of the expected parent where the caller knows it: if that one has died already,
    the signal is raised at once. The kernel watches the parent's *thread* that forked, so fork in the main thread.
    Elsewhere than on Linux this does nothing.
    """
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), number)


def enter_namespace(uid: int, gid: int) -> None:
    """Become `uid`:`gid` inside a user namespace of one's own; on disk everything stays the caller's (Linux only)."""
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare(CLONE_NEWUSER)")
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{uid} {outer_uid} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{gid} {outer_gid} 1", encoding="ascii")


def become(identity: str) -> None:
    """Take on `plain`, `namespace:UID:GID` or `user:UID:GID`."""
    kind, *numbers = identity.split(":")
    if kind == PLAIN:
        return
    uid, gid = (int(number) for number in numbers)
    if kind == "namespace":
        enter_namespace(uid, gid)
        return
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def command(program: list[str], *, number: int, identity: str = PLAIN, parent: int | None = None) -> list[str]:
    """Give the command line that runs `program` through this file as a child of this process (or of `parent`)."""
    launcher = [sys.executable, "-I", "-S", __file__, str(parent or os.getpid()), str(int(number)), identity]
    return launcher + program


def main(arguments: list[str]) -> None:
    """Drop the identity, tie the life, become the program."""
    parent, number, identity, *program = arguments
    try:
        become(identity)
        die_with_parent(int(number), parent=int(parent))
        if os.getppid() != int(parent):  # it died before the tie was made, and the signal may be ignored here
            sys.exit(1)
        os.execvp(program[0], program)  # noqa: S606  # no shell is wanted between parent and program
    except OSError as error:
        sys.exit(f"{program[0]}: {error.strerror}")


if __name__ == "__main__":
    main(sys.argv[1:])
