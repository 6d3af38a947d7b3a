"""Reads a bank file's events into the staging table, checking that every section is ours."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy.orm import Session

from bankfiles.types import Event, Notice, OrderStatus, Payment, ReportOpened, SectionClosed, SectionOpened
from database.sql import statement
from dues.payments.accounts import OurAccounts, Ours
from dues.payments.copying import Copying, day, line
from dues.payments.errors import FileRefusedError
from dues.payments.models import Refusal
from dues.payments.refunds.reports import Report

COPY = (
    "COPY incoming (ordinal, section, agreement_id, creditor_id, key, kind, amount, currency, booked_on, value_on, "
    'reference, "references", message, payer_name, payer_account, end_to_end_id, return_reason, originals, charges, '
    "exchanged, position) FROM STDIN"
)


BLOCK = 4000
"""Payments stored at a time: few, so that the database begins early, and enough for a statement to be worth it."""


@dataclass(slots=True)
class Section:
    """A section as it is stored."""

    opened: SectionOpened
    ours: Ours | None
    payments: int = 0
    amount: int = 0
    closing_balance: int | None = None
    closing_on: dt.date | None = None


@dataclass(slots=True)
class Intake:
    """What a file held: its sections in order, warnings, and the number and sums of its payments by currency.

    ``reports`` are what it says of orders that were sent to the bank.
    """

    sections: list[Section] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    payments: int = 0
    amounts: dict[str, int] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)


Take = Callable[[Sequence[Section]], Callable[[], None]]
"""Is told the sections read so far; returns what takes the block that was staged, while the next one is read."""


def stage(
    session: Session,
    *,
    name: str,
    events: Iterator[Event],
    size: int,
    take: Take,
    path: str = "",
    account: int | None = None,
) -> Intake:
    """Copy a file's payments into the staging table as they are read, ``size`` at a time; memory stays flat.

    With a ``path`` only accounts of creditors at or below that group are ours, with an ``account`` only that one.

    Raises FileRefusedError for a test file and a file that is not for an account of ours; the reader's own errors and
    those of whoever takes the blocks pass through.
    """
    session.execute(statement("dues/payments/sql/incoming.sql"))
    intake = Intake()
    with Copying(session, COPY) as copying:
        accounts = OurAccounts(session, alone=copying.wait, path=path, account=account)
        rows = _rows(name, events, accounts, intake)
        while block := "".join(islice(rows, size)):
            copying.send(block, take(tuple(intake.sections)))
    return intake


def _rows(name: str, events: Iterator[Event], accounts: OurAccounts, intake: Intake) -> Iterator[str]:
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
                section.closing_balance, section.closing_on = event.closing_balance, event.closing_on
                _refuse_strange(name, section, accounts)
            case ReportOpened():
                intake.reports.append(Report(event))
            case OrderStatus() if intake.reports:
                intake.reports[-1].add(event)
            case Notice():
                intake.warnings.append(f"{event.position}: {event.text}")


def _open(name: str, opened: SectionOpened, accounts: OurAccounts, intake: Intake) -> Section:
    if opened.test:
        raise FileRefusedError(name, "", "this is a test file; it must not be booked", Refusal.TEST)
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
        raise FileRefusedError(name, "", _not_ours(section, accounts), Refusal.STRANGE)


def _not_ours(section: Section, accounts: OurAccounts) -> str:
    if accounts.of_one:
        return f"the file is for account {section.opened.account.number}, which is not the one that it came in for"
    return f"the file is for account {section.opened.account.number}, which is none of ours"


def _row(name: str, payment: Payment, section: Section, accounts: OurAccounts, intake: Intake) -> str:
    """A payment as a line of COPY's text format."""
    ours = _ours(name, payment, section, accounts)
    section.ours = section.ours or ours
    section.payments += 1
    section.amount += payment.amount
    intake.payments += 1
    intake.amounts[payment.currency] = intake.amounts.get(payment.currency, 0) + payment.amount
    reference, references = _references(payment)
    account = payment.payer_account
    return line(
        (
            str(intake.payments),
            str(len(intake.sections)),
            str(ours.agreement_id),
            str(ours.creditor_id),
            payment.key,
            payment.kind,
            str(payment.amount),
            payment.currency,
            day(payment.booked_on),
            day(payment.value_on or payment.booked_on),
            reference,
            references,
            payment.text,
            payment.payer_name,
            account.number if account else None,
            payment.end_to_end_id,
            payment.return_reason,
            json.dumps(payment.originals) if payment.originals else None,
            _charges(payment),
            _exchanged(payment) if payment.exchange is not None else None,
            payment.position,
        )
    )


def _references(payment: Payment) -> tuple[str | None, str | None]:
    """The one reference that is unmistakable, or else all of them as JSON."""
    references = payment.references
    if not references:
        return None, None
    if len(references) == 1 and references[0].amount is None:
        return references[0].value, None
    return None, json.dumps([[each.value, each.amount, each.structured] for each in references])


def _charges(payment: Payment) -> str | None:
    """What a bank says it took for a return; of other payments nobody asks."""
    if payment.kind != "return" or not payment.charges:
        return None
    return str(sum(charge.amount for charge in payment.charges if charge.currency == payment.currency))


def _exchanged(payment: Payment) -> str | None:
    """What the payer's bank was told to send, in another currency or at a rate, as JSON."""
    told = payment.exchange
    if told is None:
        return None
    found = {"amount": told.amount, "currency": told.currency}
    return json.dumps(found if told.rate is None else {**found, "rate": str(told.rate), "unit": told.unit})


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
    raise FileRefusedError(name, payment.position, _not_ours(section, accounts), Refusal.STRANGE)
