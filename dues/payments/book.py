"""Books accepted payments, slice by slice: what matches settles, what does not becomes a case with a reason.

Receipts are queued when all of a file is booked: the books must not wait for mails.
"""

from typing import Any

from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import AUTOMATIC
from dues.groups.models import Creditor
from dues.invoicing.cover import cover
from dues.journal.errors import NoPostingRuleError
from dues.journal.models import Event
from dues.journal.post import open_entry
from dues.journal.rules import posting_rules
from dues.payments.exchange_told import exchange_told
from dues.payments.hand_on import settle_slips
from dues.payments.models import Payment
from dues.payments.payer_rules import apply_rules
from dues.payments.refunds.confirm import confirm_refunds
from dues.payments.returned import book_returns
from dues.payments.surplus import settle_surplus
from dues.runs.drive import Sliced, Tally
from dues.runs.models import Run, RunSlice, RunState, SliceState
from dues.runs.start import finish

KIND = "bank import"

READ = "read"
"""The phase before the first of a file that was only received: it is read, and accepted or refused (`bank_run`)."""

RETURNS = "returns"
"""The phase in which money that was returned, now or earlier, finds the payment that it takes back."""

TELL = "tell"
"""The phase after the last: everything is booked, and receipts are queued."""

SLICE = 8000
"""Payments a transaction: about 300 ms, so that nobody waits long for a claim it holds."""


def step(session: Session, run: Run) -> bool:
    """Take a bank import from one phase to the next; False when it is done."""
    if run.phase == "start":
        session.execute(statement("dues/journal/sql/reserve.sql"), {"run": run.id})
        run.phase, run.state = "book", RunState.WORKING
        run.result = {"matched": 0, "unmatched": 0}
        return True
    if run.phase == "book":
        run.phase = RETURNS
        return True
    if run.phase == RETURNS:
        if not book_returns(session, run):
            run.phase = TELL
        return True
    finish(session, run)
    return False


def _book(session: Session, run: Run, part: RunSlice) -> Tally:
    first = session.get_one(Payment, part.first)
    entry = open_entry(
        session,
        creditor_id=part.creditor_id,
        event="payment",
        key=f"run:{run.id}:{part.first}",
        on=first.booked_on,
        by=run.actor,
        number=part.entry_number,
        run_id=run.id,
    )
    receivable, unidentified = accounts_of(session, part.creditor_id, first.currency)
    values = {
        "file": run.params["file"],
        "first": part.first,
        "last": part.last,
        "creditor": part.creditor_id,
        "currency": first.currency,
        "entry": entry.id,
        "books_on": entry.on_date,
        "on": run.business_day,
        "actor": run.actor,
        "receivable": receivable,
        "unidentified": unidentified,
    }
    done: list[Any] = [session.execute(statement("dues/payments/sql/book.sql"), values).one()]
    if done[0].wholes:
        session.execute(statement("dues/payments/sql/hold_whole.sql"), values)
        done.append(session.execute(statement("dues/payments/sql/book_whole.sql"), values).one())
    if any(one.unmatched for one in done):
        done += [settle_slips(session, run, values), settle_surplus(session, run, values)]
        done.append(confirm_refunds(session, run, values))
    parted = sorted({invoice for one in done for invoice in one.parted or ()})
    if parted:
        cover(session, invoices=parted, on=run.business_day, by=run.actor)
    written = [one for one in done if one.wrote_from is not None]
    part.state = SliceState.WRITTEN
    part.wrote_from = min((one.wrote_from for one in written), default=None)
    part.wrote_to = max((one.wrote_to for one in written), default=None)
    matched, unmatched = sum(one.matched for one in done), sum(one.unmatched for one in done)
    return Tally(matched + unmatched, {"matched": matched, "unmatched": unmatched})


def _tell(session: Session, run: Run, part: RunSlice) -> Tally:
    """Let payers' rules decide what waits of a slice, exchange what its bank told of, and queue its receipts.

    Nothing of this counts among the items.
    """
    apply_rules(
        session, creditor_id=part.creditor_id, first=part.first, last=part.last, on=run.business_day, by=run.actor
    )
    exchange_told(
        session, creditor_id=part.creditor_id, first=part.first, last=part.last, on=run.business_day, by=AUTOMATIC
    )
    if part.wrote_from is not None:
        values = {name: getattr(part, name) for name in ("wrote_from", "wrote_to", "first", "last")}
        session.execute(statement("dues/payments/sql/receipts.sql"), values)
    part.state = SliceState.TOLD
    return Tally(0)


def accounts_of(session: Session, creditor_id: int, currency: str) -> tuple[int | None, int]:
    """Return the receivable (None for a currency without claims) and the account for what is not identified."""
    own = session.get_one(Creditor, creditor_id).currency
    named = None if currency == own else currency
    settles = posting_rules(session, event=Event.PAYMENT, creditors=[creditor_id], currency=named)
    paid = settles.require(creditor_id) if named is None else settles.find(creditor_id)
    unknown = posting_rules(session, event=Event.UNIDENTIFIED, creditors=[creditor_id], currency=named)
    unidentified = unknown.require(creditor_id)[1]
    if unidentified is None:
        raise NoPostingRuleError(creditor_id, Event.UNIDENTIFIED)
    return (paid[1] if paid else None), unidentified


BOOKING = Sliced(SliceState.CLAIMED, _book)
TELLING = Sliced(SliceState.WRITTEN, _tell)
