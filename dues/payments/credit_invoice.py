"""Credits an invoice, whole or in part: its own document, the postings reversed, what was paid turned into credit."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from database.sql import statement
from database.turns import take_turn
from dues.actor import Actor
from dues.delivery.models import Channel, Message, MessageState
from dues.groups.numbers import take_number
from dues.invoicing.cover import cover, release
from dues.invoicing.errors import NotCreditableError, UnknownInvoiceError
from dues.invoicing.models import Claim, ClaimEnd, Invoice, InvoiceKind
from dues.invoicing.send_again import on_paper
from dues.invoicing.slip_models import SlipPart
from dues.invoicing.way import find_way
from dues.journal.models import Entry
from dues.journal.post import open_entry
from dues.members.models import Person
from dues.patience import patiently
from dues.payments.credit_books import LineLeft, left_of_lines, lower, reverse_lines, reverse_whole, taken_of
from dues.payments.errors import MovedError, NothingCreditedError, TooMuchCreditedError

_KEYS: Final = UUID("8f0f8a0e-0d0e-4a53-9c3e-7f5d1c8a2b64")
"""Under which the keys of forms become the public ids of credit notes."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How an invoice is credited: on which day, by whom, and what somebody saw open when they decided.

    ``withdraws`` is for what was never sent: nobody is told. ``frees`` says whether its fee periods may be charged
    again; where another invoice takes its place they may not.
    """

    on: dt.date
    by: Actor
    seen: int | None = None
    public_id: UUID | None = None
    withdraws: bool = False
    frees: bool = True


def credit_invoice(session: Session, *, invoice_id: int, on: dt.date, by: Actor, seen: int | None = None) -> int:
    """Credit all that is left of an invoice and return the credit note's id.

    Its fee periods are released, so that they may be charged again; what had been paid becomes the debtor's credit;
    messages about it that still wait are withheld. ``seen`` is what somebody saw open when they decided. Raises
    UnknownInvoiceError, NotCreditableError, BusyError, and MovedError where something else is open by now.
    """
    return patiently(session, lambda: credit_now(session, invoice_id, None, Terms(on=on, by=by, seen=seen)))


def credit_part(
    session: Session,
    *,
    invoice_id: int,
    amounts: Mapping[int, int],
    key: UUID,
    on: dt.date,
    by: Actor,
    seen: int | None = None,
) -> int:
    """Credit some of an invoice's lines, by their positions, in minor units, and return the credit note's id.

    What takes something off is given back with an amount below zero. Fee periods are released where nothing is left of
    their lines. A key credits once, whatever is asked with it again. Raises what `credit_invoice` raises,
    NothingCreditedError, and TooMuchCreditedError where more is asked for than is left of a line.
    """

    def work() -> int:
        take_turn(session, f"credit {key}")
        before = credited_before(session, key=key)
        terms = Terms(on=on, by=by, seen=seen, public_id=uuid5(_KEYS, str(key)))
        return before or credit_now(session, invoice_id, amounts, terms)

    return patiently(session, work)


def credited_before(session: Session, *, key: UUID) -> int | None:
    """Return the credit note that was written with a key, None while there is none."""
    return session.scalar(select(Invoice.id).where(Invoice.uuid == uuid5(_KEYS, str(key))))


def credit_now(session: Session, invoice_id: int, amounts: Mapping[int, int] | None, terms: Terms) -> int:
    """Do the same within a larger piece of work, which is patient as a whole; no amounts are all that is left."""
    invoice = session.get(Invoice, invoice_id)
    if invoice is None:
        raise UnknownInvoiceError(invoice_id)
    claims = held_claims(session, invoice_id)
    _refuse(invoice, claims)
    still_open = sum(claim.open_amount for claim in claims)
    if terms.seen is not None and terms.seen != still_open:
        raise MovedError(invoice_id, terms.seen, still_open)
    left = left_of_lines(session, invoice_id=invoice_id)
    lines = _all(left) if amounts is None else chosen(left, amounts)
    note_id = _note(session, invoice, lines, terms)
    entry = open_entry(
        session,
        creditor_id=invoice.creditor_id,
        event="credit note",
        key=f"credit note:{note_id}",
        on=terms.on,
        by=terms.by,
    )
    _book(session, claims, lines, entry, on=terms.on)
    if terms.frees:
        release(session, invoice_id=invoice_id, note_id=note_id)
    whole = all(claim.ended is ClaimEnd.CREDITED for claim in claims)
    if whole:
        _withhold(session, invoice_id)
    elif all(claim.open_amount == 0 for claim in claims) and still_open:
        cover(session, invoices=[invoice_id], on=terms.on, by=terms.by)
    if not terms.withdraws:
        _deliver(session, invoice, note_id)
    return note_id


def held_claims(session: Session, invoice_id: int) -> list[Claim]:
    """Lock the invoice's claims and read them as they are now."""
    wanted = select(Claim).where(Claim.invoice_id == invoice_id).order_by(Claim.id)
    locked = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(session.scalars(locked))


