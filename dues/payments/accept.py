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
from dues.actor import Actor
from dues.payments.accounts import hold_intake
from dues.payments.book import KIND, SLICE
from dues.payments.errors import FileKnownError, FileRefusedError
from dues.payments.incoming import Intake, Section, stage
from dues.payments.models import BankFile, BankSection, FileState, Payment
from dues.payments.store import digest_and_size, keep
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
    digest, size = digest_and_size(stream)
    if size > MAX_BYTES:
        raise FileRefusedError(name, "", f"the file is larger than {MAX_BYTES >> 30} GiB")
    _refuse_known(session, name=name, digest=digest)
    plain = bankfiles.digest.normalised_digest(stream)
    _refuse_known(session, name=name, digest=digest, plain=plain)
    file = BankFile(name=name, state=FileState.ACCEPTED, digest=digest, plain_digest=plain, size=size, actor=str(by))
    try:
        intake, reading = _read(session, stream=stream, name=name)
    except BankFileError as error:
        raise FileRefusedError.because(name, error) from error
    hold_intake(session)
    _refuse_known(session, name=name, digest=digest, plain=plain)  # it may have come twice at once
    file.format, file.version = reading.format, reading.version
    file.payments = intake.payments
    if len(intake.amounts) == 1:
        ((file.currency, file.amount),) = intake.amounts.items()
    session.add(file)
    session.flush()  # chunks, sections and payments need the id
    keep(session, file_id=file.id, stream=stream)
    stored = _take(session, file=file, intake=intake)
    file.duplicates = intake.payments - stored
    intake.warnings += _doubts(session, file_id=file.id, on=on, known=file.duplicates)
    file.warnings = list(intake.warnings)
    run = start(session, kind=KIND, params={"file": file.id}, on=on, by=by, confirmed=True)
    run.total = stored
    file.run_id = run.id
    session.execute(statement("dues/payments/sql/slices.sql"), {"run": run.id, "file": file.id, "size": SLICE})
    return Accepted(
        file_id=file.id,
        run_id=run.id,
        format=reading.format,
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


def _refuse_known(session: Session, *, name: str, digest: str, plain: str | None = None) -> None:
    same = or_(BankFile.digest == digest, BankFile.plain_digest == plain)
    known = session.execute(
        select(BankFile.id, BankFile.name).where(BankFile.state == FileState.ACCEPTED, same)
    ).first()
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
