"""How long a claim is left alone before the next reminder: the rule of `sql/candidates.sql`, said for one invoice."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.groups.models import Creditor
from dues.invoicing.models import Claim

_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Patience:
    """How reminding stands for an open claim.

    ``level`` is the number of reminders sent, ``held_until`` the last day of a hold that is in force, and
    ``reminder_on`` the first day on which a reminder goes out unless money comes, None where none will.
    """

    level: int
    held_until: dt.date | None
    reminder_on: dt.date | None


def patience(session: Session, *, invoice_id: int, today: dt.date) -> Patience | None:
    """Return how reminding stands for what is open of an invoice, None where nothing is."""
    wanted = (
        select(Claim, Creditor)
        .join(Creditor, Creditor.id == Claim.creditor_id)
        .where(Claim.invoice_id == invoice_id, Claim.ended.is_(None))
        .order_by(Claim.due_on, Claim.id)
        .limit(1)
    )
    found = session.execute(wanted).first()
    if found is None:
        return None
    claim, creditor = found
    held = claim.held_until if claim.held_until is not None and claim.held_until >= today else None
    first = reminded_from(claim, creditor)
    return Patience(claim.dunning_level, held, None if first is None else max(first, today))


def reminded_from(claim: Claim, creditor: Creditor) -> dt.date | None:
    """Return the first day on which a run of reminders would take a claim, None where none ever will."""
    if claim.ended is not None or claim.dunning_level >= creditor.max_reminders:
        return None
    asked = claim.due_on if claim.dunned_on is None else claim.dunned_on + creditor.payment_days * _DAY
    over = max(claim.deferred_to or claim.due_on, asked) + creditor.reminder_days * _DAY
    return max(over, claim.due_on, claim.held_until or claim.due_on) + _DAY