def _refuse(invoice: Invoice, claims: list[Claim]) -> None:
    if invoice.kind is InvoiceKind.CREDIT_NOTE:
        raise NotCreditableError(invoice.id, "it is a credit note itself")
    if all(claim.ended is ClaimEnd.CREDITED for claim in claims):
        raise NotCreditableError(invoice.id, "it is credited already")
    for claim in claims:
        if claim.ended not in (None, ClaimEnd.PAID, ClaimEnd.CREDITED):
            raise NotCreditableError(invoice.id, f"its claim is {claim.ended}")


def _all(left: list[LineLeft]) -> dict[LineLeft, int]:
    return {line: line.still for line in left if line.still or not (line.amount or line.touched)}


def chosen(left: list[LineLeft], amounts: Mapping[int, int]) -> dict[LineLeft, int]:
    """Return what is given back of which line, lines of nothing along with the last of their fee.

    Raises NothingCreditedError, and TooMuchCreditedError with the position of the line that has less left, None where
    the lines together have.
    """
    lines = {line: amounts[line.position] for line in left if amounts.get(line.position)}
    for line, amount in lines.items():
        if not min(0, line.still) <= amount <= max(0, line.still):
            raise TooMuchCreditedError(line.position, line.still)
    total, there = sum(lines.values()), sum(line.still for line in left)
    if total <= 0:
        raise NothingCreditedError
    if total > there:
        raise TooMuchCreditedError(None, there)
    stays = {(one.membership_id, one.period_from) for one in left if one.still != lines.get(one, 0)}
    return {
        one: lines.get(one, 0)
        for one in left
        if one in lines
        or (
            not one.amount
            and not one.touched
            and one.membership_id
            and (one.membership_id, one.period_from) not in stays
        )
    }


def _note(session: Session, invoice: Invoice, lines: Mapping[LineLeft, int], terms: Terms) -> int:
    values = {
        "invoice": invoice.id,
        "number": take_number(session, creditor_id=invoice.creditor_id, series="invoice"),
        "on": terms.on,
        "amount": sum(lines.values()),
        "public_id": terms.public_id,
        "withdraws": terms.withdraws,
    }
    note_id: int = session.scalars(statement("dues/payments/sql/credit_note.sql"), values).one()
    given = {"positions": [line.position for line in lines], "amounts": list(lines.values())}
    session.execute(
        statement("dues/payments/sql/credit_note_lines.sql"), {"note": note_id, "invoice": invoice.id, **given}
    )
    return note_id


def _book(session: Session, claims: list[Claim], lines: Mapping[LineLeft, int], entry: Entry, *, on: dt.date) -> None:
    total = sum(lines.values())
    taken = taken_of(claims, total)
    if total == sum(claim.amount for claim in claims) and all(line.amount == amount for line, amount in lines.items()):
        reverse_whole(session, invoice_id=claims[0].invoice_id, entry=entry, on=on)
    else:
        reverse_lines(session, taken=taken, lines=lines, entry=entry, on=on)
    lower(session, taken=taken, entry=entry, on=on)


def _withhold(session: Session, invoice_id: int) -> None:
    """Keep the invoice back where it has not been sent; reminders of it see when they are made that it has ended.

    A slip goes out for the others on it; if none is left, that is seen when it is made.
    """
    if session.scalar(select(SlipPart.collects).where(SlipPart.invoice_id == invoice_id)):
        return
    session.execute(
        update(Message)
        .where(Message.kind == "invoice", Message.subject_id == invoice_id, Message.state == MessageState.QUEUED)
        .values(state=MessageState.WITHHELD)
    )


def _deliver(session: Session, invoice: Invoice, note_id: int) -> None:
    """Send the note to whoever pays, unless they have died or there is nowhere to send it."""
    payer = session.get_one(Person, invoice.payer_id)
    if payer.deceased_on is not None:
        return
    way = find_way(session, payer=payer, creditor_id=invoice.creditor_id)
    if way.channel is not Channel.PRINT or on_paper(invoice):
        session.add(
            Message(
                kind="invoice",
                subject_id=note_id,
                person_id=payer.id,
                channel=way.channel,
                address=way.address,
                language=invoice.language,
            )
        )
