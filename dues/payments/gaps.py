"""Watches that bank statements follow each other: what is missing is written down, and closed when it has come."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from database.sql import statement
from dues.actor import AUTOMATIC, Actor
from dues.payments.errors import PaymentError
from dues.payments.models import BankFile, BankSection
from dues.payments.statement_models import BankGap, Missing

FOLLOWING: Final = frozenset({"camt.053", "BgMax", "MT940"})
"""Formats whose statements of an account follow each other; reports and notifications within a day do not."""


class NoGapError(PaymentError):
    """Nothing is missing there, or not any more."""

    def __init__(self) -> None:
        super().__init__("Nothing is missing between these statements (any more).")


class NoReasonError(PaymentError):
    """Whoever says that nothing is missing says why."""

    def __init__(self) -> None:
        super().__init__("Say why nothing is missing.")


def watch(session: Session, *, agreement_ids: Collection[int]) -> None:
    """Write down what is missing between the statements of some accounts, and close what is not any more."""
    values = {"ids": sorted(agreement_ids), "actor": str(AUTOMATIC)}
    session.execute(statement("dues/payments/sql/gaps.sql"), values)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as the page of its account shows it: minor units, and the file that brought it."""

    id: int
    number: str
    created_on: dt.date
    opening_balance: int | None
    closing_balance: int | None
    currency: str
    payments: int
    amount: int
    file: UUID
    file_name: str


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing between two statements; ``note`` says why it need not come, where somebody has said so."""

    id: int
    missing: Missing
    before: Statement
    after: Statement
    note: str
    closed_by: str


def statements(session: Session, *, agreement_id: int, before: int | None, limit: int) -> list[Statement]:
    """Return an account's statements and other sections, the newest that came first; those below a key."""
    wanted = (
        select(BankSection, BankFile.uuid, BankFile.name)
        .join(BankFile, BankFile.id == BankSection.file_id)
        .where(BankSection.agreement_id == agreement_id)
        .order_by(BankSection.id.desc())
        .limit(limit)
    )
    if before is not None:
        wanted = wanted.where(BankSection.id < before)
    return [_statement(*row) for row in session.execute(wanted)]


def gaps(session: Session, *, agreement_id: int, limit: int) -> list[Gap]:
    """Return what is missing on an account, and below it what somebody has explained; newest first."""
    earlier, later = aliased(BankSection), aliased(BankSection)
    earlier_file, later_file = aliased(BankFile), aliased(BankFile)
    wanted = (
        select(BankGap, earlier, earlier_file.uuid, earlier_file.name, later, later_file.uuid, later_file.name)
        .join(earlier, earlier.id == BankGap.before_id)
        .join(earlier_file, earlier_file.id == earlier.file_id)
        .join(later, later.id == BankGap.section_id)
        .join(later_file, later_file.id == later.file_id)
        .where(BankGap.agreement_id == agreement_id, BankGap.closed_at.is_(None) | BankGap.note.is_not(None))
        .order_by(BankGap.closed_at.is_not(None), BankGap.id.desc())
        .limit(limit)
    )
    return [
        Gap(gap.id, gap.missing, _statement(*before), _statement(*after), gap.note or "", gap.closed_by or "")
        for gap, before, after in ((row[0], row[1:4], row[4:7]) for row in session.execute(wanted))
    ]


def explain(session: Session, *, agreement_id: int, gap_id: int, note: str, by: Actor) -> None:
    """Close a gap because somebody knows why nothing is missing; raise NoReasonError and NoGapError."""
    if not note.strip():
        raise NoReasonError
    closed = (
        update(BankGap)
        .where(BankGap.id == gap_id, BankGap.agreement_id == agreement_id, BankGap.closed_at.is_(None))
        .values(closed_at=func.now(), closed_by=str(by), note=note.strip())
        .returning(BankGap.id)
    )
    if session.scalar(closed) is None:
        raise NoGapError


def reopen(session: Session, *, agreement_id: int, gap_id: int) -> None:
    """Take an explanation back; raise NoGapError where there is none."""
    opened = (
        update(BankGap)
        .where(BankGap.id == gap_id, BankGap.agreement_id == agreement_id, BankGap.note.is_not(None))
        .values(closed_at=None, closed_by=None, note=None)
        .returning(BankGap.id)
    )
    if session.scalar(opened) is None:
        raise NoGapError
    watch(session, agreement_ids=[agreement_id])  # what was missing may have come meanwhile


def _statement(section: BankSection, file: UUID, name: str) -> Statement:
    return Statement(
        id=section.id,
        number=section.statement_number or "",
        created_on=section.created_on,
        opening_balance=section.opening_balance,
        closing_balance=section.closing_balance,
        currency=section.currency,
        payments=section.payments,
        amount=section.amount,
        file=file,
        file_name=name,
    )
