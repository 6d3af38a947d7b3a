"""Slips of several creditors: one payment pays what each of them asks for, in each one's books.

The collecting creditor's straight path finds its own invoice by the slip's reference and an amount that is not its own.
What it leaves over is looked at here. What is the others' is set aside as owed to them, and is a payment in their own
books, on an account that says who collected it.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from database.sql import statement
from database.turns import take_turn
from dues.groups.models import SLIP, BankAgreement, Creditor, ReferenceKind
from dues.invoicing.slip_models import SlipPart
from dues.journal.chart import DUE_FROM, codes_of, open_account, open_settling
from dues.journal.models import AccountKind, AccountRole, Event
from dues.journal.post import open_entry
from dues.journal.rules import posting_rules
from dues.journal.side_accounts import open_differences
from dues.payments.by_hand import section_of
from dues.payments.surplus import NOTHING, SHORT, Settled
from dues.payments.transfer import credit_account
from dues.runs.models import Run

HANDED_ON: Final = "handed on"
"""What the journal of the collecting creditor calls it."""
COLLECTED: Final = "collected"
"""What the journal of whom it was collected for calls it."""

_LEFT_LITTLE: Final = (
    "SELECT EXISTS (SELECT FROM handed JOIN claim c ON c.id = handed.claim_id WHERE NOT handed.collects"
    " AND handed.creditor_id = :receiver AND c.ended IS NULL AND c.open_amount <= :tolerance)"
)


def settle_slips(session: Session, run: Run, values: Mapping[str, Any]) -> Settled:
    """Settle what payments of a booked slice pay on slips; ``values`` are those of `book.sql`."""
    creditor = session.get_one(Creditor, values["creditor"])
    collects = exists().where(SlipPart.creditor_id == creditor.id, SlipPart.collects)
    if values["currency"] != creditor.currency or not session.scalar(select(collects)):
        return NOTHING
    session.execute(text("DROP TABLE IF EXISTS pg_temp.handed"))
    found = {**values, "tolerance": creditor.tolerance}
    session.execute(statement("dues/payments/sql/hand_find.sql"), found)
    receivers = session.scalars(text("SELECT DISTINCT creditor_id FROM handed WHERE NOT collects ORDER BY 1")).all()
    if not receivers and not session.scalar(text("SELECT EXISTS (SELECT FROM handed)")):
        return NOTHING
    for receiver in receivers:
        _take_in(session, run, session.get_one(Creditor, receiver), collector=creditor, values=values)
    entry = _entry(session, run, values, creditor_id=creditor.id, event=HANDED_ON)
    told = {**values, "entry": entry.id, "books_on": entry.on_date, "owed": _owed(session, creditor)}
    done = session.execute(statement("dues/payments/sql/hand_use.sql"), told).one()
    return Settled(done.settled, -done.settled, done.wrote_from, done.wrote_to, done.invoices)


def _take_in(session: Session, run: Run, receiver: Creditor, *, collector: Creditor, values: Mapping[str, Any]) -> None:
    agreement = collected_agreement(session, creditor=receiver, collector=collector)
    section = section_of(session, agreement, on=values["on"], by=run.actor)
    entry = _entry(session, run, values, creditor_id=receiver.id, event=COLLECTED)
    told = {
        **values,
        "receiver": receiver.id,
        "agreement": agreement.id,
        "brought": section.file_id,
        "section": section.id,
        "entry": entry.id,
        "books_on": entry.on_date,
        "due_from": agreement.bank_account_id,
        "receivable": credit_account(
            session, creditor_id=receiver.id, event=Event.PAYMENT, currency=values["currency"]
        ),
        "tolerance": receiver.tolerance,
    }
    session.execute(statement("dues/payments/sql/hand_take.sql"), told)
    if session.scalar(text(_LEFT_LITTLE), told):
        short = _entry(session, run, values, creditor_id=receiver.id, event=SHORT)
        told["differences"] = open_differences(session, creditor=receiver, currency=values["currency"])
        told |= {"entry": short.id, "books_on": short.on_date}
        session.execute(statement("dues/payments/sql/hand_short.sql"), told)


def _entry(session: Session, run: Run, values: Mapping[str, Any], *, creditor_id: int, event: str) -> Any:
    key = f"run:{run.id}:{values['first']}:{event}:{creditor_id}"
    return open_entry(
        session, creditor_id=creditor_id, event=event, key=key, on=values["books_on"], by=run.actor, run_id=run.id
    )


def _owed(session: Session, creditor: Creditor) -> int | None:
    """Return the account of what a creditor owes other groups, which settlements book on, too."""
    open_settling(session, creditor=creditor)
    return posting_rules(session, event=Event.SETTLEMENT, creditors=[creditor.id]).require(creditor.id)[1]


def collected_agreement(session: Session, *, creditor: Creditor, collector: Creditor) -> BankAgreement:
    """Return the account of what another creditor collects for this one, opened with its ledger account where needed.

    Raises NoBooksError.
    """
    number = f"{SLIP}{creditor.id}-{collector.id}"
    take_turn(session, number)
    wanted = select(BankAgreement).where(BankAgreement.creditor_id == creditor.id, BankAgreement.number == number)
    found = session.scalar(wanted)
    if found is not None:
        return found
    account = open_account(
        session,
        creditor=creditor,
        role=AccountRole.DUE_FROM,
        code=codes_of(creditor).due_from,
        names={language: f"{name}: {collector.name}" for language, name in DUE_FROM.items()},
        kind=AccountKind.ASSET,
    )
    made = BankAgreement(
        creditor_id=creditor.id,
        scheme=SLIP,
        number=number,
        currency=creditor.currency,
        reference_kind=ReferenceKind.RF,
        bank_account_id=account.id,
        preferred=False,
    )
    session.add(made)
    session.flush()
    return made
