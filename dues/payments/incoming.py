"""Reads a bank file's events into the staging table, checking that every section is ours."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from psycopg import Cursor
from sqlalchemy.orm import Session

from bankfiles.types import Event, Notice, Payment, SectionClosed, SectionOpened
from database.sql import statement
from dues.payments.accounts import OurAccounts, Ours
from dues.payments.errors import FileRefusedError

COPY = (
    "COPY incoming (ordinal, section, agreement_id, creditor_id, key, kind, amount, currency, booked_on, value_on, "
    'reference, "references", message, payer_name, payer_account, end_to_end_id, return_reason, position) FROM STDIN'
)


@dataclass(slots=True)
class Section:
    """A section as it is stored."""

    opened: SectionOpened
    ours: Ours | None
    payments: int = 0
    amount: int = 0
    closing_balance: int | None = None


@dataclass(slots=True)
class Intake:
    """What a file held: its sections in order, warnings, and the number and sums of its payments by currency."""

    sections: list[Section] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    payments: int = 0
    amounts: dict[str, int] = field(default_factory=dict)


def stage(session: Session, *, name: str, events: Iterator[Event]) -> Intake:
    """Copy a file's payments into the staging table as they are read; memory stays flat.

    Raises FileRefusedError for a test file and for one that is not for an account of ours; the reader's own errors
    pass through.
    """
    session.execute(statement("dues/payments/sql/incoming.sql"))
    accounts = OurAccounts(session)
    intake = Intake()
    rows = _rows(name, events, accounts, intake)
    # The first payments are looked at before the copy begins: while it runs the connection can do nothing else,
    # and an account's second currency may have to be opened.
    cursor = _cursor(session)
    pending: list[tuple[Any, ...]] = []
    for row in rows:
        pending.append(row)
        if len(pending) == 5000:  # noqa: PLR2004 -- rows sent at a time
            _send(cursor, pending)
            pending.clear()
    _send(cursor, pending)
    return intake


def _cursor(session: Session) -> Cursor[Any]:
    raw = session.connection().connection.driver_connection
    if raw is None:  # pragma: no cover -- a session's connection always has one
        raise RuntimeError("The session has no connection.")
    cursor: Cursor[Any] = raw.cursor()
    return cursor


def _send(cursor: Cursor[Any], rows: list[tuple[Any, ...]]) -> None:
    if rows:
        with cursor.copy(COPY) as copy:
            for row in rows:
                copy.write_row(row)


def _rows(name: str, events: Iterator[Event], accounts: OurAccounts, intake: Intake) -> Iterator[tuple[Any, ...]]:
    section: Section | None = None
    for event in events:
        match event:
            case Payment():
                if section is None:
                    raise FileRefusedError(name, event.position, "a payment stands outside every statement")
                yield _row(name, event, section, accounts, intake)
            case SectionOpened():
                section = _open(name, event, accounts, intake)
            case SectionClosed() if section is not None:
                section.closing_balance = event.closing_balance
                _refuse_strange(name, section, accounts)
            case Notice():
                intake.warnings.append(f"{event.position}: {event.text}")


def _open(name: str, opened: SectionOpened, accounts: OurAccounts, intake: Intake) -> Section:
    if opened.test:
        raise FileRefusedError(name, "", "this is a test file; it must not be booked")
    ours = None
    if opened.currency is not None:
        candidates = (accounts.find(account, opened.currency) for account in (opened.account, *opened.accounts))
        ours = next((found for found in candidates if found is not None), None)
    section = Section(opened, ours)
    intake.sections.append(section)
    return section


def _refuse_strange(name: str, section: Section, accounts: OurAccounts) -> None:
    """A statement without payments says nothing, but one for somebody else's account came to the wrong house."""
    named = (section.opened.account, *section.opened.accounts)
    if not section.payments and not any(accounts.knows(account) for account in named):
        raise FileRefusedError(name, "", _not_ours(section))


def _not_ours(section: Section) -> str:
    return f"the file is for account {section.opened.account.number}, which is none of ours"


def _row(name: str, payment: Payment, section: Section, accounts: OurAccounts, intake: Intake) -> tuple[Any, ...]:
    ours = _ours(name, payment, section, accounts)
    section.ours = section.ours or ours
    section.payments += 1
    section.amount += payment.amount
    intake.payments += 1
    intake.amounts[payment.currency] = intake.amounts.get(payment.currency, 0) + payment.amount
    references = payment.references
    first = next((r for r in references if r.structured), references[0] if references else None)
    several = len(references) > 1 or (first is not None and first.amount is not None)
    return (
        intake.payments,
        len(intake.sections),
        ours.agreement_id,
        ours.creditor_id,
        payment.key,
        payment.kind,
        payment.amount,
        payment.currency,
        payment.booked_on,
        payment.value_on or payment.booked_on,
        first.value if first is not None and not several else None,
        json.dumps([[r.value, r.amount, r.structured] for r in references]) if several else None,
        payment.text,
        payment.payer_name,
        payment.payer_account.number if payment.payer_account else None,
        payment.end_to_end_id,
        payment.return_reason,
        payment.position,
    )


def _ours(name: str, payment: Payment, section: Section, accounts: OurAccounts) -> Ours:
    """The account the payer paid to says more than the statement's: one account has several numbers."""
    if payment.receiver_account is not None:
        found = accounts.find(payment.receiver_account, payment.currency)
        if found is not None:
            return found
    if section.ours is not None and section.opened.currency == payment.currency:
        return section.ours
    for account in (section.opened.account, *section.opened.accounts):
        found = accounts.find(account, payment.currency)
        if found is not None:
            return found
    raise FileRefusedError(name, payment.position, _not_ours(section))
