"""Writes an invoice anew: the old one is credited, a new one asks for the same, in one piece."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from database.sql import statement
from database.turns import take_turn
from dues.actor import Actor
from dues.delivery.outbox import enqueue
from dues.groups.models import BankAgreement, Payee
from dues.groups.numbers import take_number
from dues.invoicing.due_days import refuse_due
from dues.invoicing.errors import NotCreditableError, UnknownInvoiceError
from dues.invoicing.freeze import freeze_payees
from dues.invoicing.freeze_looks import freeze_looks, who_lets
from dues.invoicing.instalments import Plan, laid
from dues.invoicing.models import Claim, Invoice, InvoiceLine
from dues.invoicing.new_claim import write_claims
from dues.invoicing.one_off_errors import NoPayerError, NoWayError
from dues.invoicing.send_again import KIND
from dues.invoicing.way import Way, arrives, find_way
from dues.journal.models import Account, AccountRole, Entry, Posting
from dues.journal.post import open_entry
from dues.members.models import Person
from dues.members.paying import who_pays
from dues.patience import patiently
from dues.payments.cancel_unsent import unsent
from dues.payments.credit_books import paid_of
from dues.payments.credit_invoice import Terms, credit_now, held_claims

_KEYS: Final = UUID("d1a7d8c4-60d4-4f0e-9d6c-1a2e8f0b5a77")
"""Under which the keys of forms become the public ids of invoices."""


@dataclass(frozen=True, slots=True)
class Anew:
    """Which invoice is written anew, by when to be paid, under which key of a form; with a ``plan`` in its parts.

    ``due_on`` is the day of the first of them.
    """

    invoice_id: int
    due_on: dt.date
    key: UUID
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """Who gets the new invoice, and how."""

    payer: Person
    way: Way


def written_anew(session: Session, *, key: UUID) -> Invoice | None:
    """Return the invoice that was written with a key, None while there is none."""
    return session.scalar(select(Invoice).where(Invoice.uuid == uuid5(_KEYS, str(key))))


def reissue(session: Session, *, anew: Anew, on: dt.date, by: Actor, seen: int | None = None) -> Invoice:
    """Credit what is left of an invoice, write a new one with the same lines, and return it.

    It goes to whoever pays now, as they are called and live now, and is to be paid to the account that holds now; its
    fee periods stay charged. An invoice that was never sent goes without a word. A key writes once, whatever is asked
    with it again. Raises UnknownInvoiceError, NotCreditableError where money came for it or it is credited, MovedError,
    DueTooEarlyError, DueTooLateError, NoPayerError, NoWayError, NumberTooLongError, PartsError, ShortReferencesError
    and BusyError.
    """
    return patiently(session, lambda: _reissued(session, anew, on=on, by=by, seen=seen))


def _reissued(session: Session, anew: Anew, *, on: dt.date, by: Actor, seen: int | None) -> Invoice:
    take_turn(session, f"reissue {anew.key}")
    before = written_anew(session, key=anew.key)
    if before is not None:
        return before
    old = session.get(Invoice, anew.invoice_id)
    if old is None:
        raise UnknownInvoiceError(anew.invoice_id)
    refuse_due(anew.due_on, on=on)
    payer = payer_now(session, invoice=old, on=on)
    way = _way(session, payer, creditor_id=old.creditor_id)
    if paid_of(held_claims(session, old.id)):
        raise NotCreditableError(old.id, "money has come for it")
    silent = unsent(session, invoice_id=old.id, hold=True)
    note_id = credit_now(session, old.id, None, Terms(on=on, by=by, seen=seen, withdraws=silent, frees=False))
    return _written(session, anew, old, Reached(payer, way), note_id, on=on, by=by)


def payer_now(session: Session, *, invoice: Invoice, on: dt.date) -> Person:
    """Return who would get an invoice now: whoever pays for its one member, or, of several, who got it before."""
    members = session.scalars(
        select(InvoiceLine.person_id).where(InvoiceLine.invoice_id == invoice.id).distinct()
    ).all()
    if len(members) != 1:
        return session.get_one(Person, invoice.payer_id)
    return who_pays(session, person_id=members[0], on=on) or session.get_one(Person, members[0])


def _way(session: Session, payer: Person, *, creditor_id: int) -> Way:
    if payer.deceased_on is not None:
        raise NoPayerError
    way = find_way(session, payer=payer, creditor_id=creditor_id)
    if not arrives(way, payer):
        raise NoWayError
    return way


def _written(
    session: Session, anew: Anew, old: Invoice, to: Reached, note_id: int, *, on: dt.date, by: Actor
) -> Invoice:
    payer = to.payer
    payee, agreement = _account(session, old, on)
    values = {
        "public_id": uuid5(_KEYS, str(anew.key)),
        "number": take_number(session, creditor_id=old.creditor_id, series="invoice"),
        "payee": payee.id,
        "on": on,
        "due_on": anew.due_on,
        "person": payer.id,
        "note": note_id,
    }
    invoice_id = session.scalars(statement("dues/payments/sql/reissue.sql"), values).one()
    invoice = session.get_one(Invoice, invoice_id)
    session.execute(
        statement("dues/payments/sql/reissue_lines.sql"), {"invoice": invoice_id, "note": note_id, "person": payer.id}
    )
    claims = write_claims(session, invoice=invoice, agreement=agreement, payer=payer, plan=anew.plan)
    _book(session, invoice, claims, note_id, on=on, by=by)
    enqueue(
        session,
        kind=KIND,
        subject_id=invoice_id,
        copy=0,
        person_id=payer.id,
        address=to.way.address,
        language=invoice.language,
        channel=to.way.channel,
    )
    return invoice


def _account(session: Session, old: Invoice, on: dt.date) -> tuple[Payee, BankAgreement]:
    """Return where to pay: on the account that holds now, or, in a currency that has none any more, on the old one."""
    payees = freeze_payees(session, creditors=[old.creditor_id], on=on)
    letting = who_lets(session, creditors=[old.creditor_id])
    looks = freeze_looks(session, creditors=letting, groups=[old.group_id], on=on) if letting else {}
    now = looks.get(old.group_id) or payees.get(old.creditor_id, old.payee_id)
    for payee_id in (now, old.payee_id):
        payee = session.get_one(Payee, payee_id)
        agreement = session.get_one(BankAgreement, payee.agreement_id)
        if agreement.currency == old.currency:
            break
    return payee, agreement


def _book(session: Session, invoice: Invoice, claims: Sequence[Claim], note_id: int, *, on: dt.date, by: Actor) -> None:
    entry = open_entry(
        session, creditor_id=invoice.creditor_id, event="issue", key=f"invoice:{invoice.id}", on=on, by=by
    )
    if len(claims) > 1:
        _book_parts(session, entry, claims, f"credit note:{note_id}", on=on)
        return
    claim = claims[0]
    values = {"entry": entry.id, "books_on": entry.on_date, "on": on, "claim": claim.id, "person": claim.debtor_id}
    session.execute(statement("dues/payments/sql/reissue_postings.sql"), {**values, "key": f"credit note:{note_id}"})


def _book_parts(session: Session, entry: Entry, claims: Sequence[Claim], note: str, *, on: dt.date) -> None:
    """Do the same for parts: the note's postings the other way, laid onto the claims."""
    taken = session.execute(
        select(Posting, Account.role)
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Account, Account.id == Posting.credit_account_id)
        .where(Entry.key == note)
        .order_by(Posting.id)
    ).all()
    amounts = [posting.amount if role is AccountRole.RECEIVABLE else -posting.amount for posting, role in taken]
    rows = []
    for place, part, amount in laid(amounts, [claim.amount for claim in claims]):
        posting = taken[place][0]
        rows.append(
            {
                "entry_id": entry.id,
                "debit_account_id": posting.credit_account_id,
                "credit_account_id": posting.debit_account_id,
                "amount": abs(amount),
                "currency": posting.currency,
                "on_date": entry.on_date,
                "value_date": on,
                "claim_id": claims[part].id,
                "person_id": claims[part].debtor_id,
                "component_id": posting.component_id,
                "service_from": posting.service_from,
                "service_to": posting.service_to,
                "coding_id": posting.coding_id,
            }
        )
    session.execute(insert(Posting), rows)
