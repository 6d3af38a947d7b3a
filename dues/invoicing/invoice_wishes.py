"""What a list of invoices can be narrowed by, in any combination, and which index each wish is answered from."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from dues.delivery.models import Channel, Message, MessageState
from dues.folding import folded
from dues.groups.below import at_or_below
from dues.groups.currencies import unusual, within
from dues.groups.models import Creditor
from dues.invoicing.elsewhere_models import Elsewhere
from dues.invoicing.models import Claim, ClaimEnd, Invoice, InvoiceKind, InvoiceLine, PaymentReference
from dues.invoicing.slip_models import SlipPart
from dues.members.called import called
from dues.members.models import Membership, Person
from dues.paging import Walk, Wish, are_few, found
from dues.runs.models import Run

_BY_ISSUE: Final = Walk(Invoice, ("issued_on", "id"), "uuid", descending=True)
_BY_DUE: Final = Walk(Invoice, ("due_on", "id"), "uuid", descending=True)
_LARGEST_NUMBER: Final = 10**15
_DEEP: Final = 2_500
"""Rows of a stretch of which each is looked up in two more tables, or in the messages."""


@dataclass(frozen=True, slots=True)
class InvoicesWanted:
    """What a list of invoices is narrowed by; None and nothing narrow nothing.

    ``search`` is a number, a reference, or a piece of the payer's name; ``settled`` is open, overdue, part-paid, paid,
    credited or held; ``delivery`` is waiting, sent (by e-mail), printed, failed, withheld or none. ``payer`` pays,
    ``person`` pays or is paid for. ``system`` is the name of the one that issued them, "" for any but ours.
    ``level`` is how often it was reminded of. Amounts are minor units, days are both within. ``by_due`` orders by the
    day it is due instead of the day of issue, ``descending`` the latest first.
    """

    search: str = ""
    settled: str = ""
    payer: UUID | None = None
    person: UUID | None = None
    creditor_id: int | None = None
    below: str = ""
    kind: InvoiceKind | None = None
    type_id: int | None = None
    product_id: int | None = None
    run: UUID | None = None
    issued_from: dt.date | None = None
    issued_to: dt.date | None = None
    due_from: dt.date | None = None
    due_to: dt.date | None = None
    paid_from: dt.date | None = None
    paid_to: dt.date | None = None
    least: int | None = None
    most: int | None = None
    level: int | None = None
    delivery: str = ""
    system: str | None = None
    by_due: bool = False
    descending: bool = True


def walk(session: Session, wanted: InvoicesWanted) -> Walk:
    """Return the way along the list: its own days are narrowed by its index, and a run has an index of its own."""
    way = _BY_DUE if wanted.by_due else _BY_ISSUE
    way = way.turned(descending=wanted.descending)
    if wanted.type_id is not None or wanted.delivery in {"sent", "printed", "none"}:
        way = replace(way, stretch=_DEEP)
    issued = _between(Invoice.issued_on, wanted.issued_from, wanted.issued_to)
    due = _between(Invoice.due_on, wanted.due_from, wanted.due_to)
    if wanted.by_due:
        return way.along(*due)
    if wanted.run is not None:
        run_id = session.scalar(select(Run.id).where(Run.uuid == wanted.run))
        issued.append(Invoice.run_id == (run_id or 0))
    return way.along(*issued)


def wishes(session: Session, wanted: InvoicesWanted, *, on: dt.date) -> list[Wish]:
    """Return the wishes, those first that usually find the fewest rows."""
    return [
        *_of_persons(session, wanted),
        *_of_claims(wanted, on=on),
        *_of_delivery(wanted.delivery),
        *_of_lines(session, wanted),
        *_of_document(session, wanted),
    ]


def _of_persons(session: Session, wanted: InvoicesWanted) -> list[Wish]:
    wished = []
    if wanted.search:
        wished.append(_searched(session, wanted.search))
    if wanted.payer is not None:
        payer = select(Person.id).where(Person.uuid == wanted.payer)
        wished.append(found(lambda table: table.payer_id == payer.scalar_subquery()))
    if wanted.person is not None:
        theirs = _about(select(Person.id).where(Person.uuid == wanted.person))
        wished.append(found(lambda table: table.id.in_(theirs)))
    return wished


def _about(persons: Select[Any]) -> Any:
    """Return the ids of invoices that persons pay or that name them on a line; lines name whom another pays for."""
    paid = select(Invoice.id).where(Invoice.payer_id.in_(persons))
    named = select(InvoiceLine.invoice_id).where(InvoiceLine.member_name != "", InvoiceLine.person_id.in_(persons))
    return union_all(paid, named)


def _of_claims(wanted: InvoicesWanted, *, on: dt.date) -> list[Wish]:
    """Return the wishes about what is owed. Held and reminded claims are few and have an index; open ones have none."""
    wished = []
    if wanted.settled == "held":
        held = and_(Claim.hold_reason.is_not(None), Claim.ended.is_(None))
        wished.append(_with_claim(held, or_(Claim.held_until.is_(None), Claim.held_until >= on)))
    elif wanted.settled:
        wished.append(Wish(lambda table: _has_claim(table, _stands(wanted.settled, on=on))))
    if wanted.level:
        wished.append(_with_claim(Claim.dunning_level > 0, Claim.dunning_level == wanted.level))
    if wanted.level == 0:
        wished.append(Wish(lambda table: _has_claim(table, Claim.dunning_level == 0)))
    paid = _between(Claim.ended_on, wanted.paid_from, wanted.paid_to)
    if paid:
        wished.append(Wish(lambda table: _has_claim(table, and_(Claim.ended == ClaimEnd.PAID, *paid))))
    return wished


def _with_claim(*conditions: ColumnElement[bool]) -> Wish:
    """Return the wish for invoices with such a claim, where an index of claims knows those there are."""
    ids = select(Claim.invoice_id).where(*conditions)
    return Wish(lambda table: _has_claim(table, and_(*conditions)), lambda table: table.id.in_(ids), counted=ids)


def _has_claim(table: Any, stands: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return whether an invoice has a claim that stands so, looked up one by one."""
    # The offset keeps the planner from reading all claims for the few rows of a page.
    return exists(select(Claim.id).where(Claim.invoice_id == table.id, stands).offset(0))


