"""The list of invoices and credit notes: a page of it at a time, newest first, narrowed by what people ask for."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select, union_all
from sqlalchemy.orm import Session, aliased

from dues.delivery.models import Message, MessageState
from dues.groups.below import at_or_below
from dues.groups.models import Creditor
from dues.invoicing.models import Claim, ClaimEnd, Invoice, InvoiceKind, PaymentReference
from dues.invoicing.standing import Owed, Settlement, settlement
from dues.members.called import called
from dues.members.models import Person
from dues.paging import Page, Place, Walk, Wish, found, read_page

_WALK: Final = Walk(Invoice, ("issued_on", "id"), "uuid", descending=True)
_LARGEST_NUMBER: Final = 10**15


@dataclass(frozen=True, slots=True)
class InvoicesWanted:
    """What a list of invoices is narrowed by; None and nothing narrow nothing.

    ``search`` is a number, a reference, or a piece of the payer's name; ``settled`` is open, overdue, part-paid, paid
    or credited. Amounts are minor units, days are both within. ``descending`` puts the newest first.
    """

    search: str = ""
    settled: str = ""
    payer: UUID | None = None
    creditor_id: int | None = None
    below: str = ""
    kind: InvoiceKind | None = None
    issued_from: dt.date | None = None
    issued_to: dt.date | None = None
    least: int | None = None
    most: int | None = None
    undelivered: bool = False
    descending: bool = True


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice or a credit note as a list shows it; a credit note has no settlement.

    ``undelivered`` says that its last message failed; the rest is of its claims, the most pressing first.
    """

    public_id: UUID
    number: int
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
    page = read_page(session, _walk(wanted), at=at, wishes=_wishes(session, wanted, on=on), rows=rows)
    drawn = _rows(session, [one.id for one in page.rows], on=on)
    return page.turned(lambda one: drawn[one.id])


def _walk(wanted: InvoicesWanted) -> Walk:
    """Days of issue are the list's own key: its index leads to them."""
    days: list[ColumnElement[bool]] = []
    if wanted.issued_from is not None:
        days.append(Invoice.issued_on >= wanted.issued_from)
    if wanted.issued_to is not None:
        days.append(Invoice.issued_on <= wanted.issued_to)
    return _WALK.along(*days).turned(descending=wanted.descending)


def _wishes(session: Session, wanted: InvoicesWanted, *, on: dt.date) -> list[Wish]:
    """Return the wishes, those first that usually find the fewest rows."""
    wishes = []
    if wanted.search:
        wishes.append(_searched(session, wanted.search))
    if wanted.payer is not None:
        payer = select(Person.id).where(Person.uuid == wanted.payer)
        wishes.append(found(lambda table: table.payer_id == payer.scalar_subquery()))
    if wanted.undelivered:
        wishes.append(Wish(_is_undelivered, _undelivered))
    if wanted.kind is not None:
        wishes.append(_of_kind(wanted.kind))
    if wanted.below:
        path = wanted.below
        wishes.append(found(lambda table: at_or_below(table.group_id, path)))
    if wanted.creditor_id is not None:
        wishes.append(found(lambda table: table.creditor_id == wanted.creditor_id))
    if wanted.least is not None:
        wishes.append(Wish(lambda table: table.amount >= wanted.least))
    if wanted.most is not None:
        wishes.append(Wish(lambda table: table.amount <= wanted.most))
    if wanted.settled:
        wishes.append(Wish(lambda table: _is_settled(table.id, wanted.settled, on=on)))
    return wishes


def _searched(session: Session, text: str) -> Wish:
    """Return the wish for a number or a reference, where it could be one, and for a name otherwise."""
    plain = as_number(text)
    if plain is None:
        return called(session, text, column="payer_id")
    creditors = select(Creditor.id)
    quoted = (
        select(Claim.invoice_id)
        .join(PaymentReference, PaymentReference.claim_id == Claim.id)
        .where(PaymentReference.creditor_id.in_(creditors), PaymentReference.value == plain)
    )
    if not (plain.isascii() and plain.isdigit()) or int(plain) > _LARGEST_NUMBER:
        return found(lambda table: table.id.in_(quoted))
    numbered = select(Invoice.id).where(Invoice.creditor_id.in_(creditors), Invoice.number == int(plain))
    return found(lambda table: table.id.in_(union_all(numbered, quoted)))


def as_number(text: str) -> str | None:
    """Return a search as a number, reference or account would be written; None where its letters make it a name."""
    plain = "".join(sign for sign in text if sign.isalnum()).upper()
    return plain if plain and 2 * sum(sign.isdigit() for sign in plain) >= len(plain) else None


def _of_kind(kind: InvoiceKind) -> Wish:
    """Return the wish for a kind; credit notes are few, and the index of what they credit knows them."""
    if kind is InvoiceKind.CREDIT_NOTE:
        return found(lambda table: table.credits_id.is_not(None))
    return Wish(lambda table: table.kind == kind)


def _undelivered(table: Any) -> ColumnElement[bool]:
    failed = select(Message.subject_id).where(Message.state == MessageState.FAILED, Message.kind == "invoice")
    return table.id.in_(failed)  # type: ignore[no-any-return]  # a column of an alias


def _is_undelivered(table: Any) -> ColumnElement[bool]:
    message = aliased(Message)
    of_this = (message.kind == "invoice") & (message.subject_id == table.id)
    return exists(select(message.id).where(of_this, message.state == MessageState.FAILED).offset(0))


def _is_settled(invoice: Any, settled: str, *, on: dt.date) -> ColumnElement[bool]:
    """Return whether an invoice has a claim that stands so, looked up one by one."""
    claim = aliased(Claim)
    stands = {
        "open": claim.ended.is_(None),
        "overdue": and_(claim.ended.is_(None), claim.due_on < on),
        "part-paid": and_(claim.ended.is_(None), claim.open_amount < claim.amount - claim.credited_amount),
        "paid": claim.ended == ClaimEnd.PAID,
        "credited": claim.ended == ClaimEnd.CREDITED,
    }[settled]
    # The offset keeps the planner from reading all claims for the few rows of a page.
    return exists(select(claim.id).where(claim.invoice_id == invoice, stands).offset(0))


def _rows(session: Session, ids: Sequence[int], *, on: dt.date) -> dict[int, InvoiceRow]:
    wanted = (
        select(Invoice, Person.uuid, Creditor.name)
        .join(Person, Person.id == Invoice.payer_id)
        .join(Creditor, Creditor.id == Invoice.creditor_id)
        .where(Invoice.id.in_(ids))
    )
    claims: dict[int, list[Claim]] = {}
    for claim in session.scalars(select(Claim).where(Claim.invoice_id.in_(ids)).order_by(Claim.id)):
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
        Message.kind == "invoice", Message.subject_id.in_(ids), Message.state == MessageState.FAILED, ~newer
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
        number=one.number,
        kind=one.kind,
        payer=payer,
        payer_name=one.payer_name,
        creditor=creditor,
        issued_on=one.issued_on,
        due_on=one.due_on,
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
