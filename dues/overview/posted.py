"""Postings with what they are about: the invoice of their claim, the payment, the person."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.invoicing.models import Claim, Invoice
from dues.journal.entry_list import PostingRow, PostingsWanted, postings
from dues.members.models import Person
from dues.paging import Page, Place


@dataclass(frozen=True, slots=True)
class Posted:
    """A posting, the invoice that its claim is of, and the person it is about; None where it is about none."""

    posting: PostingRow
    invoice: UUID | None
    number: str | None
    person: UUID | None
    name: str


def posted(session: Session, wanted: PostingsWanted, *, at: Place | None) -> Page[Posted]:
    """Return a page of postings with what they are about."""
    page = postings(session, wanted, at=at)
    invoices = _invoices(session, {one.claim_id for one in page.rows if one.claim_id is not None})
    persons = _persons(session, {one.person_id for one in page.rows if one.person_id is not None})
    return page.turned(lambda one: _posted(one, invoices.get(one.claim_id or 0), persons.get(one.person_id or 0)))


def _invoices(session: Session, claims: set[int]) -> Mapping[int, tuple[UUID, str]]:
    wanted = select(Claim.id, Invoice.uuid, Invoice.called).join(Invoice, Invoice.id == Claim.invoice_id)
    return {claim: (uuid, number) for claim, uuid, number in session.execute(wanted.where(Claim.id.in_(claims)))}


def _persons(session: Session, ids: set[int]) -> Mapping[int, tuple[UUID, str]]:
    wanted = select(Person.id, Person.uuid, Person.given_name, Person.family_name).where(Person.id.in_(ids))
    return {one: (uuid, f"{given} {family}".strip()) for one, uuid, given, family in session.execute(wanted)}


def _posted(one: PostingRow, invoice: tuple[UUID, str] | None, person: tuple[UUID, str] | None) -> Posted:
    uuid, number = invoice or (None, None)
    who, name = person or (None, "")
    return Posted(one, uuid, number, who, name)
