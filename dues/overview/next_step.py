"""What happens next by itself to a claim or a membership, on which day, or why nothing does.

The rules are those of `dues/collection/sql/candidates.sql` and of `dues/invoicing/sql/candidates.sql` with `items.sql`,
said for one row and ahead of its day; a test lets the days pass and compares.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from dues.invoicing.models import ClaimEnd
from dues.members.models import MembershipStatus

_DAY: Final = dt.timedelta(days=1)


class What(StrEnum):
    """What happens by itself."""

    REMINDER = "reminder"
    INVOICE = "invoice"
    NOTHING = "nothing"


class Why(StrEnum):
    """Why nothing happens by itself."""

    PAID = "paid"
    CREDITED = "credited"
    CLOSED = "closed"
    CREDIT_NOTE = "credit note"
    NO_REMINDERS = "no reminders"
    NO_MORE_REMINDERS = "no more reminders"
    DECEASED = "deceased"
    NO_ADDRESS = "no address"
    ENDED = "ended"
    RESTING = "resting"
    DOES_NOT_RENEW = "does not renew"
    FIRST_UNPAID = "first unpaid"
    NO_CREDITOR = "no creditor"
    NO_AGREEMENT = "no agreement"
    NO_PRICE = "no price"
    NO_POSTING_RULE = "no posting rule"
    NOTHING_TO_PAY = "nothing to pay"
    REMINDERS_REST = "reminders rest"
    INVOICES_REST = "invoices rest"


@dataclass(frozen=True, slots=True)
class Step:
    """The next thing that happens by itself, or (``NOTHING``) why there is none.

    ``on`` is its day and ``amount`` what it asks for, in minor units of ``currency``. ``held_until`` is the last day of
    a hold that it waits for, ``since`` the first day on which an invoice may be asked for by hand. ``claim_id``,
    ``invoice`` and ``number``, or ``membership_id`` and ``type_names``, say what it happens to; ``period`` is what an
    invoice would charge.
    """

    what: What
    on: dt.date | None = None
    amount: int | None = None
    currency: str | None = None
    why: Why | None = None
    level: int = 0
    held_until: dt.date | None = None
    since: dt.date | None = None
    period: tuple[dt.date, dt.date] | None = None
    claim_id: int | None = None
    invoice: UUID | None = None
    number: str | None = None
    membership_id: int | None = None
    type_names: dict[str, str] | None = None

    @property
    def happens(self) -> bool:
        """Whether anything happens at all."""
        return self.what is not What.NOTHING


@dataclass(frozen=True, slots=True)
class Owing:
    """A claim as reminding looks at it; days are from due date to reminder and from reminder to its own pay-by day.

    ``reachable`` says whether the debtor has an e-mail or a postal address.
    """

    open_amount: int
    currency: str
    due_on: dt.date
    deferred_to: dt.date | None
    dunning_level: int
    dunned_on: dt.date | None
    held_until: dt.date | None
    ended: ClaimEnd | None
    reminder_days: int
    payment_days: int
    max_reminders: int
    deceased: bool
    reachable: bool


_ENDS: Final = {ClaimEnd.PAID: Why.PAID, ClaimEnd.CREDITED: Why.CREDITED}


def next_reminder(claim: Owing, *, today: dt.date, first_run: dt.date | None) -> Step:
    """Return a claim's next step; ``first_run`` is the day of the next run of reminders, None while they rest."""
    why = _unreminded(claim)
    if why is not None or first_run is None:
        return Step(What.NOTHING, why=why or Why.REMINDERS_REST)
    held = claim.held_until if claim.held_until is not None and claim.held_until >= today else None
    return Step(
        What.REMINDER,
        on=max(_reminded_from(claim), first_run),
        amount=claim.open_amount,
        currency=claim.currency,
        level=claim.dunning_level + 1,
        held_until=held,
    )


