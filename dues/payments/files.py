"""Reads bank files as people look at them: the list, one file, its sections, and what became of its payments."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from dues.groups.models import BankAgreement
from dues.invoicing.models import Claim, Invoice
from dues.payments.became import Became, became
from dues.payments.models import (
    BY_HAND,
    Allocation,
    BankFile,
    BankSection,
    CaseReason,
    FileState,
    Payment,
    PaymentCase,
    Refusal,
)
from dues.runs.models import Run, RunSlice, RunState


class Progress(StrEnum):
    """How far a file is."""

    READING = "reading"
    BOOKING = "booking"
    BOOKED = "booked"
    STOPPED = "stopped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class File:
    """A bank file in a list; ``sums`` is what came by currency, in minor units.

    ``matched`` and ``unmatched`` count payments booked so far. ``error`` says why it was refused, without its name, and
    ``refusal`` of which kind that is.
    """

    id: int
    uuid: UUID
    name: str
    state: FileState
    progress: Progress
    format: str
    payments: int
    duplicates: int
    sums: Mapping[str, int]
    matched: int
    unmatched: int
    warnings: Sequence[str]
    error: str
    refusal: Refusal | None
    actor: str
    recorded_at: dt.datetime
    size: int
    run_id: int | None
    run: UUID | None
    run_state: RunState | None
    run_error: str
    done: int
    total: int


def files(
    session: Session,
    *,
    before: int | None = None,
    after: int | None = None,
    refused: bool = False,
    limit: int,
    path: str = "",
) -> list[File]:
    """Return files, newest first: those older than ``before``, or the ones just newer than ``after``.

    ``refused`` asks for those that were refused; with a ``path`` only those that were taken in for a group or one below
    it are there.
    """
    # What officers receive themselves is a file to the books alone.
    wanted = select(BankFile, Run).outerjoin(Run, Run.id == BankFile.run_id).limit(limit)
    wanted = wanted.where(BankFile.format.is_distinct_from(BY_HAND))
    if path:
        wanted = wanted.where(BankFile.path.op("^@")(path))
    if refused:
        wanted = wanted.where(BankFile.state == FileState.REFUSED)
    if after is not None:
        newer = wanted.where(BankFile.id > after).order_by(BankFile.id)
        return _with_sums(session, [*reversed(session.execute(newer).all())])
    if before is not None:
        wanted = wanted.where(BankFile.id < before)
    return _with_sums(session, session.execute(wanted.order_by(BankFile.id.desc())).all())


def by_uuids(session: Session, names: Collection[UUID], *, path: str = "") -> list[File]:
    """Return some files, newest first; who is not there is missing."""
    wanted = select(BankFile, Run).outerjoin(Run, Run.id == BankFile.run_id).where(BankFile.uuid.in_(names))
    if path:
        wanted = wanted.where(BankFile.path.op("^@")(path))
    found = session.execute(wanted.order_by(BankFile.id.desc()).execution_options(populate_existing=True))
    return _with_sums(session, found.all())


def _with_sums(session: Session, rows: Sequence[tuple[BankFile, Run | None]]) -> list[File]:
    """Add the sums of files in several currencies, from their sections, in one statement."""
    several = [file.id for file, _ in rows if file.currency is None and file.payments]
    by_currency = (
        select(BankSection.file_id, BankSection.currency, func.sum(BankSection.amount))
        .where(BankSection.file_id.in_(several), BankSection.currency != "")
        .group_by(BankSection.file_id, BankSection.currency)
        .order_by(BankSection.currency)
    )
    sums: dict[int, dict[str, int]] = {}
    for file_id, currency, amount in session.execute(by_currency) if several else ():
        sums.setdefault(file_id, {})[currency] = int(amount)
    return [_file(file, run, sums.get(file.id, {})) for file, run in rows]


def one_file(session: Session, *, name: UUID, path: str = "") -> File | None:
    """Return a file, None where there is none such."""
    return next(iter(by_uuids(session, [name], path=path)), None)


def uuid_of(session: Session, *, file_id: int) -> UUID:
    """Return the name under which a file is known outside."""
    return session.execute(select(BankFile.uuid).where(BankFile.id == file_id)).scalar_one()


def refused_since(session: Session, *, day: dt.datetime, most: int) -> int:
    """Return how many files were refused since a moment, counted up to ``most``."""
    some = (
        select(BankFile.id)
        .where(BankFile.state == FileState.REFUSED, BankFile.recorded_at >= day)
        .order_by(BankFile.id.desc())
        .limit(most)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(some)) or 0


@dataclass(frozen=True, slots=True)
class Part:
    """A statement, notification or deposit of a file; minor units of ``currency``."""

    account: str
    scheme: str
    statement_number: str
    opening_balance: int | None
    closing_balance: int | None
    payments: int
    amount: int
    currency: str


def parts(session: Session, *, file_id: int, limit: int) -> list[Part]:
    """Return the sections a file brought, in its order."""
    wanted = (
        select(BankSection, BankAgreement.number, BankAgreement.scheme)
        .join(BankAgreement, BankAgreement.id == BankSection.agreement_id)
        .where(BankSection.file_id == file_id)
        .order_by(BankSection.id)
        .limit(limit)
    )
    return [
        Part(
            account=number,
            scheme=scheme,
            statement_number=section.statement_number or "",
            opening_balance=section.opening_balance,
            closing_balance=section.closing_balance,
            payments=section.payments,
            amount=section.amount,
            currency=section.currency,
        )
        for section, number, scheme in session.execute(wanted)
    ]


@dataclass(frozen=True, slots=True)
class Entered:
    """A payment of a file and what became of it: the invoices it is used for, or why it waits (``reason``).

    ``open_case`` says that it waits for somebody; without case and uses it is not booked yet. ``kept`` says that some
    of it is somebody's credit, ``became`` what it is or became beside.
    """

    payment_id: int
    booked_on: dt.date
    payer_name: str
    reference: str
    amount: int
    currency: str
    invoices: tuple[tuple[str, UUID], ...]
    kept: bool
    reason: CaseReason | None
    open_case: bool
    became: Became | None


def waiting_now(session: Session, *, run_id: int | None, most: int) -> int:
    """Return how many payments that a run booked still wait for somebody, counted up to ``most``."""
    some = (
        select(PaymentCase.payment_id)
        .join(RunSlice, PaymentCase.payment_id.between(RunSlice.first, RunSlice.last))
        .where(RunSlice.run_id == run_id, PaymentCase.closed_at.is_(None))
        .limit(most)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(some)) or 0


def payments_of(session: Session, *, file_id: int, run_id: int | None, after: int, limit: int) -> list[Entered]:
    """Return a page of a file's payments beyond the payment ``after``, by key, in four statements."""
    bounds = session.execute(
        select(func.min(RunSlice.first), func.max(RunSlice.last)).where(RunSlice.run_id == run_id)
    ).one()
    first, last = bounds
    if first is None:
        return []
    wanted = (
        select(Payment, PaymentCase.reason, PaymentCase.closed_at)
        .outerjoin(PaymentCase, PaymentCase.payment_id == Payment.id)
        .where(Payment.id.between(max(first, after + 1), last), Payment.file_id == file_id)
        .order_by(Payment.id)
        .limit(limit)
    )
    rows = session.execute(wanted).all()
    ids = [payment.id for payment, _, _ in rows]
    uses, told = _uses(session, ids), became(session, payments=ids)
    return [
        _entered(payment, reason, closed, uses.get(payment.id, []), told.get(payment.id))
        for payment, reason, closed in rows
    ]


