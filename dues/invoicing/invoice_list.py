"""The list of invoices and credit notes: a page of it at a time, newest first, narrowed by what people ask for."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from dues.delivery.models import Message, MessageState
from dues.groups.models import Creditor
from dues.invoicing.invoice_wishes import InvoicesWanted, walk, wishes
from dues.invoicing.models import Claim, Invoice, InvoiceKind
from dues.invoicing.standing import Owed, Settlement, settlement
from dues.members.models import Person
from dues.paging import Page, Place, among, counted, read_page


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice or a credit note as a list shows it; a credit note has no settlement.

    ``undelivered`` says that its last message failed; the rest is of its claims, the most pressing first.
    """

    public_id: UUID
    number: str
    kind: InvoiceKind
    payer: UUID
    payer_name: str
    creditor: str
    issued_on: dt.date
    due_on: dt.date
    amount: int
    open_amount: int
    currency: str
    settled: Settlement | None
    hold_reason: str | None
    held_until: dt.date | None
    dunning_level: int
    undelivered: bool


def invoices(
    session: Session, wanted: InvoicesWanted, *, on: dt.date, at: Place | None, rows: int = 50
) -> Page[InvoiceRow]:
    """Return a page of invoices as they stand on a day."""
    page = read_page(session, walk(session, wanted), at=at, wishes=wishes(session, wanted, on=on), rows=rows)
    drawn = _rows(session, [one.id for one in page.rows], on=on)
    return page.turned(lambda one: drawn[one.id])


def how_many_invoices(session: Session, wanted: InvoicesWanted, *, on: dt.date) -> int:
    """Return how many invoices the list has in all, for work in the background."""
    return counted(session, walk(session, wanted), wishes=wishes(session, wanted, on=on))


def _rows(session: Session, ids: Sequence[int], *, on: dt.date) -> dict[int, InvoiceRow]:
    wanted = (
        select(Invoice, Person.uuid, Creditor.name)
        .join(Person, Person.id == Invoice.payer_id)
        .join(Creditor, Creditor.id == Invoice.creditor_id)
        .where(among(Invoice.id, ids))
    )
    claims: dict[int, list[Claim]] = {}
    for claim in session.scalars(select(Claim).where(among(Claim.invoice_id, ids)).order_by(Claim.id)):
        claims.setdefault(claim.invoice_id, []).append(claim)
    failed = set(session.scalars(_failed_last(ids)))
    return {
        one.id: _row(one, payer, creditor, claims.get(one.id, []), undelivered=one.id in failed, on=on)
        for one, payer, creditor in session.execute(wanted)
    }


def _failed_last(ids: Sequence[int]) -> Any:
    """Return the ids of those whose newest message failed."""
    later = aliased(Message)
    newer = exists().where(
        later.kind == Message.kind, later.subject_id == Message.subject_id, later.copy > Message.copy
    )
    return select(Message.subject_id).where(
        Message.kind == "invoice", among(Message.subject_id, ids), Message.state == MessageState.FAILED, ~newer
    )


_PRESSING: Final = (
    Settlement.OVERDUE,
    Settlement.PART_PAID,
    Settlement.OPEN,
    Settlement.WRITTEN_OFF,
    Settlement.PAID,
    Settlement.CREDITED,
)


def _row(
    one: Invoice, payer: UUID, creditor: str, claims: Sequence[Claim], *, undelivered: bool, on: dt.date
) -> InvoiceRow:
    standing = [(settlement(owed(claim), on=on), claim) for claim in claims]
    settled, pressing = min(standing, key=lambda pair: _PRESSING.index(pair[0]), default=(None, None))
    return InvoiceRow(
        public_id=one.uuid,
        number=one.called,
        kind=one.kind,
        payer=payer,
        payer_name=one.payer_name,
        creditor=creditor,
        issued_on=one.issued_on,
        due_on=min((claim.due_on for claim in claims if claim.ended is None), default=one.due_on),
        amount=one.amount,
        open_amount=sum(claim.open_amount for claim in claims),
        currency=one.currency,
        settled=settled,
        hold_reason=pressing.hold_reason if pressing else None,
        held_until=pressing.held_until if pressing else None,
        dunning_level=pressing.dunning_level if pressing else 0,
        undelivered=undelivered,
    )


def owed(claim: Claim) -> Owed:
    """Return what a claim's settlement follows from; whether more came than was due is told on the invoice's page."""
    return Owed(claim.amount - claim.credited_amount, claim.open_amount, claim.due_on, claim.ended)
