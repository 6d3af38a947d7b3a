"""Accepts bank files: whole or not at all, everything checked and stored in one transaction."""

import datetime as dt
from dataclasses import dataclass
from typing import BinaryIO

import psycopg
from sqlalchemy import func, or_, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import bankfiles.digest
import bankfiles.registry
from bankfiles.errors import BankFileError
from database.sql import statement
from dues.actor import AUTOMATIC, Actor
from dues.payments.accounts import hold_intake
from dues.payments.book import KIND, READ, SLICE
from dues.payments.errors import FileKnownError, FileRefusedError
from dues.payments.incoming import Intake, Section, stage
from dues.payments.models import BankFile, BankSection, FileState, Payment
from dues.payments.store import digest_and_size, keep, kept_file
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


def accept(session: Session, *, stream: BinaryIO, name: str, on: dt.date, by: Actor) -> Accepted:
    """Check a file and store its bytes and payments, and start the run that books them.

    Raises FileRefusedError and FileKnownError; whoever calls then rolls back, and nothing has happened.
    """
    file = _met(session, stream=stream, name=name, by=by)
    accepted = _accepted(session, file=file, stream=stream, on=on, run=None, by=by)
    keep(session, file_id=file.id, stream=stream)
    return accepted


def receive(session: Session, *, stream: BinaryIO, name: str, on: dt.date, by: Actor) -> tuple[BankFile, Run]:
    """Keep the bytes of a large file and start the run that will read, accept and book it, so that nobody waits.

    Raises FileRefusedError for one that is too large and FileKnownError; nothing has happened then.
    """
    file = _met(session, stream=stream, name=name, by=by)
    _refuse_known(session, name=name, digest=file.digest, state=FileState.RECEIVED)  # a second press
    file.state = FileState.RECEIVED
    session.add(file)
    session.flush()  # the run and the chunks need the id
    run = start(session, kind=KIND, params={"file": file.id}, on=on, by=by, confirmed=True)
    run.phase = READ
    file.run_id = run.id
    keep(session, file_id=file.id, stream=stream)
    session.flush()
    return file, run


def read_received(session: Session, *, run: Run) -> bool:
    """Read the file that a run has received; True when it is accepted, and the run goes on by booking it.

    A refused one says why on its own row, and nothing else of it stays.
    """
    file = session.get_one(BankFile, run.params["file"])
    try:
        with session.begin_nested(), kept_file(session, file_id=file.id) as stream:
            _accepted(session, file=file, stream=stream, on=run.business_day, run=run, by=None)
    except (FileRefusedError, FileKnownError) as error:
        session.refresh(file)
        file.state, file.error = FileState.REFUSED, str(error)
        return False
    return True


def _met(session: Session, *, stream: BinaryIO, name: str, by: Actor) -> BankFile:
    """Return a file that was never accepted before as a row that is not stored yet."""
    digest, size = digest_and_size(stream)
    if size > MAX_BYTES:
        raise FileRefusedError(name, "", f"the file is larger than {MAX_BYTES >> 30} GiB")
    _refuse_known(session, name=name, digest=digest)
    return BankFile(name=name, state=FileState.ACCEPTED, digest=digest, size=size, actor=str(by), warnings=[])


def _accepted(
    session: Session, *, file: BankFile, stream: BinaryIO, on: dt.date, run: Run | None, by: Actor | None
) -> Accepted:
    """Check a file's content and store its sections and payments for a run to book, a new one where none is given."""
    file.plain_digest = bankfiles.digest.normalised_digest(stream)
    _refuse_known(session, name=file.name, digest=file.digest, plain=file.plain_digest)
    try:
        intake, reading = _read(session, stream=stream, name=file.name)
    except BankFileError as error:
        raise FileRefusedError.because(file.name, error) from error
    hold_intake(session)
    # It may have come twice at once.
    _refuse_known(session, name=file.name, digest=file.digest, plain=file.plain_digest)
    file.state, file.format, file.version = FileState.ACCEPTED, reading.format, reading.version
    file.payments = intake.payments
    if len(intake.amounts) == 1:
        ((file.currency, file.amount),) = intake.amounts.items()
    session.add(file)
    session.flush()  # chunks, sections and payments need the id
    stored = _take(session, file=file, intake=intake)
    file.duplicates = intake.payments - stored
    intake.warnings += _doubts(session, file_id=file.id, on=on, known=file.duplicates)
    file.warnings = list(intake.warnings)
    run = run or start(session, kind=KIND, params={"file": file.id}, on=on, by=by or AUTOMATIC, confirmed=True)
    run.total = stored
    file.run_id = run.id
    session.execute(statement("dues/payments/sql/slices.sql"), {"run": run.id, "file": file.id, "size": SLICE})
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
        warnings=tuple(intake.warnings),
    )