def _stands(settled: str, *, on: dt.date) -> ColumnElement[bool]:
    return {
        "open": Claim.ended.is_(None),
        "overdue": and_(Claim.ended.is_(None), Claim.due_on < on),
        "part-paid": and_(Claim.ended.is_(None), Claim.open_amount < Claim.amount - Claim.credited_amount),
        "paid": Claim.ended == ClaimEnd.PAID,
        "credited": Claim.ended == ClaimEnd.CREDITED,
    }[settled]


def _of_delivery(delivery: str) -> list[Wish]:
    """Return the wish for how the last message about an invoice stands; all but the sent ones are few at most times."""
    if not delivery:
        return []
    if delivery == "none":
        return [Wish(lambda table: ~exists(_message(table).offset(0)) & ~_goes_along(table))]
    states = {"waiting": (MessageState.QUEUED, MessageState.SENDING), "printed": (MessageState.SENT,)}
    stands = states.get(delivery) or (MessageState(delivery),)
    if MessageState.SENT in stands:
        channels = (Channel.PRINT,) if delivery == "printed" else (Channel.EMAIL, Channel.SMS)
        return [Wish(lambda table: _is_last(table, stands, channels))]
    ids = select(Message.subject_id).where(Message.kind == "invoice", Message.state.in_(stands))
    picked = lambda table: _is_last(table, stands, ())  # noqa: E731
    return [Wish(picked, lambda table: table.id.in_(ids), exact=False, counted=ids)]


def _message(table: Any) -> Select[Any]:
    return select(Message.id).where(Message.kind == "invoice", Message.subject_id == table.id)


def _goes_along(table: Any) -> ColumnElement[bool]:
    """Return whether an invoice goes out on the slip of another creditor, which may not be for this one to see."""
    collected = select(SlipPart.invoice_id).where(SlipPart.invoice_id == table.id, ~SlipPart.collects)
    return exists(collected.offset(0))


def _is_last(table: Any, states: tuple[MessageState, ...], channels: tuple[Channel, ...]) -> ColumnElement[bool]:
    newer = aliased(Message)
    later = exists().where(newer.kind == "invoice", newer.subject_id == Message.subject_id, newer.copy > Message.copy)
    wanted = _message(table).where(Message.state.in_(states), ~later)
    return exists((wanted.where(Message.channel.in_(channels)) if channels else wanted).offset(0))


def _of_lines(session: Session, wanted: InvoicesWanted) -> list[Wish]:
    wished = []
    if wanted.product_id is not None:
        sold = InvoiceLine.product_id == wanted.product_id
        ids = select(InvoiceLine.invoice_id).where(sold)
        wished.append(Wish(lambda table: _has_line(table, sold), lambda table: table.id.in_(ids), counted=ids))
    if wanted.type_id is not None:
        wished.append(_of_type(session, wanted.type_id))
    return wished


