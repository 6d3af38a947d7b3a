"""Fetches bank files from banks' servers: each file once, whole, and for the account that the server is named for.

A visit is begun by one process alone. What was fetched is remembered together with what became of it; after a kill a
file is fetched again, and recognised by its content.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from typing import TYPE_CHECKING, Final, cast

import structlog

from database.connect import Role
from dues.payments.fetching import RemoteError, begin, due, end, new_ones, remember, seen_before, visit_of, wanted
from dues.payments.store import digest_and_size
from jobs.taking import take_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from dues.payments.fetching import Connect, Remote, RemoteFile, Visit
    from dues.payments.source_models import Trouble
    from jobs.house import House

log = structlog.get_logger(__name__)

_IN_MEMORY: Final = 1 << 20


def fetch(house: House, connect: Connect) -> Iterator[int]:
    """Visit each server whose turn has come, and yield the runs that book what came from there."""
    with house.open_session() as session:
        sources = due(session, moment=_now())
    for source_id in sources:
        try:
            if _begun(house, source_id):
                yield from _visited(house, connect, _visit(house, source_id))
                _ended(house, source_id)
        except RemoteError as error:
            log.warning("bank's server", source=source_id, trouble=error.trouble.value)
            _ended(house, source_id, error.trouble)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _begun(house: House, source_id: int) -> bool:
    with house.database.unit_of_work(Role.JOBS) as session:
        return begin(session, source_id=source_id, moment=_now())


def _visit(house: House, source_id: int) -> Visit:
    with house.open_session() as session:
        return visit_of(session, source_id=source_id, secret=house.settings.signing_key())


def _visited(house: House, connect: Connect, visit: Visit) -> Iterator[int]:
    with connect(visit.target) as remote:
        listed = wanted(remote.listed(), pattern=visit.pattern)
        with house.open_session() as session:
            files = new_ones(session, source_id=visit.source_id, files=listed)
        for file in files:
            yield from _fetch_one(house, remote, visit, file)


def _fetch_one(house: House, remote: Remote, visit: Visit, file: RemoteFile) -> tuple[int, ...]:
    """Fetch one file and take it in; one that changed while it was read is left for the next visit."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spooled:
        stream = cast("BinaryIO", spooled)
        if remote.read(file.name, stream) != file:
            return ()
        digest, size = digest_and_size(stream)
        if size != file.size:
            return ()
        new = not _seen(house, visit, digest)
        runs = take_in(house, stream, file.name, account=visit.agreement_id).runs if new else ()
    with house.database.unit_of_work(Role.JOBS) as session:
        remember(session, source_id=visit.source_id, file=file, digest=digest)
    return runs


def _seen(house: House, visit: Visit, digest: str) -> bool:
    with house.open_session() as session:
        return seen_before(session, source_id=visit.source_id, digest=digest)


def _ended(house: House, source_id: int, trouble: Trouble | None = None) -> None:
    with house.database.unit_of_work(Role.JOBS) as session:
        end(session, source_id=source_id, moment=_now(), trouble=trouble)
