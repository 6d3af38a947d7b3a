"""Approves refunds: within a creditor's limit by one person, above it only when a second one agrees."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.turns import take_turn
from dues.access.approvals import AGREED, propose
from dues.access.models import Approval
from dues.access.permissions import Permission
from dues.actor import Actor
from dues.groups.models import Creditor
from dues.patience import patiently
from dues.payments.refunds.accounts import payout_account
from dues.payments.refunds.errors import NoPayoutAccountError, RefundMovedError, SourceReturnedError
from dues.payments.refunds.find import held_refund
from dues.payments.refunds.models import Refund, RefundState
from dues.payments.return_links import has_gone_back

KIND: Final = "refund"
"""What a refund that waits for a second person is called among approvals."""

_DAYS: Final = dt.timedelta(days=30)
"""What went back to the same receiver within them counts, too: nobody passes the limit in small steps."""
_OPEN: Final = (RefundState.PROPOSED, RefundState.BOUNCED)


def write_account(session: Session, *, refund_id: int, account: str, name: str, by: Actor) -> None:
    """Say to whom and to which account a refund goes, as long as it is not approved.

    Raises UnknownRefundError, RefundMovedError and WrongPayoutAccountError.
    """
    refund = held_refund(session, refund_id, *_OPEN)
    country = session.get_one(Creditor, refund.creditor_id).country
    found = payout_account(account, country=country, currency=refund.currency)
    refund.scheme, refund.number = found.scheme, found.number
    refund.name = " ".join(name.split()) or refund.name
    refund.state, refund.actor = RefundState.PROPOSED, str(by)
    session.flush()


def offer_approval(session: Session, *, refund_id: int, by: Actor, proposer: int) -> Approval | None:
    """Approve a refund, or, above its creditor's limit, ask a second person.

    Raises UnknownRefundError, RefundMovedError, NoPayoutAccountError, SourceReturnedError, and BusyError.
    """
    refund = _ready(session, refund_id)
    creditor = session.get_one(Creditor, refund.creditor_id)
    # Two who approve at once must not stay within the limit each by itself: the second counts what the first did.
    take_turn(session, f"refund limit {creditor.id}")
    if within_limit(session, refund=refund, creditor=creditor):
        patiently(session, lambda: _approve(session, refund_id, by=by))
        return None
    return propose(
        session,
        kind=KIND,
        permission=Permission.REFUNDS_APPROVE,
        group_id=creditor.group_id,
        payload={"refund": refund.id, **_seen(refund), "by": proposer},
        by=proposer,
    )


def within_limit(session: Session, *, refund: Refund, creditor: Creditor) -> bool:
    """Tell whether one person is enough: what went to the same person or account of late counts."""
    limit = creditor.refund_limit
    if limit is None:
        return True
    if refund.currency != creditor.currency:
        return False
    same = Refund.number == refund.number
    if refund.person_id is not None:
        same |= Refund.person_id == refund.person_id
    before = select(func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.creditor_id == creditor.id,
        Refund.id != refund.id,
        Refund.on_date > refund.on_date - _DAYS,
        Refund.state.in_((RefundState.APPROVED, RefundState.SENT, RefundState.CONFIRMED)),
        same,
    )
    return refund.amount + int(session.scalar(before) or 0) <= limit


def approve_proposed(session: Session, payload: Mapping[str, Any]) -> None:
    """Approve the refund that a second person has agreed to, to the account that they saw.

    Raises RefundMovedError where it goes to another one by now.
    """
    refund = held_refund(session, payload["refund"], *_OPEN)
    if any(payload[name] != told for name, told in _seen(refund).items()):
        raise RefundMovedError(refund.id, refund.state)
    _approve(session, refund.id, by=Actor("staff", str(payload[AGREED])))


def _seen(refund: Refund) -> dict[str, Any]:
    """Return what two persons agree on: the same digits are another account as another kind of number."""
    return {"amount": refund.amount, "name": refund.name, "scheme": refund.scheme, "number": refund.number}


def _ready(session: Session, refund_id: int) -> Refund:
    refund = held_refund(session, refund_id, *_OPEN)
    if refund.number is None:
        raise NoPayoutAccountError(refund.id)
    if has_gone_back(session, refund=refund):
        raise SourceReturnedError(refund.id)
    return refund


def _approve(session: Session, refund_id: int, *, by: Actor) -> None:
    refund = _ready(session, refund_id)
    refund.state, refund.approved_by = RefundState.APPROVED, str(by)
    refund.stopped, refund.stop_code, refund.stop_words = None, None, ""
    session.flush()
