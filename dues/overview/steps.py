"""Reads what next steps follow from: claims with their creditors' patience, memberships with their next price."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import ColumnElement, RowMapping, select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import AUTOMATIC
from dues.collection import remind
from dues.groups.models import Creditor
from dues.invoicing import issue
from dues.invoicing.models import Claim, Invoice
from dues.journal.models import Event
from dues.journal.rules import PostingRules, posting_rules
from dues.members.models import MembershipStatus, Person
from dues.overview.next_step import Charging, Owing, Step, Why, next_invoice, next_reminder
from dues.pricing.queries import PriceBook, price_book
from dues.runs.models import Task
from dues.runs.queries import started_for_day
from dues.runs.schedule import pause_of

_KINDS: Final = {Task.INVOICES: issue.KIND, Task.REMINDERS: remind.KIND}


def invoice_steps(session: Session, *, invoice_id: int, today: dt.date) -> list[Step]:
    """Return the next step of each claim of an invoice."""
    return _claim_steps(session, Claim.invoice_id == invoice_id, today=today)


def debtor_steps(session: Session, *, person_id: int, today: dt.date) -> list[Step]:
    """Return the next step of everything that a person still owes."""
    return _claim_steps(session, (Claim.debtor_id == person_id) & Claim.ended.is_(None), today=today)


def _claim_steps(session: Session, which: ColumnElement[bool], *, today: dt.date) -> list[Step]:
    wanted = (
        select(Claim, Creditor, Person, Invoice.uuid, Invoice.number)
        .join(Creditor, Creditor.id == Claim.creditor_id)
        .join(Person, Person.id == Claim.debtor_id)
        .join(Invoice, Invoice.id == Claim.invoice_id)
        .where(which)
        .order_by(Claim.due_on, Claim.id)
    )
    rows = session.execute(wanted).all()
    if not rows:
        return []
    first_run = _next_run(session, Task.REMINDERS, today)
    return [
        replace(
            next_reminder(_owing(claim, creditor, debtor), today=today, first_run=first_run),
            claim_id=claim.id,
            invoice=uuid,
            number=number,
        )
        for claim, creditor, debtor, uuid, number in rows
    ]


def _owing(claim: Claim, creditor: Creditor, debtor: Person) -> Owing:
    return Owing(
        open_amount=claim.open_amount,
        currency=claim.currency,
        due_on=claim.due_on,
        deferred_to=claim.deferred_to,
        dunning_level=claim.dunning_level,
        dunned_on=claim.dunned_on,
        held_until=claim.held_until,
        ended=claim.ended,
        reminder_days=creditor.reminder_days,
        payment_days=creditor.payment_days,
        max_reminders=creditor.max_reminders,
        deceased=debtor.deceased_on is not None,
        reachable=can_be_reached(debtor),
    )


def can_be_reached(person: Person) -> bool:
    """Tell whether a person has an e-mail address, or a postal one that a letter arrives at."""
    return bool(person.email) or bool(person.city and (person.street or person.postcode))


def membership_steps(
    session: Session, *, memberships: Collection[int], today: dt.date, credited: int | None = None
) -> dict[int, Step]:
    """Return the next step of each membership, by its id; with ``credited`` as it will be once that invoice is."""
    if not memberships:
        return {}
    first_run = _next_run(session, Task.INVOICES, today)
    values = {"ids": list(memberships), "on": first_run or today, "credited": credited}
    rows = session.execute(statement("dues/overview/sql/charging.sql"), values).mappings().all()
    book, rules = _prices(session, rows)
    return {
        row["id"]: replace(
            next_invoice(_charging(row, book, rules), first_run=first_run),
            membership_id=row["id"],
            type_names=row["type_names"],
        )
        for row in rows
    }


def _prices(session: Session, rows: Sequence[RowMapping]) -> tuple[PriceBook, PostingRules]:
    creditors = {row["creditor_id"] for row in rows if row["creditor_id"] is not None}
    return (
        price_book(session, groups={row["group_id"] for row in rows}),
        posting_rules(session, event=Event.ISSUE, creditors=creditors),
    )


def _charging(row: RowMapping, book: PriceBook, rules: PostingRules) -> Charging:
    amount, unpriced = _price(row, book, rules)
    return Charging(
        status=MembershipStatus(row["status"]),
        ended_on=row["ended_on"],
        charged_through=row["charged_through"],
        period=(row["starts_on"], row["ends_on"]),
        lead_days=row["lead_days"],
        renews=row["renews"],
        deceased=row["deceased"],
        reachable=row["reachable"],
        creditor=row["creditor_id"] is not None,
        agreement=row["agreement"],
        amount=amount,
        currency=row["currency"],
        unpriced=unpriced,
    )


def _price(row: RowMapping, book: PriceBook, rules: PostingRules) -> tuple[int, Why | None]:
    """Price the next stretch as the run will; a component without accounts cannot be booked."""
    if row["currency"] is None:
        return 0, Why.NO_PRICE
    outcome = book.price(
        type_id=row["type_id"],
        group_id=row["group_id"],
        age=row["years"],
        on=row["starts_on"],
        currency=row["currency"],
    )
    if outcome.reason is not None:
        return 0, Why.NO_PRICE
    found = [rules.find(row["creditor_id"], price.component_id) for price in outcome.prices]
    booked = all(accounts is not None and None not in accounts for accounts in found)
    return outcome.amount, None if booked else Why.NO_POSTING_RULE


def _next_run(session: Session, task: Task, today: dt.date) -> dt.date | None:
    """The day of a daily task's next run: today, unless that has begun already or the task rests; None: until told."""
    pause = pause_of(session, task=task)
    if pause is not None and pause.until is None:
        return None
    done = started_for_day(session, kind=_KINDS[task], actor=str(AUTOMATIC), day=today)
    first = today + dt.timedelta(days=1) if done else today
    return first if pause is None or pause.until is None else max(first, pause.until)
