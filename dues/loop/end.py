"""A membership ends: nothing is charged any more, and what was charged for later and not paid is credited."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import CompoundSelect, func, insert, select
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.invoicing.models import Claim, Invoice, InvoiceKind, InvoiceLine
from dues.loop.errors import EndDayError, EndMovedError, NoMembershipError
from dues.members.models import Membership, MembershipStatus, StatusChange
from dues.payments.credit_invoice import credit_invoice

ENDINGS: Final = (MembershipStatus.LEFT, MembershipStatus.EXCLUDED)
"""How a membership ends that its member outlives."""


@dataclass(frozen=True, slots=True)
class Unneeded:
    """An open invoice that charges one membership only, for what it is not needed any more; minor units."""

    invoice_id: int
    number: int
    open_amount: int
    currency: str


def unneeded(session: Session, *, membership_id: int, on: dt.date) -> list[Unneeded]:
    """Return the invoices that are credited when a membership ends on a day, oldest first.

    They charge nothing else, nothing has been paid on them, and what they charge begins after that day; or the
    membership never began, because its first invoice was never paid.
    """
    held = session.get(Membership, membership_id)
    if held is None:
        return []
    lines = (
        select(InvoiceLine.invoice_id)
        .where(InvoiceLine.invoice_id.in_(_invoices_of(held.person_id)))
        .group_by(InvoiceLine.invoice_id)
        .having(func.bool_and(InvoiceLine.membership_id.is_not_distinct_from(membership_id)))
    )
    if held.status is not MembershipStatus.APPLIED:
        lines = lines.having(func.min(InvoiceLine.period_from) > on)
    untouched = (
        select(Invoice.id, Invoice.number, func.sum(Claim.open_amount), Invoice.currency)
        .join(Claim, Claim.invoice_id == Invoice.id)
        .where(Invoice.id.in_(lines), Invoice.kind == InvoiceKind.INVOICE)
        .group_by(Invoice.id)
        .having(func.bool_and(Claim.open_amount == Claim.amount))
        .order_by(Invoice.id)
    )
    return [Unneeded(id_, number, int(left), currency) for id_, number, left, currency in session.execute(untouched)]


def _invoices_of(person_id: int) -> CompoundSelect[int]:
    own = select(Invoice.id).where(Invoice.payer_id == person_id)
    paid_by_others = select(InvoiceLine.invoice_id).where(
        InvoiceLine.person_id == person_id, InvoiceLine.member_name != ""
    )
    return own.union(paid_by_others)


def end_membership(
    session: Session,
    *,
    membership_id: int,
    status: MembershipStatus,
    on: dt.date,
    today: dt.date,
    by: Actor,
    seen: Sequence[int] | None = None,
) -> list[int]:
    """End a membership with its last day ``on``, and return the credit notes of the invoices it does not need now.

    ``status`` is one of ENDINGS, ``seen`` the invoices that somebody saw would be credited. What was paid stays paid.
    Raises NoMembershipError, EndDayError, EndMovedError, and NotCreditableError where money comes at this moment.
    """
    held = session.get(Membership, membership_id, populate_existing=True)
    if held is None or held.ended_on is not None:
        raise NoMembershipError(membership_id)
    first = min(held.joined_on, today)
    if not first <= on <= today:
        raise EndDayError(on, first, today)
    found = unneeded(session, membership_id=membership_id, on=on)
    if seen is not None and sorted(seen) != [one.invoice_id for one in found]:
        raise EndMovedError
    # Claims are locked before memberships, as by every other work that moves both.
    notes = [credit_invoice(session, invoice_id=one.invoice_id, on=today, by=by, seen=one.open_amount) for one in found]
    _end(session, membership_id, status=status, on=on, by=by)
    return notes


def _end(session: Session, membership_id: int, *, status: MembershipStatus, on: dt.date, by: Actor) -> None:
    held = session.get_one(Membership, membership_id, with_for_update={"key_share": True}, populate_existing=True)
    if held.ended_on is not None:
        raise NoMembershipError(membership_id)
    held.status, held.ended_on = status, on
    session.execute(insert(StatusChange).values(membership_id=membership_id, from_on=on, status=status, actor=str(by)))
    session.flush()
