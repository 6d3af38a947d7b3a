"""Books refunds when the bank says that the money has left, and opens them again when it came back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from database.sql import statement
from dues.groups.models import Creditor
from dues.journal.post import open_entry
from dues.journal.side_accounts import open_refunds
from dues.payments.models import Payment
from dues.payments.surplus import NOTHING, Settled
from dues.runs.models import Run

EVENT = "refunds in the bank"
"""What the journal calls the entry of all refunds in a slice of a bank file."""

BACK = "refunds back at once"
"""The key of the entry of those that came back before, or with, the bank's word that they had left."""


def confirm_refunds(session: Session, run: Run, values: Mapping[str, Any]) -> Settled:
    """Confirm or reopen the refunds that a slice of payments tells of; ``values`` are those of `book.sql`."""
    told_of = select(func.count()).where(
        Payment.file_id == values["file"],
        Payment.id.between(values["first"], values["last"]),
        Payment.creditor_id == values["creditor"],
        Payment.end_to_end_id.is_not(None),
        (Payment.amount < 0) | (Payment.kind == "return"),
    )
    if not session.scalar(told_of):
        return NOTHING
    session.execute(text("DROP TABLE IF EXISTS pg_temp.refunded"))
    session.execute(statement("dues/payments/sql/refund_meet.sql"), values)
    found = _settle(session, run, values, EVENT)
    if found:
        session.execute(statement("dues/payments/sql/refund_bounced.sql"))
        found += _settle(session, run, values, BACK)
    return Settled(found, -found, None, None, None)


def _settle(session: Session, run: Run, values: Mapping[str, Any], event: str) -> int:
    """Book what lies in `refunded`; return how many payments of the slice that were."""
    if not session.scalar(text("SELECT count(*) FROM refunded")):
        return 0
    creditor = session.get_one(Creditor, values["creditor"])
    entry = open_entry(
        session,
        creditor_id=creditor.id,
        event=EVENT,
        key=f"run:{run.id}:{values['first']}:{event}",
        on=values["books_on"],
        by=run.actor,
        run_id=run.id,
    )
    refunds = open_refunds(session, creditor=creditor, currency=values["currency"])
    session.execute(statement("dues/payments/sql/refund_settle.sql"), {**values, "entry": entry.id, "refunds": refunds})
    own = text("SELECT count(*) FROM refunded WHERE payment_id BETWEEN :first AND :last")
    return int(session.scalar(own, {"first": values["first"], "last": values["last"]}) or 0)
