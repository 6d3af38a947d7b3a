"""Takes a bank file in that came by itself, from a folder or from a bank's server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import structlog

from database.connect import Role
from dues import dates
from dues.actor import AUTOMATIC
from dues.payments.accept import accept, keep_refused
from dues.payments.errors import FileKnownError, FileRefusedError
from dues.payments.unpack import unpacked

if TYPE_CHECKING:
    from jobs.house import House

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Became:
    """What became of a file: the runs that book it, or why there is none; one that came before is not refused.

    An archive is refused where one of its files was, however many others are booked.
    """

    runs: tuple[int, ...] = ()
    reason: str | None = None
    refused: bool = False


def take_in(house: House, stream: BinaryIO, name: str, *, account: int | None = None) -> Became:
    """Accept a file, or each file of an archive, for one account alone where its way in is that account's.

    What is refused is kept with the reason why.
    """
    each: list[Became] = []
    try:
        for one, content in unpacked(stream, name=name):
            each.append(_take_one(house, content, one, account))
    except FileRefusedError as error:
        each.append(_refused(house, stream, name, error))
    reasons = [one.reason for one in sorted(each, key=lambda one: not one.refused) if one.reason]
    return Became(
        runs=tuple(run for one in each for run in one.runs),
        reason="\n".join(reasons) or None,
        refused=any(one.refused for one in each),
    )


def _take_one(house: House, stream: BinaryIO, name: str, account: int | None) -> Became:
    try:
        with house.database.unit_of_work(Role.JOBS) as session:
            on = dates.today(session)
            accepted = accept(session, stream=stream, name=name, on=on, by=AUTOMATIC, account=account)
    except FileKnownError as error:
        return Became(reason=str(error))
    except FileRefusedError as error:
        return _refused(house, stream, name, error)
    log.info("file accepted", file=accepted.file_id, payments=accepted.payments, run=accepted.run_id)
    return Became(runs=(accepted.run_id,))


def _refused(house: House, stream: BinaryIO, name: str, error: FileRefusedError) -> Became:
    with house.database.unit_of_work(Role.JOBS) as session:
        kept = keep_refused(session, stream=stream, name=name, error=error, by=AUTOMATIC)
    log.warning("file refused", file=kept)
    return Became(reason=str(error), refused=True)
