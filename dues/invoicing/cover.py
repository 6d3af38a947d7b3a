"""What paying, unpaying or crediting invoices does to the memberships they charged."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import Actor
from dues.invoicing.models import InvoiceLine
from dues.members.models import Membership


def cover(session: Session, *, invoices: Sequence[int], on: dt.date, by: Actor | str) -> None:
    """Cover the fee periods of invoices, of a slice at most, of which enough is paid, and activate who had applied.

    What is enough is a rule of the membership's type: all of it, or the first of its parts.
    """
    _hold(session, invoices)
    _run(session, "cover", invoices)
    _run(session, "recompute", invoices)
    values = {"invoices": list(invoices), "on": on, "actor": str(by)}
    session.execute(statement("dues/invoicing/sql/activate.sql"), values)


def uncover(session: Session, *, invoices: Sequence[int]) -> None:
    """Take the cover back because the money went; memberships stay active, but are paid through an earlier day."""
    _hold(session, invoices)
    _run(session, "uncover", invoices)
    _run(session, "recompute", invoices)


def release(session: Session, *, invoice_id: int, note_id: int) -> None:
    """Release the fee periods of which a credit note gives the last back, so that they may be charged again."""
    _hold(session, [invoice_id])
    session.execute(statement("dues/invoicing/sql/release.sql"), {"note": note_id})
    _run(session, "recompute", [invoice_id])


def free_later(session: Session, *, membership_id: int, on: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Return the stretches of a membership that begin after a day and cost nothing, by first and last day."""
    values = {"membership": membership_id, "on": on}
    rows = session.execute(statement("dues/invoicing/sql/free_later.sql"), values)
    return [(row.from_on, row.to_on) for row in rows]


def release_free(session: Session, *, membership_id: int, on: dt.date) -> None:
    """Release what `free_later` finds; whoever calls holds the membership."""
    values = {"membership": membership_id, "on": on}
    session.execute(statement("dues/invoicing/sql/free_release.sql"), values)


def _hold(session: Session, invoices: Sequence[int]) -> None:
    """Lock the memberships in the order of their ids: the same order as every other work that moves them.

    Of two who settle the last parts of an invoice at once, the second waits here, and then sees what the first did.
    """
    lines = select(InvoiceLine.membership_id).where(InvoiceLine.invoice_id.in_(invoices))
    session.execute(
        select(Membership.id).where(Membership.id.in_(lines)).order_by(Membership.id).with_for_update(key_share=True)
    ).all()


def _run(session: Session, name: str, invoices: Sequence[int]) -> None:
    session.execute(statement(f"dues/invoicing/sql/{name}.sql"), {"invoices": list(invoices)})
