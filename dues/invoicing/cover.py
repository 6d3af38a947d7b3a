"""What paying, unpaying or crediting an invoice does to the memberships it charged."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import Actor
from dues.invoicing.models import InvoiceLine
from dues.members.models import Membership


def cover(session: Session, *, invoice_id: int, on: dt.date, by: Actor) -> None:
    """Cover the fee periods of a paid invoice and activate who had applied."""
    _hold(session, invoice_id)
    _run(session, "cover", invoice_id)
    _run(session, "recompute", invoice_id)
    session.execute(statement("dues/invoicing/sql/activate.sql"), {"invoice": invoice_id, "on": on, "actor": str(by)})


def uncover(session: Session, *, invoice_id: int) -> None:
    """Take the cover back because the money went; memberships stay active, but are paid through an earlier day."""
    _hold(session, invoice_id)
    _run(session, "uncover", invoice_id)
    _run(session, "recompute", invoice_id)


def release(session: Session, *, invoice_id: int, note_id: int) -> None:
    """Release the fee periods of which a credit note gives the last back, so that they may be charged again."""
    _hold(session, invoice_id)
    session.execute(statement("dues/invoicing/sql/release.sql"), {"note": note_id})
    _run(session, "recompute", invoice_id)


def _hold(session: Session, invoice_id: int) -> None:
    """Lock the memberships in the order of their ids: the same order as every other work that moves them."""
    lines = select(InvoiceLine.membership_id).where(InvoiceLine.invoice_id == invoice_id)
    session.execute(
        select(Membership.id).where(Membership.id.in_(lines)).order_by(Membership.id).with_for_update(key_share=True)
    ).all()


def _run(session: Session, name: str, invoice_id: int) -> None:
    session.execute(statement(f"dues/invoicing/sql/{name}.sql"), {"invoice": invoice_id})
