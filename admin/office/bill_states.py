"""The five states of an invoice, each with its line of fact, and the sums under its lines."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from admin.office.actors import Actors
from admin.office.amounts import moment_words, money_words
from dues.collection.models import HoldReason
from dues.delivery.models import Channel, Message
from dues.invoicing.models import Claim, ClaimEnd
from dues.invoicing.slips import collected
from dues.invoicing.standing import Dunning, Owed, Settlement, hold, settlement
from dues.overview.invoice_file import Head, delivery_of, newest_hold, newest_message
from dues.overview.money_file import Use
from web import states
from web.house import house, session
from web.speech import gettext, pgettext, reader
from web.states import State


@dataclass(frozen=True, slots=True)
class Facts:
    """What became of an invoice's amount, in minor units; ``credited`` is what a credit note took back.

    ``kept`` is what had been paid on it before that, and is credit of the debtor since.
    """

    received: int
    credited: int
    kept: int
    open: int


def facts(head: Head, claims: Sequence[Claim], uses: Sequence[Use]) -> Facts:
    """Sum up an invoice's claims; a credit note has none."""
    credited = sum(claim.credited_amount for claim in claims)
    left = sum(claim.open_amount for claim in claims)
    received = sum(use.amount for use in uses if use.holds) if head.invoice.printed is None else _paid(claims)
    kept = max(received + credited + left - head.invoice.amount, 0) if credited else 0
    return Facts(received=received - kept, credited=credited, kept=kept, open=left)


def _paid(claims: Sequence[Claim]) -> int:
    """What was paid of what another system issued, there or here: all that is neither open nor credited."""
    return sum(claim.amount - claim.credited_amount - claim.open_amount for claim in claims)


def strip(head: Head, claims: Sequence[Claim], *, on: dt.date) -> list[State]:
    """Return the states in their order; a credit note has two."""
    first = [_document(head), *([_settled(head, claims, on=on)] if claims else [])]
    sent = _sent(head)
    return [*first, sent, *([_reminders(claims), _hold(claims, on=on)] if claims else [])]


def _document(head: Head) -> State:
    invoice = head.invoice
    if head.is_credit_note:
        fact = gettext("%(day)s, number %(number)s", day=reader().date(invoice.issued_on), number=invoice.called)
        return State("document", pgettext("invoice", "Credit note"), "quiet", "page").told(fact)
    if head.note is not None:
        day, number = reader().date(head.note.issued_on), head.note.called
        return states.document(head.document).told(gettext("%(day)s, credit note %(number)s", day=day, number=number))
    return states.document(head.document).told(reader().date(invoice.issued_on))


def _settled(head: Head, claims: Sequence[Claim], *, on: dt.date) -> State:
    found = settled(claims, on=on)
    whole, currency = head.invoice.amount, head.invoice.currency
    still_open = sum(claim.open_amount for claim in claims)
    if found is Settlement.CREDITED:
        return states.settlement(found).told(money_words(whole, currency))
    whole -= sum(claim.credited_amount for claim in claims)
    if still_open == 0:
        last = max((claim.ended_on for claim in claims if claim.ended_on), default=None)
        fact = gettext("%(amount)s, %(day)s", amount=money_words(whole, currency), day=reader().date(last or on))
        return states.settlement(found).told(fact)
    if still_open == whole:
        return states.settlement(found).told(_due(claims, whole, currency))
    part = gettext(
        "%(received)s of %(whole)s",
        received=reader().amount(whole - still_open, currency),
        whole=money_words(whole, currency),
    )
    return states.settlement(found).told(part)


def _due(claims: Sequence[Claim], amount: int, currency: str) -> str:
    day = min(claim.due_on for claim in claims if claim.ended is None)
    return gettext("%(amount)s, due %(day)s", amount=money_words(amount, currency), day=reader().date(day))


def settled(claims: Sequence[Claim], *, on: dt.date) -> Settlement:
    """Return how an invoice is settled: as its claims together are, by the first day that is still open."""
    unsettled = [claim for claim in claims if claim.ended is None]
    paid = [claim for claim in claims if claim.ended is ClaimEnd.PAID]  # of parts the last may be credited
    one = min(unsettled, key=lambda claim: claim.due_on) if unsettled else [*claims, *paid][-1]
    return settlement(
        Owed(
            amount=sum(claim.amount - claim.credited_amount for claim in claims),
            open_amount=sum(claim.open_amount for claim in claims),
            due_on=one.due_on,
            ended=one.ended,
        ),
        on=on,
    )


def _sent(head: Head) -> State:
    if head.invoice.printed is not None:
        return State("delivery", "", "quiet", "envelope").told(gettext("Sent by the system that issued it"))
    message = newest_message(session(), invoice_id=head.invoice.id)
    if message is None and collected(session(), invoice_id=head.invoice.id):
        # Whether that slip has left is not for staff of this creditor to see.
        return State("delivery", "", "quiet", "envelope").told(gettext("On another creditor's slip"))
    return _delivery(message)


def _delivery(message: Message | None) -> State:
    if message is None:
        return State("delivery", "", "quiet", "envelope").told(gettext("Nothing was sent"))
    how = {
        Channel.EMAIL: pgettext("channel", "e-mail"),
        Channel.SMS: pgettext("channel", "text message"),
        Channel.PRINT: pgettext("channel", "letter"),
    }[message.channel]
    at = message.sent_at or message.recorded_at
    when = moment_words(at.astimezone(house().settings.time_zone).date(), at)
    return states.delivery(delivery_of(message.state)).told(gettext("%(how)s, %(when)s", how=how, when=when))


def _reminders(claims: Sequence[Claim]) -> State:
    level = max(claim.dunning_level for claim in claims)
    state = states.dunning(Dunning.REMINDED if level else Dunning.NONE, level=level)
    if state is None:
        return State("reminders", "", "quiet", "bell").told(gettext("None"))
    day = max(claim.dunned_on for claim in claims if claim.dunned_on)
    return state.told(reader().date(day))


def _hold(claims: Sequence[Claim], *, on: dt.date) -> State:
    held = [claim for claim in claims if claim.ended is None and claim.held_until and claim.held_until >= on]
    if not held:
        return State("hold", "", "quiet", "bars").told(gettext("None"))
    until = max(claim.held_until for claim in held if claim.held_until)
    state = states.hold(hold(reason=held[0].hold_reason or HoldReason.PAUSED, until=until, on=on))
    step = newest_hold(session(), claims=[claim.id for claim in held])
    fact = gettext("through %(day)s", day=reader().date(until))
    who = "" if step is None else f", {Actors.of(session(), [step.actor]).words(step.actor)}"
    return (state or State("hold", "", "hold", "bars")).told(f"{fact}{who}")