Used = tuple[str | None, UUID | None]


def _uses(session: Session, payments: Sequence[int]) -> dict[int, list[Used]]:
    undo = aliased(Allocation)
    wanted = (
        select(Allocation.payment_id, Invoice.called, Invoice.uuid)
        .outerjoin(Claim, Claim.id == Allocation.claim_id)
        .outerjoin(Invoice, Invoice.id == Claim.invoice_id)
        .where(
            Allocation.payment_id.in_(payments),
            Allocation.reverses_id.is_(None),
            ~select(undo.id).where(undo.reverses_id == Allocation.id).exists(),
        )
        .order_by(Allocation.id)
    )
    found: dict[int, list[Used]] = {}
    for payment_id, number, name in session.execute(wanted):
        found.setdefault(payment_id, []).append((number, name))
    return found


def _entered(
    payment: Payment,
    reason: CaseReason | None,
    closed: dt.datetime | None,
    uses: Sequence[Used],
    told: Became | None,
) -> Entered:
    return Entered(
        payment_id=payment.id,
        booked_on=payment.booked_on,
        payer_name=payment.payer_name,
        reference=payment.reference or "",
        amount=payment.amount,
        currency=payment.currency,
        invoices=tuple((number, name) for number, name in uses if number is not None and name is not None),
        kept=any(number is None for number, _ in uses),
        reason=reason,
        open_case=reason is not None and closed is None,
        became=told,
    )


def _file(file: BankFile, run: Run | None, several: Mapping[str, int]) -> File:
    result = run.result if run else {}
    return File(
        id=file.id,
        uuid=file.uuid,
        name=file.name,
        state=file.state,
        progress=_progress(file, run),
        format=file.format or "",
        payments=file.payments,
        duplicates=file.duplicates,
        sums={file.currency: file.amount} if file.currency else dict(several),
        matched=int(result.get("matched", 0)),
        unmatched=int(result.get("unmatched", 0)),
        warnings=file.warnings,
        error=(file.error or "").removeprefix(f"{file.name}: "),
        refusal=file.refusal,
        actor=file.actor,
        recorded_at=file.recorded_at,
        size=file.size,
        run_id=file.run_id,
        run=run.uuid if run else None,
        run_state=run.state if run else None,
        run_error=(run.error or "") if run else "",
        done=run.done if run else 0,
        total=run.total if run else 0,
    )


def _progress(file: BankFile, run: Run | None) -> Progress:
    if file.state is FileState.REFUSED:
        return Progress.REFUSED
    if run is None or run.state is RunState.DONE:
        return Progress.BOOKED
    if run.state in (RunState.FAILED, RunState.PAUSED, RunState.DISCARDED):
        return Progress.STOPPED
    return Progress.READING if file.state is FileState.RECEIVED else Progress.BOOKING
