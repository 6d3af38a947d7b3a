"""Finds anything by what somebody has at hand: a name, a number, a reference, an address; with the kind of hit."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.sql import statement
from dues.groups.find import Found as FoundGroup
from dues.groups.find import find_groups
from dues.groups.models import Creditor, Group
from dues.invoicing.models import Claim, Invoice
from dues.members.keys import phone_keys
from dues.members.models import Membership, MembershipType, Person
from dues.overview.asked import Asked
from dues.overview.found import Belonging, Findings, FoundInvoice, FoundPerson, How

SHOWN: Final = 20
"""How many of a kind are shown; one more is looked for, to tell whether there are more."""

_SCAN: Final = 20_000
"""Names of one beginning that are gone through for the other words: some milliseconds within an index."""
_FEW: Final = 2_000
"""The same for words within names, of which each is looked up by itself."""

Hits = dict[int, tuple[How, bool]]
"""Ids in their order: by what each was found, and whether exactly."""


def find(session: Session, *, asked: Asked) -> Findings:
    """Return what was asked for, in at most six statements that read only stored keys."""
    persons, invoices = _by_keys(session, asked)
    groups: list[FoundGroup] = []
    if asked.named:
        persons.update({id_: hit for id_, hit in _by_name(session, asked).items() if id_ not in persons})
        groups = find_groups(session, wanted=asked.phrase, limit=SHOWN + 1)
    more = {"persons": persons, "invoices": invoices, "groups": groups}
    return Findings(
        persons=_persons(session, _first(persons)),
        invoices=_invoices(session, _first(invoices)),
        groups=tuple(groups[:SHOWN]),
        more=frozenset(name for name, found in more.items() if len(found) > SHOWN),
    )


def _first(hits: Hits) -> Hits:
    return dict(list(hits.items())[:SHOWN])


def _by_keys(session: Session, asked: Asked) -> tuple[Hits, Hits]:
    """Return persons and invoices by number, reference, address, telephone number or UUID."""
    values = {
        "number": asked.number,
        "reference": asked.reference,
        "email": asked.email,
        "phones": _phones(session, asked),
        "identity": asked.identity,
        "rows": SHOWN + 1,
    }
    hits: dict[str, Hits] = {"person": {}, "invoice": {}}
    for kind, id_, how, exact in session.execute(statement("dues/overview/sql/find_keys.sql"), values):
        hits[kind].setdefault(id_, (How(how), exact))
    return hits["person"], hits["invoice"]


def _phones(session: Session, asked: Asked) -> list[str]:
    if asked.phone is None:
        return []
    return phone_keys(asked.phone, session.scalars(select(Creditor.country).distinct()))


def _by_name(session: Session, asked: Asked) -> Hits:
    values = {
        "phrase": asked.phrase,
        "words": list(asked.words),
        "rows": SHOWN + 1,
        "scan": _SCAN,
        "few": _FEW,
    }
    ids = session.scalars(statement("dues/overview/sql/find_names.sql"), values)
    return dict.fromkeys(ids, (How.NAME, False))


def _persons(session: Session, hits: Hits) -> tuple[FoundPerson, ...]:
    if not hits:
        return ()
    people = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(hits)))}
    memberships = _memberships(session, hits)
    return tuple(_person(people[id_], hit, memberships.get(id_, ())) for id_, hit in hits.items() if id_ in people)


def _person(person: Person, hit: tuple[How, bool], memberships: tuple[Belonging, ...]) -> FoundPerson:
    how, exact = hit
    return FoundPerson(
        id=person.id,
        public_id=person.uuid,
        name=f"{person.given_name} {person.family_name}".strip(),
        birth_date=person.birth_date,
        city=person.city,
        email=person.email,
        phone=person.phone,
        deceased=person.deceased_on is not None,
        how=how,
        exact=exact,
        memberships=memberships,
    )


def _memberships(session: Session, persons: Iterable[int]) -> dict[int, tuple[Belonging, ...]]:
    """Return the memberships of persons, those that last first."""
    wanted = (
        select(Membership.person_id, MembershipType.names, Group.name, Membership.status)
        .join(MembershipType, MembershipType.id == Membership.type_id)
        .join(Group, Group.id == Membership.group_id)
        .where(Membership.person_id.in_(persons))
        .order_by(Membership.person_id, Membership.ended_on.is_not(None), Membership.id)
    )
    found: dict[int, tuple[Belonging, ...]] = {}
    for person, names, group, status in session.execute(wanted):
        found[person] = (*found.get(person, ()), Belonging(names, group, status))
    return found


def _invoices(session: Session, hits: Hits) -> tuple[FoundInvoice, ...]:
    if not hits:
        return ()
    wanted = (
        select(Invoice, Creditor.name, Claim.open_amount, Claim.credited_amount, Claim.ended)
        .join(Creditor, Creditor.id == Invoice.creditor_id)
        .outerjoin(Claim, (Claim.invoice_id == Invoice.id) & (Claim.position == 1))
        .where(Invoice.id.in_(hits))
    )
    rows = {row[0].id: row for row in session.execute(wanted)}
    return tuple(_invoice(rows[id_], hit) for id_, hit in hits.items() if id_ in rows)


def _invoice(row: Any, hit: tuple[How, bool]) -> FoundInvoice:
    invoice, creditor, open_amount, credited, ended = row
    how, exact = hit
    return FoundInvoice(
        public_id=invoice.uuid,
        number=invoice.called,
        kind=invoice.kind,
        creditor=creditor,
        payer_name=invoice.payer_name,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        amount=invoice.amount,
        currency=invoice.currency,
        open_amount=open_amount,
        credited_amount=credited or 0,
        ended=ended,
        how=how,
        exact=exact,
    )
