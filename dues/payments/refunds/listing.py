"""The list of refunds, a page at a time, and what an order would take."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from dues.groups.models import Creditor
from dues.paging import Page, Place, Walk, Wish, read_page
from dues.payments.models import Credit
from dues.payments.refunds.models import PayoutScheme, Refund, RefundOrder, RefundPayment, RefundState, Stopped

_WALK: Final = Walk(Refund, ("id",), "uuid", descending=True)


NEEDS: Final = "needs"
"""What is wanted where a list shows the refunds that wait for somebody: back, refused, or with their money gone."""


def needs_somebody(table: type[Refund]) -> ColumnElement[bool]:
    """Tell of a refund that it came back, that the bank refused it, or that the bank has taken its money back."""
    gone = (table.state == RefundState.PROPOSED) & (table.stopped == Stopped.SOURCE_RETURNED)
    return (table.state == RefundState.BOUNCED) | gone


@dataclass(frozen=True, slots=True)
class RefundsWanted:
    """What a list of refunds is narrowed by: a piece of the receiver's name or account, and amounts in minor units."""

    search: str = ""
    state: str = ""
    creditor_id: int | None = None
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class RefundRow:
    """A refund as a list shows it."""

    public_id: UUID
    name: str
    scheme: PayoutScheme | None
    number: str | None
    amount: int
    currency: str
    state: RefundState
    stopped: Stopped | None
    on_date: dt.date
    creditor: str
    reason: str


def refunds(session: Session, wanted: RefundsWanted, *, at: Place | None, rows: int = 50) -> Page[RefundRow]:
    """Return a page of refunds, the newest first."""
    page = read_page(session, _WALK, at=at, wishes=_wishes(wanted), rows=rows)
    drawn = _rows(session, [one.id for one in page.rows])
    return page.turned(lambda one: drawn[one.id])


def _wishes(wanted: RefundsWanted) -> list[Wish]:
    wishes = []
    if wanted.search:
        text = wanted.search.lower()
        plain = text.replace(" ", "").replace("-", "")
        wishes.append(
            Wish(
                lambda table: (
                    (func.strpos(func.lower(table.name), text) > 0)
                    | (func.strpos(func.lower(func.coalesce(table.number, "")), plain) > 0)
                )
            )
        )
    if wanted.state == NEEDS:
        wishes.append(Wish(needs_somebody))
    elif wanted.state:
        wishes.append(Wish(lambda table: table.state == wanted.state))
    if wanted.creditor_id is not None:
        wishes.append(Wish(lambda table: table.creditor_id == wanted.creditor_id))
    if wanted.least is not None:
        wishes.append(Wish(lambda table: table.amount >= wanted.least))
    if wanted.most is not None:
        wishes.append(Wish(lambda table: table.amount <= wanted.most))
    return wishes


def _rows(session: Session, ids: Sequence[int]) -> dict[int, RefundRow]:
    wanted = select(Refund, Creditor.name).join(Creditor, Creditor.id == Refund.creditor_id).where(Refund.id.in_(ids))
    return {
        one.id: RefundRow(
            public_id=one.uuid,
            name=one.name,
            scheme=one.scheme,
            number=one.number,
            amount=one.amount,
            currency=one.currency,
            state=one.state,
            stopped=one.stopped,
            on_date=one.on_date,
            creditor=creditor,
            reason=one.reason,
        )
        for one, creditor in session.execute(wanted)
    }


@dataclass(frozen=True, slots=True)
class Ready:
    """What can be ordered from the bank now: the approved refunds of a creditor in a currency."""

    creditor: Creditor
    currency: str
    refunds: int
    amount: int


def ready(session: Session) -> list[Ready]:
    """Return what is approved and not ordered yet."""
    wanted = (
        select(Creditor, Refund.currency, func.count(), func.sum(Refund.amount))
        .join(Refund, Refund.creditor_id == Creditor.id)
        .where(Refund.state == RefundState.APPROVED)
        .group_by(Creditor.id, Refund.currency)
        .order_by(Creditor.name, Refund.currency)
    )
    return [Ready(one, currency, many, int(amount)) for one, currency, many, amount in session.execute(wanted)]


def orders(session: Session, *, limit: int) -> list[tuple[RefundOrder, str]]:
    """Return the orders written last, with their creditors' names."""
    wanted = select(RefundOrder, Creditor.name).join(Creditor, Creditor.id == RefundOrder.creditor_id)
    return [(one, name) for one, name in session.execute(wanted.order_by(RefundOrder.id.desc()).limit(limit))]


def order_named(session: Session, *, name: UUID) -> RefundOrder | None:
    """Return the order that others know by a name."""
    return session.scalar(select(RefundOrder).where(RefundOrder.uuid == name))


def credits_of(session: Session, *, person_id: int) -> list[tuple[Credit, Creditor]]:
    """Return what creditors owe a person, each with the creditor."""
    wanted = (
        select(Credit, Creditor)
        .join(Creditor, Creditor.id == Credit.creditor_id)
        .where(Credit.person_id == person_id, Credit.balance > 0)
        .order_by(Creditor.name, Credit.currency)
    )
    return [(credit, creditor) for credit, creditor in session.execute(wanted)]


def refunds_of_payment(session: Session, *, payment_id: int) -> Sequence[Refund]:
    """Return the refunds that a payment is the source of, that it paid, or that came back with it, oldest first."""
    part = select(RefundPayment.refund_id).where(RefundPayment.payment_id == payment_id)
    return session.scalars(select(Refund).where(Refund.id.in_(part)).order_by(Refund.id)).all()
