"""Finds somebody a payment may be for: by name, e-mail address, invoice number or reference, as one writes it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select, union_all
from sqlalchemy.orm import Session

from dues.folding import folded
from dues.invoicing.elsewhere_models import Elsewhere
from dues.invoicing.models import Claim, Invoice, InvoiceKind, PaymentReference
from dues.invoicing.quoted import key_of
from dues.members.belonging import known_within
from dues.members.called import plainly_called
from dues.members.models import Person
from dues.payments.case import full_name
from dues.payments.free_text import numbers_in, references_in, words_in
from dues.payments.names import name_keys, plain_keys

MOST: Final = 20
"""Persons that a search shows."""

_ACCENTED: Final = 200  # persons whose names are looked through for who writes them without accents
_CLAIMS: Final = 200
_LAST: Final = chr(0x10FFFF)
_SHORTEST: Final = 2


@dataclass(frozen=True, slots=True)
class Owing:
    """An open claim of somebody who was found; minor units of the payment's currency."""

    claim_id: int
    number: str
    open_amount: int
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody who was found, and what they owe the payment's creditor in its currency, oldest first."""

    person: uuid.UUID
    name: str
    city: str
    born: dt.date | None
    email: str
    owes: tuple[Owing, ...]


def seek(session: Session, *, words: str, creditor_id: int, currency: str, path: str = "") -> list[Hit]:
    """Return who fits what was written, at most MOST, each with their open claims; in five statements at most.

    With a ``path`` only who is known at or below that group is found.
    """
    if len(folded(words)) < _SHORTEST:
        return []
    persons = _by_claim(session, words, creditor_id, path) or _by_person(session, words, path)
    owing = _owing(session, [person.id for person, _ in persons], creditor_id, currency)
    return [
        Hit(person.uuid, name, person.city, person.birth_date, person.email, tuple(owing.get(person.id, ())))
        for person, name in persons
    ]


def _by_claim(session: Session, words: str, creditor_id: int, path: str) -> list[tuple[Person, str]]:
    """Whose claim a number means: a reference, or an invoice's number."""
    references, numbers, printed = references_in(words), numbers_in(words), words_in(words)
    if not printed:
        return []
    by_reference = select(PaymentReference.claim_id).where(
        PaymentReference.creditor_id == creditor_id, PaymentReference.value.in_([*references, *printed, key_of(words)])
    )
    by_number = (
        select(Claim.id)
        .join(Invoice, Invoice.id == Claim.invoice_id)
        .where(Invoice.creditor_id == creditor_id, Invoice.number.in_(numbers), Invoice.kind == InvoiceKind.INVOICE)
    )
    theirs = (
        select(Claim.id)
        .join(Elsewhere, Elsewhere.invoice_id == Claim.invoice_id)
        .where(Elsewhere.creditor_id == creditor_id, Elsewhere.number_key.in_([*printed, key_of(words)]))
    )
    claims = session.scalars(union_all(by_reference, by_number, theirs)).all()
    debtors = select(Claim.debtor_id).where(Claim.id.in_(claims))
    return _persons(session, Person.id.in_(list(session.scalars(debtors))), path)


def _by_person(session: Session, words: str, path: str) -> list[tuple[Person, str]]:
    """Whose name begins as was written, in either order, with accents or without, or whose e-mail address does."""
    if "@" in words:
        key = folded(words)
        mail = and_(Person.email_key >= key, Person.email_key < key + _LAST, Person.email_key != "")
        return _persons(session, mail, path)
    plain = plain_keys(words)
    accented = plainly_called(session, keys=(), beginnings=plain, most=_ACCENTED)
    begins = [_begins(key) for key in dict.fromkeys((*name_keys(words), *plain))]
    given, _, family = folded(words).rpartition(" ")
    if given and len(family) >= _SHORTEST:  # "anders joh": the family name is still being written
        begins.append(and_(_begins(family), func.strpos(Person.name_key, f" {given}") > 0))
    return _persons(session, or_(*begins, Person.id.in_(accented)), path) if begins else []


def _begins(key: str) -> ColumnElement[bool]:
    """A range instead of a prefix: an index serves it also where the key is a parameter."""
    return and_(Person.name_key >= key, Person.name_key < key + _LAST)


def _persons(session: Session, condition: ColumnElement[bool], path: str) -> list[tuple[Person, str]]:
    wanted = select(Person, full_name()).where(condition).order_by(Person.name_key, Person.id).limit(MOST)
    if path:
        wanted = wanted.where(known_within(Person.id, path))
    return [(person, name) for person, name in session.execute(wanted)]


def _owing(session: Session, persons: Sequence[int], creditor_id: int, currency: str) -> dict[int, list[Owing]]:
    wanted = (
        select(Claim.debtor_id, Claim.id, Invoice.called, Claim.open_amount, Claim.due_on)
        .join(Invoice, Invoice.id == Claim.invoice_id)
        .where(
            Claim.debtor_id.in_(persons),
            Claim.creditor_id == creditor_id,
            Claim.currency == currency,
            Claim.ended.is_(None),
        )
        .order_by(Claim.due_on, Claim.id)
        .limit(_CLAIMS)
    )
    found: dict[int, list[Owing]] = {}
    for debtor_id, claim_id, number, open_amount, due_on in session.execute(wanted):
        found.setdefault(debtor_id, []).append(Owing(claim_id, number, open_amount, due_on))
    return found
