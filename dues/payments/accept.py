"""Accepts bank files: whole or not at all, everything checked and stored in one transaction."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import bankfiles.digest
import bankfiles.registry
from bankfiles.errors import BankFileError
from dues.actor import Actor
from dues.payments.book import SLICE
from dues.payments.errors import FileRefusedError
from dues.payments.incoming import BLOCK, Intake, Section, stage
from dues.payments.models import BankFile, FileState
from dues.payments.store import Pieces, digest_and_size, keep, pieces
from dues.payments.take import Taking, refuse_known

MAX_BYTES = 2 << 30


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was accepted: ``payments`` the file holds, of which ``duplicate`` were known from other files.

    ``amount`` is the signed sum in minor units, None (like ``currency``) where the file has several currencies or
    none.
    """

    file_id: int
    run_id: int
    format: str
    payments: int
    amount: int | None
    currency: str | None
    duplicate: int
    warnings: tuple[str, ...]


def accept(session: Session, *, stream: BinaryIO, name: str, on: dt.date, by: Actor) -> Accepted:
    """Check a file and store its bytes and payments, and start the run that books them.

    Raises FileRefusedError and FileKnownError; whoever calls then rolls back, and nothing has happened.
    """
    digest, size = digest_and_size(stream)
    if size > MAX_BYTES:
        raise FileRefusedError(name, "", f"the file is larger than {MAX_BYTES >> 30} GiB")
    refuse_known(session, name=name, digest=digest)
    plain = bankfiles.digest.normalised_digest(stream)
    refuse_known(session, name=name, digest=digest, plain=plain)
    file = BankFile(name=name, state=FileState.ACCEPTED, digest=digest, plain_digest=plain, size=size, actor=str(by))
    taking = Taking(session, file, on, by)
    try:
        intake = _read(session, stream=stream, taking=taking)
    except BankFileError as error:
        raise FileRefusedError.because(name, error) from error
    run = taking.open()
    taking.close(intake.sections, slice_size=SLICE)
    file.payments, file.duplicates = intake.payments, intake.payments - taking.stored
    if len(intake.amounts) == 1:
        ((file.currency, file.amount),) = intake.amounts.items()
    file.warnings = [*intake.warnings, *_doubts(taking)]
    return Accepted(
        file_id=file.id,
        run_id=run.id,
        format=file.format or "",
        payments=intake.payments,
        amount=file.amount if len(intake.amounts) < 2 else None,  # noqa: PLR2004 -- one currency or none
        currency=file.currency,
        duplicate=file.duplicates,
        warnings=tuple(file.warnings),
    )


def _read(session: Session, *, stream: BinaryIO, taking: Taking) -> Intake:
    """Read a file while what has been read of it is stored."""
    name = taking.file.name
    reading = bankfiles.registry.read(stream)
    taking.file.format, taking.file.version = reading.format, reading.version
    raw = Pieces(stream)

    def take(sections: Sequence[Section]) -> Callable[[], None]:
        return partial(taking.take, sections, raw.due())

    try:
        intake = stage(session, name=name, events=reading.events, size=min(BLOCK, SLICE), take=take)
    except (DBAPIError, psycopg.DataError) as error:
        if isinstance(error, DBAPIError) and not isinstance(error.orig, psycopg.DataError):
            raise
        raise FileRefusedError(name, "", f"a value cannot be stored: {error}") from error
    taking.open()  # where there were no payments
    taking.keep(raw.rest())
    return intake


def _doubts(taking: Taking) -> list[str]:
    """Say what a person should look at; most files give no reason to look."""
    doubts = []
    if taking.alike:
        doubts.append(
            f"{taking.alike} payments were left out: an earlier file has others that are alike in everything, and the "
            "bank gave neither a number. If somebody did pay twice, the bank's statement will show more than the books."
        )
    if taking.ahead:
        doubts.append(
            f"{taking.ahead} payments are booked on a later day than {taking.on}; see whether the day is right."
        )
    return doubts


def keep_refused(session: Session, *, stream: BinaryIO, name: str, error: FileRefusedError, by: Actor) -> int:
    """Keep the raw bytes of a refused file with the reason, for inspection; return the row's id."""
    digest, size = digest_and_size(stream)
    file = BankFile(
        name=name, state=FileState.REFUSED, digest=digest, size=size, error=str(error), actor=str(by), warnings=[]
    )
    session.add(file)
    session.flush()  # chunks need the id
    if size <= MAX_BYTES:
        keep(session, file_id=file.id, pieces=pieces(stream))
    return file.id