def _of_type(session: Session, type_id: int) -> Wish:
    """Return the wish for a membership type: that of few members is looked for from their side."""
    members = select(Membership.person_id).where(Membership.type_id == type_id)
    of_type = exists(
        select(Membership.id).where(Membership.id == InvoiceLine.membership_id, Membership.type_id == type_id).offset(0)
    )
    picked = lambda table: _has_line(table, of_type)  # noqa: E731
    if not are_few(session, members):
        return Wish(picked)
    theirs = _about(members)
    return Wish(picked, lambda table: table.id.in_(theirs), exact=False)


def _has_line(table: Any, such: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(InvoiceLine.position).where(InvoiceLine.invoice_id == table.id, such).offset(0))


def _of_document(session: Session, wanted: InvoicesWanted) -> list[Wish]:
    wished = []
    if wanted.system is not None:
        wished.append(_of_system(wanted.system))
    if wanted.kind is not None:
        wished.append(_of_kind(wanted.kind))
    if wanted.below:
        path = wanted.below
        wished.append(found(lambda table: at_or_below(table.group_id, path)))
    if wanted.creditor_id is not None:
        wished.append(found(lambda table: table.creditor_id == wanted.creditor_id))
    if wanted.least is not None or wanted.most is not None:
        other = unusual(session)
        wished.append(found(lambda table: within(table.amount, table.currency, wanted.least, wanted.most, other=other)))
    if wanted.by_due:
        wished.append(Wish(lambda table: table.kind == InvoiceKind.INVOICE))
        wished.extend(_other_than_key(session, wanted))
    elif wanted.due_from is not None or wanted.due_to is not None:
        due = lambda table: and_(*_between(table.due_on, wanted.due_from, wanted.due_to))  # noqa: E731
        wished.extend((found(due), Wish(lambda table: table.kind == InvoiceKind.INVOICE)))
    return wished


def _other_than_key(session: Session, wanted: InvoicesWanted) -> list[Wish]:
    """Return the wishes that the walk along due days does not answer, though that along days of issue does."""
    wished = []
    if wanted.run is not None:
        run_id = session.scalar(select(Run.id).where(Run.uuid == wanted.run)) or 0
        wished.append(found(lambda table: table.run_id == run_id))
    if wanted.issued_from is not None or wanted.issued_to is not None:
        issued = lambda table: and_(*_between(table.issued_on, wanted.issued_from, wanted.issued_to))  # noqa: E731
        wished.append(found(issued))
    return wished


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
    printed = select(Elsewhere.invoice_id).where(Elsewhere.number_key == plain)
    if not (plain.isascii() and plain.isdigit()) or int(plain) > _LARGEST_NUMBER:
        return found(lambda table: table.id.in_(union_all(printed, quoted)))
    numbered = select(Invoice.id).where(Invoice.creditor_id.in_(creditors), Invoice.number == int(plain))
    return found(lambda table: table.id.in_(union_all(numbered, printed, quoted)))


def as_number(text: str) -> str | None:
    """Return a search as a number, reference or account would be written; None where its letters make it a name."""
    plain = "".join(sign for sign in text if sign.isalnum()).upper()
    return plain if plain and 2 * sum(sign.isdigit() for sign in plain) >= len(plain) else None


def _of_system(system: str) -> Wish:
    """Return the wish for what other systems issued, or one of them did: its index knows them."""
    theirs = [Elsewhere.system_key == folded(system)] if system else []
    ids = select(Elsewhere.invoice_id).where(*theirs)
    return Wish(
        lambda table: exists(select(Elsewhere.invoice_id).where(Elsewhere.invoice_id == table.id, *theirs).offset(0)),
        lambda table: table.id.in_(ids),
        counted=ids,
    )


def _of_kind(kind: InvoiceKind) -> Wish:
    """Return the wish for a kind; credit notes are few, and the index of what they credit knows them."""
    if kind is InvoiceKind.CREDIT_NOTE:
        return found(lambda table: table.credits_id.is_not(None))
    return Wish(lambda table: table.kind == kind)


def _between(column: Any, least: Any, most: Any) -> list[ColumnElement[bool]]:
    """Return the conditions that a column lies within two bounds, of which none need be there."""
    bounds = [] if least is None else [column >= least]
    return bounds if most is None else [*bounds, column <= most]
