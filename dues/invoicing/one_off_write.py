"""Writes an invoice that somebody made line by line: document, lines, claim, reference, postings and message.

Each is a statement of its own: row security sees whose a row is by the invoice, and a statement does not see what it
writes itself.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from database.turns import take_turn
from dues.actor import Actor
from dues.delivery.outbox import enqueue
from dues.groups.numbers import take_number
from dues.invoicing.fee_lines import FeeLine, reserve
from dues.invoicing.freeze import freeze_texts
from dues.invoicing.instalments import laid
from dues.invoicing.models import Claim, Invoice, InvoiceLine
from dues.invoicing.new_claim import write_claims
from dues.invoicing.one_off import Ready, SoldLine, Wanted, prepare
from dues.invoicing.one_off_errors import SomethingElseError
from dues.invoicing.sample import called
from dues.invoicing.send_again import KIND
from dues.journal.models import Posting
from dues.journal.post import open_entry

_KEYS: Final = UUID("5b3a2f0e-5f0c-4b7e-9d55-0f6f3f0a6c11")
"""Under which the keys of forms become the public ids of invoices."""


def written_before(session: Session, *, key: UUID) -> Invoice | None:
    """Return the invoice that was written with a key, None while there is none."""
    return session.scalar(select(Invoice).where(Invoice.uuid == _public_id(key)))


def issue_one_off(
    session: Session, *, wanted: Wanted, key: UUID, on: dt.date, by: Actor, seen: str | None = None
) -> Invoice:
    """Write an invoice and queue the message that brings it; a key writes once, whatever is asked with it again.

    ``seen`` is the mark of what somebody saw when they decided. Raises a OneOffError, SomethingElseError where it
    would say something else by now, NumberTooLongError, PartsError and ShortReferencesError.
    """
    take_turn(session, f"one-off {key}")
    before = written_before(session, key=key)
    if before is not None:
        return before
    ready = prepare(session, wanted=wanted, on=on)
    if seen is not None and seen != ready.mark:
        raise SomethingElseError
    reserve(session, lines=[line for _place, line in ready.fees], on=on, by=by)
    invoice = _invoice(session, ready, key, on=on)
    _lines(session, ready, invoice)
    claims = write_claims(
        session, invoice=invoice, agreement=ready.agreement, payer=ready.payer, plan=ready.wanted.plan
    )
    _post(session, ready, invoice, claims, on=on, by=by)
    enqueue(
        session,
        kind=KIND,
        subject_id=invoice.id,
        copy=0,
        person_id=ready.payer.id,
        address=ready.way.address,
        language=invoice.language,
        channel=ready.way.channel,
    )
    return invoice


def _public_id(key: UUID) -> UUID:
    return uuid5(_KEYS, str(key))


def _invoice(session: Session, ready: Ready, key: UUID, *, on: dt.date) -> Invoice:
    payer = ready.payer
    invoice = Invoice(
        uuid=_public_id(key),
        creditor_id=ready.creditor.id,
        group_id=ready.group.id,
        number=take_number(session, creditor_id=ready.creditor.id, series="invoice"),
        payer_id=payer.id,
        payee_id=ready.payee_id,
        issued_on=on,
        due_on=ready.wanted.due_on,
        amount=ready.total,
        currency=ready.creditor.currency,
        language=payer.language,
        payer_name=called(payer),
        payer_street=payer.street,
        payer_postcode=payer.postcode,
        payer_city=payer.city,
        payer_country=payer.country,
    )
    session.add(invoice)
    session.flush()  # lines and claim need the id
    return invoice


def _lines(session: Session, ready: Ready, invoice: Invoice) -> None:
    texts = freeze_texts(session, texts={(place, 0): line.content for place, line in enumerate(ready.lines)})
    same = {"invoice_id": invoice.id, "person_id": ready.person.id, "member_name": ready.member_name}
    fees = [
        {
            **same,
            "position": place + 1,
            "membership_id": line.stretch.membership_id,
            "component_id": line.component_id,
            "beneficiary_id": line.beneficiary_id,
            "text_id": texts[place, 0],
            "period_from": line.stretch.first,
            "period_to": line.stretch.last,
            "amount": line.amount,
            "coding_id": line.coding_id,
        }
        for place, line in ready.fees
    ]
    sold = [
        {
            **same,
            "position": place + 1,
            "product_id": line.wanted.product_id,
            "beneficiary_id": ready.creditor.group_id,  # what is sold is the creditor's own, and settled with nobody
            "text_id": texts[place, 0],
            "quantity": line.wanted.quantity,
            "unit_price": line.wanted.unit_price,
            "vat_rate": line.vat_rate,
            "account_id": line.credit_account_id,
            "amount": line.amount,
            "coding_id": line.coding_id,
        }
        for place, line in ready.sold
    ]
    for rows in (fees, sold):
        if rows:
            session.execute(insert(InvoiceLine), rows)


def _post(session: Session, ready: Ready, invoice: Invoice, claims: Sequence[Claim], *, on: dt.date, by: Actor) -> None:
    """Book each line on the claims that ask for it; a free one books nothing."""
    entry = open_entry(
        session, creditor_id=invoice.creditor_id, event="issue", key=f"invoice:{invoice.id}", on=on, by=by
    )
    same = {
        "entry_id": entry.id,
        "currency": invoice.currency,
        "on_date": entry.on_date,
        "value_date": on,
        "person_id": claims[0].debtor_id,
    }
    met = sorted(laid([line.amount for line in ready.lines], [claim.amount for claim in claims]))
    sold, fees = [], []
    for at, part, amount in met:
        line, ours = ready.lines[at], {**same, "claim_id": claims[part].id}
        if isinstance(line, FeeLine):
            fees.append({**ours, **_earned(line, amount)})
        else:
            sold.append({**ours, **_transfer(line, amount)})
    for rows in (sold, fees):
        if rows:
            session.execute(insert(Posting), rows)


def _earned(line: FeeLine, amount: int) -> dict[str, object]:
    """What a fee earns, and for which days."""
    return {
        "debit_account_id": line.debit_account_id,
        "credit_account_id": line.credit_account_id,
        "amount": amount,
        "component_id": line.component_id,
        "service_from": line.stretch.first,
        "service_to": line.stretch.last,
        "coding_id": line.coding_id,
    }


def _transfer(line: SoldLine, amount: int) -> dict[str, int | None]:
    """From the revenue account to what is owed; what is taken off goes the other way."""
    debit, credit = line.debit_account_id, line.credit_account_id
    if amount < 0:
        debit, credit = credit, debit
    return {
        "debit_account_id": debit,
        "credit_account_id": credit,
        "amount": abs(amount),
        "coding_id": line.coding_id,
    }
