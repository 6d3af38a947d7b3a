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
from dues.actor import AUTOMATIC, Actor
from dues.payments.book import KIND, READ, SLICE
from dues.payments.errors import FileKnownError, FileRefusedError
from dues.payments.incoming import BLOCK, Intake, Section, stage
from dues.payments.models import BankFile, FileState, Refusal
from dues.payments.refunds.reports import take_report
from dues.payments.store import Pieces, digest_and_size, keep, kept_file, pieces
from dues.payments.table_events import TABLE, events
from dues.payments.take import Taking, refuse_known
from dues.runs.models import Run
from dues.runs.start import start

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


def accept(
    session: Session,
    *,
    stream: BinaryIO,
    name: str,
    on: dt.date,
    by: Actor,
    path: str = "",
    account: int | None = None,
) -> Accepted:
    """Check a file and store its bytes and payments, and start the run that books them.

    With a ``path`` a file for any account but those of creditors at or below that group is refused, with an ``account``
    (a bank agreement) one for any other account.

    Raises FileRefusedError and FileKnownError; whoever calls then rolls back, and nothing has happened.
    """
    file = _met(session, stream=stream, name=name, by=by, path=path)
    return _accepted(Taking(session, file, on, by, account=account), stream=stream)


def receive(
    session: Session, *, stream: BinaryIO, name: str, on: dt.date, by: Actor, path: str = ""
) -> tuple[BankFile, Run]:
    """Keep the bytes of a large file and start the run that will read, accept and book it, so that nobody waits.

    Raises FileRefusedError for one that is too large and FileKnownError; nothing has happened then.
    """
    file = _met(session, stream=stream, name=name, by=by, path=path)
    refuse_known(session, name=name, digest=file.digest, state=FileState.RECEIVED)  # a second press
    session.add(file)
    run = begin(session, file=file, on=on, by=by)
    keep(session, file_id=file.id, pieces=pieces(stream))
    session.flush()
    return file, run


def begin(session: Session, *, file: BankFile, on: dt.date, by: Actor) -> Run:
    """Start the run that reads a file whose bytes are kept."""
    file.state = FileState.RECEIVED
    session.flush()  # the run and the chunks need the id
    run = start(session, kind=KIND, params={"file": file.id}, on=on, by=by, confirmed=True, path=file.path)
    run.phase = READ
    file.run_id = run.id
    return run


def read_received(session: Session, *, run: Run) -> bool:
    """Read the file that a run has received; True when it is accepted, and the run goes on by booking it.

    A refused one says why on its own row, and nothing else of it stays.
    """
    file = session.get_one(BankFile, run.params["file"])
    try:
        with session.begin_nested(), kept_file(session, file_id=file.id) as stream:
            _accepted(Taking(session, file, run.business_day, AUTOMATIC, received=run), stream=stream)
    except (FileRefusedError, FileKnownError) as error:
        session.refresh(file)
        file.state, file.error = FileState.REFUSED, str(error)
        file.refusal = error.kind if isinstance(error, FileRefusedError) else None
        return False
    return True


def _met(session: Session, *, stream: BinaryIO, name: str, by: Actor, path: str) -> BankFile:
    """Return a file that was never accepted before as a row that is not stored yet."""
    digest, size = digest_and_size(stream)
    if size > MAX_BYTES:
        raise FileRefusedError(name, "", f"the file is larger than {MAX_BYTES >> 30} GiB", Refusal.LARGE)
    refuse_known(session, name=name, digest=digest)
    return BankFile(
        name=name, state=FileState.ACCEPTED, digest=digest, size=size, actor=str(by), path=path, warnings=[]
    )


def _accepted(taking: Taking, *, stream: BinaryIO) -> Accepted:
    """Check a file's content and store its sections and payments for a run to book."""
    file = taking.file
    file.plain_digest = bankfiles.digest.normalised_digest(stream)
    refuse_known(taking.session, name=file.name, digest=file.digest, plain=file.plain_digest)
    try:
        intake = _read(taking, stream=stream)
    except BankFileError as error:
        raise FileRefusedError.because(file.name, error) from error
    run = taking.open()
    for report in intake.reports:
        if not take_report(taking.session, report, file=file, account=taking.account, on=taking.on):
            intake.warnings.append("An earlier file brought this report; nothing is done twice.")
    taking.close(intake.sections, slice_size=SLICE)
    file.payments, file.duplicates = intake.payments, intake.payments - taking.stored
    if len(intake.amounts) == 1:
        ((file.currency, file.amount),) = intake.amounts.items()
    file.warnings = [*intake.warnings, *_doubts(taking)]
    return _told(file, run, intake)


def _told(file: BankFile, run: Run, intake: Intake) -> Accepted:
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


def _read(taking: Taking, *, stream: BinaryIO) -> Intake:
    """Read a file while what has been read of it is stored."""
    name = taking.file.name
    reading = _reading(taking, stream)
    taking.file.format, taking.file.version = reading.format, reading.version
    raw = Pieces(stream)

    def take(sections: Sequence[Section]) -> Callable[[], None]:
        return partial(taking.take, sections, raw.due())

    try:
        intake = stage(
            taking.session,
            name=name,
            events=reading.events,
            size=min(BLOCK, SLICE),
            take=take,
            path=taking.file.path,
            account=taking.account,
        )
    except (DBAPIError, psycopg.DataError) as error:
        if isinstance(error, DBAPIError) and not isinstance(error.orig, psycopg.DataError):
            raise
        raise FileRefusedError(name, "", f"a value cannot be stored: {error}") from error
    taking.open()  # where there were no payments
    taking.keep(raw.rest())
    return intake


def _reading(taking: Taking, stream: BinaryIO) -> bankfiles.registry.Reading:
    """What a file says: one of the formats that tell themselves, or a table whose columns somebody has named."""
    if taking.file.table_layout is None:
        return bankfiles.registry.read(stream)
    stream.seek(0)
    return bankfiles.registry.Reading(TABLE, "", events(taking.session, taking.file, stream.read()))


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


def keep_refused(
    session: Session, *, stream: BinaryIO, name: str, error: FileRefusedError, by: Actor, path: str = ""
) -> int:
    """Keep the raw bytes of a refused file with the reason, for inspection; return the row's id."""
    digest, size = digest_and_size(stream)
    file = BankFile(
        name=name,
        state=FileState.REFUSED,
        digest=digest,
        size=size,
        error=str(error),
        refusal=error.kind,
        actor=str(by),
        path=path,
        warnings=[],
    )
    session.add(file)
    session.flush()  # chunks need the id
    if size <= MAX_BYTES:
        keep(session, file_id=file.id, pieces=pieces(stream))
    return file.id
