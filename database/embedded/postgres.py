"""The embedded PostgreSQL: its cluster, its settings for this machine, its start."""

from __future__ import annotations

import os
import shutil
import signal
from typing import TYPE_CHECKING

from database.embedded import memory
from database.embedded.errors import OtherVersionError, ServerFailedError
from database.embedded.places import private_folder
from database.embedded.server import Server, run_once

if TYPE_CHECKING:
    from pathlib import Path

    from database.embedded.account import Account
    from database.embedded.places import Places

PORT = 5432  # only a part of the socket's name: nothing listens on the network
OWNER = "kontingent_owner"
DATABASE = "kontingent"

_MB = 1024 * 1024
_STATUS_LINE = 7  # of postmaster.pid, counted from zero; LOCK_FILE_LINE_PM_STATUS - 1 in PostgreSQL's miscadmin.h
_INITDB = (
    "--username=postgres",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--auth-local=trust",  # the sockets' folder is private: who reaches the socket is this account
    "--auth-host=reject",
    "--no-instructions",
)
# Since PostgreSQL 16 only a role that bypasses row security may hand that out, so the superuser makes the one for
# backups here, once; the owner, who is none, makes every other role.
_BOOTSTRAP = f"""\
CREATE ROLE {OWNER} LOGIN CREATEROLE;
CREATE ROLE kontingent_backup NOLOGIN BYPASSRLS;
GRANT kontingent_backup TO {OWNER} WITH ADMIN OPTION;
CREATE DATABASE {DATABASE} OWNER {OWNER};
"""
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "5min"}


def settings(*, durable: bool) -> dict[str, str]:
    """Server settings for this machine; `durable=False` is for tests, whose data may be lost with the power."""
    total = memory.available()
    shared = min(total // 4, 2048 * _MB) if durable else min(total // 8, 512 * _MB)
    return {
        "listen_addresses": "",
        "max_connections": "100",
        "shared_buffers": f"{shared // _MB}MB",
        "effective_cache_size": f"{total * 6 // 10 // _MB}MB",
        "work_mem": f"{min(max(total // 256, 8 * _MB), 64 * _MB) // _MB}MB",
        "maintenance_work_mem": f"{min(total // 16, 1024 * _MB) // _MB}MB",
        # Containers often give /dev/shm 64 MB, too little for a parallel query.
        "dynamic_shared_memory_type": "posix" if memory.shared_available() > 512 * _MB else "mmap",
        "random_page_cost": "1.1",
        "jit": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        # A run writes megabytes between two commits: where they fit, its connections do not wait for the disk in turn.
        "wal_buffers": f"{min(shared // 16, 64 * _MB) // _MB}MB",
        "min_wal_size": "256MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_error_verbosity": "terse",  # a violated key's DETAIL would put personal data in the log
        **({} if durable else _NOT_DURABLE),
    }


def prepare(account: Account, *, durable: bool) -> None:
    """Make the cluster on first use, or refuse one of another version.

    It is made beside its place and moved there when complete, so that a start cut short leaves nothing half made.
    Raises OtherVersionError or ServerFailedError.
    """
    cluster = account.home / "postgres"
    if cluster.exists():
        _check_version(cluster, account.binaries.major)
        return
    draft = account.home / "postgres.new"
    if draft.exists():
        shutil.rmtree(draft)
    private_folder(draft, account.owner)
    sync = () if durable else ("--no-sync",)
    programs = account.binaries.postgresql
    run_once([str(programs / "initdb"), "-D", str(draft), *_INITDB, *sync], account.identity, signal.SIGKILL)
    single = [str(programs / "postgres"), "--single", "-D", str(draft), "-c", "log_checkpoints=off"]
    said = run_once(
        [*single, *(() if durable else ("-c", "fsync=off")), "postgres"], account.identity, signal.SIGKILL, _BOOTSTRAP
    )
    if "ERROR:" in said or "FATAL:" in said:  # single-user mode ends with zero even so
        raise ServerFailedError(f"PostgreSQL could not make its roles.\n{said}")
    draft.rename(cluster)
    _sync_folder(account.home)


def _check_version(cluster: Path, major: int) -> None:
    try:
        found = (cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    except OSError:
        found = "an unknown version"
    if found != str(major):
        raise OtherVersionError(
            f"The data in {cluster} were written by PostgreSQL {found}; the installed wheel is PostgreSQL {major}. "
            f"Install the wheel of version {found}, export with `pg_dump`, and load into a new data folder."
        )


def _sync_folder(folder: Path) -> None:
    """Make a rename outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def server(account: Account, places: Places, sockets: Path, *, durable: bool) -> Server:
    """The server, ready to be started on a cluster that `prepare` has seen."""
    cluster = account.home / "postgres"
    chosen = {**settings(durable=durable), "unix_socket_directories": _quoted(sockets), "port": str(PORT)}
    options = [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]
    return Server(
        name="The embedded PostgreSQL",
        program=[str(account.binaries.postgresql / "postgres"), "-D", str(cluster), *options],
        identity=account.identity,
        lock=places.postgres_lock,
        log=places.log / "postgres.log",
        stop_signal=signal.SIGINT,  # a fast shutdown: sessions are ended, everything is written
        ready=lambda pid: _answers(cluster / "postmaster.pid", pid),
        tidy=lambda: _remove_stale(cluster, sockets),
    )


def _quoted(folder: Path) -> str:
    """A path as one element of a list of paths in PostgreSQL's settings."""
    return '"' + str(folder).replace('"', '""') + '"'


def _answers(postmaster: Path, pid: int) -> bool:
    """Whether that server has written that it takes connections, as `pg_ctl` finds out."""
    try:
        lines = postmaster.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return len(lines) > _STATUS_LINE and lines[0].strip() == str(pid) and lines[_STATUS_LINE].strip() == "ready"


def _remove_stale(cluster: Path, sockets: Path) -> None:
    """Remove what a killed server left: its process id may be another program's by now, which would stop a start.

    Safe because the server's lock is held by each of its processes: whoever has it knows that none lives.
    """
    socket = sockets / f".s.PGSQL.{PORT}"
    for path in (cluster / "postmaster.pid", socket, socket.with_name(f"{socket.name}.lock")):
        path.unlink(missing_ok=True)
