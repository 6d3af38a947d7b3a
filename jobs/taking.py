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

if TYPE_CHECKING:
    from jobs.house import House

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Became:
    """What became of a file: the run that books it, or why there is none; one that came before is not refused."""

    run_id: int | None = None
    reason: str | None = None
    refused: bool = False


def take_in(house: House, stream: BinaryIO, name: str, *, account: int | None = None) -> Became:
    """Accept a file, for one account alone where its way in is that account's, or keep it with the reason why not."""
    try:
        with house.database.unit_of_work(Role.JOBS) as session:
            on = dates.today(session)
            accepted = accept(session, stream=stream, name=name, on=on, by=AUTOMATIC, account=account)
    except FileKnownError as error:
        return Became(reason=str(error))
    except FileRefusedError as error:
        with house.database.unit_of_work(Role.JOBS) as session:
            kept = keep_refused(session, stream=stream, name=name, error=error, by=AUTOMATIC)
        log.warning("file refused", file=kept)
        return Became(reason=str(error), refused=True)
    log.info("file accepted", file=accepted.file_id, payments=accepted.payments, run=accepted.run_id)
    return Became(run_id=accepted.run_id)