def _read(session: Session, *, stream: BinaryIO, name: str) -> tuple[Intake, bankfiles.registry.Reading]:
    reading = bankfiles.registry.read(stream)
    try:
        return stage(session, name=name, events=reading.events), reading
    except (DBAPIError, psycopg.DataError) as error:
        if isinstance(error, DBAPIError) and not isinstance(error.orig, psycopg.DataError):
            raise
        raise FileRefusedError(name, "", f"a value cannot be stored: {error}") from error


def _refuse_known(
    session: Session, *, name: str, digest: str, plain: str | None = None, state: FileState = FileState.ACCEPTED
) -> None:
    same = or_(BankFile.digest == digest, BankFile.plain_digest == plain)
    known = session.execute(select(BankFile.id, BankFile.name).where(BankFile.state == state, same)).first()
    if known is not None:
        raise FileKnownError(name, file_id=known.id, before=known.name)


def _take(session: Session, *, file: BankFile, intake: Intake) -> int:
    """Store sections and payments; return how many payments were new."""
    session.execute(text("ANALYZE incoming (agreement_id, key)"))
    contradiction = session.execute(statement("dues/payments/sql/contradictions.sql")).first()
    if contradiction is not None:
        raise FileRefusedError(
            file.name, contradiction.position, "the bank gave this payment before with another amount"
        )
    sections = [_section_id(session, file.id, section) for section in intake.sections]
    session.execute(statement("dues/payments/sql/take.sql"), {"file": file.id, "sections": sections})
    session.execute(statement("dues/payments/sql/days.sql"), {"file": file.id})
    return session.scalar(select(func.count()).where(Payment.file_id == file.id)) or 0


def _doubts(session: Session, *, file_id: int, on: dt.date, known: int) -> list[str]:
    """Say what a person should look at; most files give no reason to look."""
    latest: dt.date | None = session.scalar(text("SELECT max(booked_on) FROM incoming"))
    if not known and (latest is None or latest <= on):
        return []
    found = session.execute(statement("dues/payments/sql/doubtful.sql"), {"file": file_id, "on": on}).one()
    doubts = []
    if found.alike:
        doubts.append(
            f"{found.alike} payments were left out: an earlier file has others that are alike in everything, and the "
            "bank gave neither a number. If somebody did pay twice, the bank's statement will show more than the books."
        )
    if found.ahead:
        doubts.append(f"{found.ahead} payments are booked on a later day than {on}; see whether the day is right.")
    return doubts


def _section_id(session: Session, file_id: int, section: Section) -> int | None:
    """Store a section, or return the one that an earlier file brought; None for an empty one of no account of ours."""
    if section.ours is None:
        return None
    known = select(BankSection.id).where(
        BankSection.agreement_id == section.ours.agreement_id, BankSection.key == section.opened.key
    )
    found = session.scalar(known)
    if found is not None:
        return found
    row = BankSection(
        file_id=file_id,
        agreement_id=section.ours.agreement_id,
        key=section.opened.key,
        statement_number=section.opened.statement_number,
        opening_balance=section.opened.opening_balance,
        closing_balance=section.closing_balance,
        payments=section.payments,
        amount=section.amount,
        currency=section.opened.currency or "",
    )
    session.add(row)
    session.flush()  # payments need the id
    return row.id


def keep_refused(session: Session, *, stream: BinaryIO, name: str, error: FileRefusedError, by: Actor) -> int:
    """Keep the raw bytes of a refused file with the reason, for inspection; return the row's id."""
    digest, size = digest_and_size(stream)
    file = BankFile(
        name=name, state=FileState.REFUSED, digest=digest, size=size, error=str(error), actor=str(by), warnings=[]
    )
    session.add(file)
    session.flush()  # chunks need the id
    if size <= MAX_BYTES:
        keep(session, file_id=file.id, stream=stream)
    return file.id
