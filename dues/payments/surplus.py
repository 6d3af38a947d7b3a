"""Settles by a creditor's rules what the straight path left over: money that is more, or a little less, than owed.

Small differences are written off to an account of their own; what is more becomes credit, a refund that is proposed,
or a gift, as the creditor says. Without a rule it waits for a person, as it always did.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from database.sql import statement
from dues.groups.models import Creditor, Overpaid, Payee
from dues.invoicing.invite import GIFT
from dues.journal.models import Entry, Event
from dues.journal.post import open_entry
from dues.journal.side_accounts import open_differences, open_refunds
from dues.payments.refunds.spend import USED
from dues.payments.transfer import credit_account
from dues.runs.models import Run

SHORT = "small difference"
"""What the journal calls writing off the little that a payment left open."""


MOST = 2**62
"""More than any gift: there is no limit."""


class Settled(NamedTuple):
    """What a stage settled of what was unmatched, as `book.sql` tells it; ``parted`` are invoices to be covered."""

    matched: int
    unmatched: int
    wrote_from: int | None
    wrote_to: int | None
    parted: list[int] | None


NOTHING = Settled(0, 0, None, None, None)


def settle_surplus(session: Session, run: Run, values: Mapping[str, Any]) -> Settled:
    """Settle what a creditor's rules say of a slice that is booked; ``values`` are those of `book.sql`."""
    creditor = session.get_one(Creditor, values["creditor"])
    no_claims = values["receivable"] is None
    # A fund takes gifts in the creditor's own currency: money beyond a claim in another one asks.
    gives = values["currency"] == creditor.currency
    overpaid = Overpaid.ASK if creditor.overpaid is Overpaid.GIFT and not gives else creditor.overpaid
    asks = overpaid is Overpaid.ASK and creditor.tolerance == 0
    if no_claims or (asks and not (gives and _invited(session, creditor))):
        return NOTHING
    told = {**values, "tolerance": creditor.tolerance, "overpaid": overpaid.value, "country": creditor.country}
    told |= {"gives": gives, "fund": creditor.gift_fund_id, "most": creditor.gift_limit or MOST}
    told["credited"] = credit_account(session, creditor_id=creditor.id, event=Event.CREDIT, currency=values["currency"])
    session.execute(text("DROP TABLE IF EXISTS pg_temp.surplus"))
    session.execute(statement("dues/payments/sql/surplus.sql"), told)
    done = session.execute(statement("dues/payments/sql/surplus_settle.sql"), told).one()
    if done.short or done.spent:
        told["differences"] = open_differences(session, creditor=creditor, currency=values["currency"])
    if done.short:
        entry = _entry(session, run, values, SHORT)
        session.execute(statement("dues/payments/sql/surplus_short.sql"), {**told, "entry": entry.id})
    if done.spent:
        entry = _entry(session, run, values, USED)
        told |= {"entry": entry.id, "refunds": open_refunds(session, creditor=creditor, currency=values["currency"])}
        session.execute(statement("dues/payments/sql/surplus_spend.sql"), told)
    return Settled(done.settled, -done.settled, done.wrote_from, done.wrote_to, done.invoices)


def _entry(session: Session, run: Run, values: Mapping[str, Any], event: str) -> Entry:
    return open_entry(
        session,
        creditor_id=values["creditor"],
        event=event,
        key=f"run:{run.id}:{values['first']}:{event}",
        on=values["books_on"],
        by=run.actor,
        run_id=run.id,
    )


def _invited(session: Session, creditor: Creditor) -> bool:
    """Whether an invoice of a creditor ever invited to pay more: what it said holds, whatever is set up now."""
    if creditor.invites_gifts:
        return True
    there = exists().where(Payee.creditor_id == creditor.id, Payee.content.has_key(GIFT))
    return bool(session.scalar(select(there)))
