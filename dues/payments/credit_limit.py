"""Crediting above a creditor's limit, whole or in part, waits for a second person."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.access.approvals import propose
from dues.access.hands import SHARED
from dues.access.models import Approval
from dues.access.permissions import Permission
from dues.actor import Actor
from dues.dates import today
from dues.groups.models import Creditor
from dues.invoicing.models import Invoice
from dues.payments.cancel_unsent import cancel_unsent
from dues.payments.credit_invoice import credit_invoice, credit_part
from dues.trial import try_out

KIND: Final = "credit"
"""What a credit that waits for a second person is called among approvals."""


class How(StrEnum):
    """Ways to take an invoice back."""

    WHOLE = "whole"
    PART = "part"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be done with an invoice.

    ``amounts`` in minor units by the positions of lines, and the ``key`` of a form, are of a part.
    """

    invoice_id: int
    how: How = How.WHOLE
    amounts: Mapping[int, int] | None = None
    key: UUID | None = None

    def payload(self, proposer: int) -> dict[str, Any]:
        """Return it as it waits, without the key: what is approved is done once, and pressed twice it is one wish."""
        told: dict[str, Any] = {"invoice": self.invoice_id, "by": proposer}
        if self.how is not How.WHOLE:
            told["how"] = self.how.value
        if self.amounts is not None:
            told["amounts"] = {str(position): amount for position, amount in sorted(self.amounts.items())}
        return told


def wish_of(payload: Mapping[str, Any]) -> Wish:
    """Return what waits for a second person."""
    amounts = payload.get("amounts")
    return Wish(
        payload["invoice"],
        How(payload.get("how", How.WHOLE)),
        amounts=None if amounts is None else {int(position): amount for position, amount in amounts.items()},
    )


def offer_credit(session: Session, *, wish: Wish, on: dt.date, by: Actor, proposer: int, seen: int) -> Approval | None:
    """Do it, or, above its creditor's limit, ask a second person. Raises what doing it raises.

    What was credited of the invoice before counts: nobody passes the limit in small steps.
    """
    if within_limit(session, wish=wish):
        _do(session, wish, on=on, by=by, seen=seen)
        return None
    return propose_credit(session, wish=wish, on=on, by=by, proposer=proposer, seen=seen)


def within_limit(session: Session, *, wish: Wish) -> bool:
    """Tell whether one person is enough for a credit: what was credited of its invoice before counts."""
    invoice = session.get_one(Invoice, wish.invoice_id)
    creditor = session.get_one(Creditor, invoice.creditor_id)
    limit = creditor.write_off_limit
    if limit is None:
        return True
    return invoice.currency == creditor.currency and _credited_then(session, invoice, wish) <= limit


def propose_credit(
    session: Session, *, wish: Wish, on: dt.date, by: Actor, proposer: int, seen: int, credits_too: bool = True
) -> Approval:
    """Ask a second person to credit an invoice; raise what doing it raises.

    ``credits_too`` says whether the first person may credit invoices themselves.
    """
    invoice = session.get_one(Invoice, wish.invoice_id)
    creditor = session.get_one(Creditor, invoice.creditor_id)
    try_out(session, lambda: _do(session, wish, on=on, by=by, seen=seen))
    return propose(
        session,
        kind=KIND,
        permission=Permission.INVOICES_CREDIT,
        group_id=creditor.group_id,
        payload={**wish.payload(proposer), **({} if credits_too else {SHARED: Permission.MEMBERS_READ.value})},
        by=proposer,
    )


def _credited_then(session: Session, invoice: Invoice, wish: Wish) -> int:
    """Return how much of an invoice is credited once a wish is fulfilled."""
    if wish.amounts is None:
        return invoice.amount
    before = select(func.coalesce(func.sum(Invoice.amount), 0)).where(Invoice.credits_id == invoice.id)
    return int(session.scalar(before) or 0) + sum(wish.amounts.values())


def _do(session: Session, wish: Wish, *, on: dt.date, by: Actor, seen: int | None) -> None:
    key = wish.key or uuid4()
    match wish.how:
        case How.WHOLE:
            credit_invoice(session, invoice_id=wish.invoice_id, on=on, by=by, seen=seen)
        case How.CANCEL:
            cancel_unsent(session, invoice_id=wish.invoice_id, on=on, by=by, seen=seen)
        case How.PART:
            amounts = wish.amounts or {}
            credit_part(session, invoice_id=wish.invoice_id, amounts=amounts, key=key, on=on, by=by, seen=seen)


def credit_proposed(session: Session, payload: Mapping[str, Any]) -> None:
    """Credit the invoice that a second person has agreed to."""
    _do(session, wish_of(payload), on=today(session), by=Actor("staff", str(payload["by"])), seen=None)