def _unreminded(claim: Owing) -> Why | None:
    if claim.ended is not None:
        return _ENDS.get(claim.ended, Why.CLOSED)
    if claim.deceased:
        return Why.DECEASED
    if claim.max_reminders == 0:
        return Why.NO_REMINDERS
    if claim.dunning_level >= claim.max_reminders:
        return Why.NO_MORE_REMINDERS
    return None if claim.reachable else Why.NO_ADDRESS


def _reminded_from(claim: Owing) -> dt.date:
    """The first day on which a run of reminders would take the claim."""
    asked = claim.due_on if claim.dunned_on is None else _after(claim.dunned_on, claim.payment_days)
    patience = _after(max(claim.deferred_to or claim.due_on, asked), claim.reminder_days)
    return _after(max(patience, claim.due_on, claim.held_until or claim.due_on), 1)


def _after(day: dt.date, days: int) -> dt.date:
    """The day some days later; the last one there is where the calendar ends before."""
    return day + min(days * _DAY, dt.date.max - day)


@dataclass(frozen=True, slots=True)
class Charging:
    """A membership as the invoice run looks at it.

    ``period`` is the next stretch to be charged, ``amount`` its price in minor units of ``currency``; ``unpriced`` says
    why there is none. ``deceased`` and ``reachable`` are of member and payer on the day.
    """

    status: MembershipStatus
    ended_on: dt.date | None
    charged_through: dt.date | None
    period: tuple[dt.date, dt.date]
    lead_days: int
    renews: bool
    deceased: bool
    reachable: bool
    creditor: bool
    agreement: bool
    amount: int
    currency: str | None
    unpriced: Why | None


def next_invoice(membership: Charging, *, first_run: dt.date | None) -> Step:
    """Return a membership's next step; ``first_run`` is the day of the next run of invoices, None while they rest."""
    why = _uncharged(membership) or _left_out(membership)
    since = membership.period[0] - membership.lead_days * _DAY
    if why is not None:
        # What does not renew by itself may be chosen to.
        return Step(What.NOTHING, why=why, since=since if why is Why.DOES_NOT_RENEW else None)
    if first_run is None:
        return Step(What.NOTHING, why=Why.INVOICES_REST, since=since)
    return Step(
        What.INVOICE,
        on=max(since, first_run),
        since=since,
        amount=membership.amount,
        currency=membership.currency,
        period=membership.period,
    )


def _uncharged(membership: Charging) -> Why | None:
    """Who is no candidate at all."""
    if membership.ended_on is not None:
        return Why.ENDED
    if membership.status not in (MembershipStatus.APPLIED, MembershipStatus.ACTIVE):
        return Why.RESTING if membership.status is MembershipStatus.RESTING else Why.ENDED
    if membership.charged_through is not None and not membership.renews:
        return Why.DOES_NOT_RENEW
    return None


def _left_out(membership: Charging) -> Why | None:
    """What leaves a candidate out, in the order in which the run says it."""
    unpaid = membership.status is MembershipStatus.APPLIED and membership.charged_through is not None
    reasons = (
        (membership.deceased, Why.DECEASED),
        (not membership.creditor, Why.NO_CREDITOR),
        (unpaid, Why.FIRST_UNPAID),
        (membership.unpriced is None and membership.amount == 0, Why.NOTHING_TO_PAY),
        (not membership.agreement, Why.NO_AGREEMENT),
        (membership.unpriced is not None, membership.unpriced),
        (not membership.reachable, Why.NO_ADDRESS),
    )
    return next((why for holds, why in reasons if holds), None)


def first_of(steps: Iterable[Step]) -> Step | None:
    """Return the step that happens first; where none does, the first of the reasons; None where there is none."""
    found = list(steps)
    happening = [step for step in found if step.on is not None]
    if happening:
        return min(happening, key=lambda step: (step.on or dt.date.max, step.claim_id or 0, step.membership_id or 0))
    return found[0] if found else None
