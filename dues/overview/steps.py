"""Reads what next steps follow from: claims with their creditors' patience, memberships with their next price."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import ColumnElement, Integer, RowMapping, cast, func, select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import AUTOMATIC
from dues.collection import remind
from dues.delivery.models import Channel
from dues.groups.models import Creditor
from dues.invoicing import issue
from dues.invoicing.models import Claim, Invoice
from dues.journal.models import Event
from dues.journal.rules import PostingRules, posting_rules
from dues.members.models import MembershipStatus, Person
from dues.overview.next_step import Charging, Owing, Step, Why, next_invoice, next_reminder
from dues.pricing.queries import Holder, PriceBook, Share, price_book
from dues.runs.models import Task
from dues.runs.queries import kinds_started
from dues.runs.schedule import is_paused, timetable

MOST: Final = 25
"""Of how many claims of one debtor the next step is told."""

_KINDS: Final = {Task.INVOICES: issue.KIND, Task.REMINDERS: remind.KIND}


@dataclass(frozen=True, slots=True)
class Ahead:
    """A business day, and the days of the next runs of reminders and of invoices; None while they rest."""

    today: dt.date
    reminders: dt.date | None
    invoices: dt.date | None


def ahead(session: Session, *, today: dt.date) -> Ahead:
    """Return when the daily work begins next: today, unless it has begun already or rests."""
    rows = timetable(session)
    begun = kinds_started(session, kinds=_KINDS.values(), actor=str(AUTOMATIC), day=today)

    def next_run(task: Task) -> dt.date | None:
        row = rows[task]
        if row.paused and row.paused_until is None:
            return None
        first = today + dt.timedelta(days=1) if _KINDS[task] in begun else today
        return row.paused_until if is_paused(row, on=first) else first

    return Ahead(today, reminders=next_run(Task.REMINDERS), invoices=next_run(Task.INVOICES))


def invoice_steps(session: Session, *, invoice_id: int, at: Ahead) -> list[Step]:
    """Return the next step of each claim of an invoice."""
    return _claim_steps(session, Claim.invoice_id == invoice_id, at=at)


def open_steps(session: Session, *, invoices: Collection[int], at: Ahead) -> list[Step]:
    """Return the next steps of what is still owed on some invoices, at most MOST, as `debtor_steps` does."""
    return _claim_steps(session, Claim.invoice_id.in_(invoices) & Claim.ended.is_(None), at=at)


def debtor_steps(session: Session, *, person_id: int, at: Ahead) -> list[Step]:
    """Return the next steps of what a person still owes, at most MOST: what is reminded of first, then the rest."""
    return _claim_steps(session, (Claim.debtor_id == person_id) & Claim.ended.is_(None), at=at)


def _claim_steps(session: Session, which: ColumnElement[bool], *, at: Ahead) -> list[Step]:
    written_to = func.way_to(Person.email, Person.phone, Creditor.sms) != Channel.PRINT
    wanted = (
        select(Claim, Creditor, Person, written_to, Invoice.uuid, Invoice.called)
        .join(Creditor, Creditor.id == Claim.creditor_id)
        .join(Person, Person.id == Claim.debtor_id)
        .join(Invoice, Invoice.id == Claim.invoice_id)
        .where(which)
        .order_by(Claim.dunning_level >= Creditor.max_reminders, _reminded_after(), Claim.id)
        .limit(MOST)
    )
    return [
        replace(
            next_reminder(_owing(claim, creditor, debtor, written_to=by_wire), today=at.today, first_run=at.reminders),
            claim_id=claim.id,
            invoice=uuid,
            number=number,
        )
        for claim, creditor, debtor, by_wire, uuid, number in session.execute(wanted)
    ]


def _reminded_after() -> ColumnElement[dt.date]:
    """The last day before a claim's reminder, as near as is needed to know who comes first."""
    payment_days, patience = cast(Creditor.payment_days, Integer), cast(Creditor.reminder_days, Integer)
    asked = func.coalesce(Claim.dunned_on + payment_days, Claim.due_on)
    return func.greatest(
        func.greatest(func.coalesce(Claim.deferred_to, Claim.due_on), asked) + patience, Claim.held_until
    )


def _owing(claim: Claim, creditor: Creditor, debtor: Person, *, written_to: bool) -> Owing:
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
        reachable=written_to or can_get_letters(debtor),
    )


def can_get_letters(person: Person) -> bool:
    """Tell whether a person has a postal address that a letter arrives at."""
    return bool(person.city and (person.street or person.postcode))


def membership_steps(
    session: Session, *, memberships: Collection[int], at: Ahead, credited: int | None = None
) -> dict[int, Step]:
    """Return the next step of each membership, by its id; with ``credited`` as it will be once that invoice is."""
    if not memberships:
        return {}
    values = {"ids": list(memberships), "on": at.invoices or at.today, "credited": credited}
    rows = session.execute(statement("dues/overview/sql/charging.sql"), values).mappings().all()
    book, rules = _prices(session, rows)
    return {
        row["id"]: replace(
            next_invoice(_charging(row, book, rules), first_run=at.invoices),
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
        holder=Holder(row["segments"], row["income"]),
        share=Share(row["part"], row["whole"]),
    )
    if outcome.reason is not None:
        return 0, Why.NO_PRICE
    found = [rules.find(row["creditor_id"], price.component_id) for price in outcome.prices]
    booked = all(accounts is not None and None not in accounts for accounts in found)
    return outcome.amount, None if booked else Why.NO_POSTING_RULE
