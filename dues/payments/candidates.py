"""Whose a payment may be: open claims and persons, each with the evidence that speaks for it, best founded first.

Every step is one statement that reads by an index, so that a million open claims make it no slower.
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from database.sql import statement
from dues.folding import plainly
from dues.invoicing.elsewhere_models import Elsewhere
from dues.invoicing.models import Claim, ClaimEnd, Invoice, InvoiceKind, PaymentReference
from dues.members.belonging import known_within
from dues.members.called import plainly_called
from dues.members.models import Person
from dues.payments.case import Case, full_name
from dues.payments.evidence import Evidence, Fact, rank, sorted_evidence, worth_showing
from dues.payments.free_text import numbers_in, references_in, words_in
from dues.payments.match_models import MatchSuggestion, Rule
from dues.payments.models import Allocation, Payment
from dues.payments.names import beginnings, name_keys, plain_keys
from dues.payments.ruled import persons_ruled
from dues.payments.slips import Slip, neighbours

MOST: Final = 9
"""Candidates that are shown: one for each key from 1 to 9."""

_SUGGESTED: Final = {Rule.MEMBER: Fact.MEMBER, Rule.ZEROS: Fact.ZEROS, Rule.COLLECTION: Fact.COLLECTION}
_NAMESAKES: Final = 40
_EARLIER: Final = 200  # payments of one account that are looked at, the latest first
_LAST: Final = chr(0x10FFFF)
_DIGITS: Final = 19  # of the largest big integer
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open claim that a payment may be for, or (without one) a person who may keep it as credit.

    Amounts are in minor units of ``currency``, the payment's; ``open_amount`` is 0 without a claim.
    """

    person_id: int
    person: uuid.UUID
    name: str
    city: str
    born: dt.date | None
    currency: str
    claim_id: int | None = None
    invoice_id: int | None = None
    invoice: uuid.UUID | None = None
    number: str | None = None
    amount: int = 0
    open_amount: int = 0
    due_on: dt.date | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def key(self) -> str:
        """What forms and addresses call it."""
        return f"claim-{self.claim_id}" if self.claim_id is not None else f"credit-{self.person}"


@dataclass(slots=True)
class Trails:
    """What was found so far: evidence by claim, and by person."""

    claims: dict[int, list[Evidence]] = field(default_factory=dict)
    persons: dict[int, list[Evidence]] = field(default_factory=dict)

    def claim(self, claim_id: int, *found: Evidence) -> None:
        """Note evidence for a claim."""
        self.claims.setdefault(claim_id, []).extend(found)

    def person(self, person_id: int, *found: Evidence) -> None:
        """Note evidence for a person."""
        self.persons.setdefault(person_id, []).extend(found)


def candidates(session: Session, found: Case, *, chosen: str = "", most: int = MOST) -> list[Candidate]:
    """Return whose a payment may be, best founded first; ``chosen`` is the key of somebody an officer looked up."""
    trails = Trails()
    _follow_references(session, found, trails)
    _follow_numbers(session, found, trails)
    _follow_suggestions(session, found, trails)
    _follow_rules(session, found, trails)
    _follow_account(session, found, trails)
    _follow_names(session, found, trails)
    _follow_choices(session, [chosen], trails)
    _follow_settled(session, found, trails)
    shown = [*_open_claims(session, found, trails), *_keepers(session, found, trails)]
    shown.sort(key=lambda one: (rank(one.evidence), one.claim_id is None, one.due_on or dt.date.max, one.claim_id or 0))
    return shown[:most]


def named_candidates(session: Session, found: Case, *, keys: Sequence[str]) -> list[Candidate]:
    """Return the open claims and the persons that keys name, in their order; what is not there any more is missing."""
    trails = Trails()
    _follow_choices(session, keys, trails)
    persons, trails.persons = trails.persons, {}
    known = {one.key: one for one in _open_claims(session, found, trails)}
    trails.persons = persons
    known.update({one.key: one for one in _keepers(session, found, trails)})
    return [known[key] for key in dict.fromkeys(keys) if key in known]


@dataclass(frozen=True, slots=True)
class Given:
    """A payment's reference and what is left of it, for `likely_slips`; minor units."""

    payment_id: int
    creditor_id: int
    amount: int
    reference: str


def likely_slips(session: Session, given: Iterable[Given]) -> dict[int, Slip]:
    """Return, by payment, the slip by which a reference missed a claim that has exactly the payment's amount open."""
    near = [(one, meant) for one in given for meant in neighbours(one.reference).values()]
    if not near:
        return {}
    values = {
        "payments": [one.payment_id for one, _ in near],
        "creditors": [one.creditor_id for one, _ in near],
        "amounts": [one.amount for one, _ in near],
        "meant": [meant.value for _, meant in near],
    }
    hits = {(payment, meant) for payment, meant in session.execute(statement("dues/payments/sql/slips.sql"), values)}
    # The likeliest kind of slip comes first among a reference's neighbours, and stays.
    return {one.payment_id: meant.slip for one, meant in reversed(near) if (one.payment_id, meant.value) in hits}


def _follow_references(session: Session, found: Case, trails: Trails) -> None:
    """What was given as reference, what stands in the text, and what is one slip away."""
    meant: dict[str, Evidence] = {}
    for value in (*references_in(found.message), *words_in(found.message)):
        meant[value] = Evidence(Fact.IN_TEXT)
    for value, _, _ in found.references:
        meant["".join(value.upper().split())] = Evidence(Fact.LISTED)
    if found.reference:
        for near in neighbours(found.reference).values():
            meant.setdefault(near.value, Evidence(Fact.SLIP, slip=near.slip, position=near.position))
        for value in references_in(found.reference):
            meant.setdefault(value, Evidence(Fact.IN_TEXT))
        meant[found.reference] = Evidence(Fact.REFERENCE)
    wanted = select(PaymentReference.value, PaymentReference.claim_id).where(
        PaymentReference.creditor_id == found.creditor_id, PaymentReference.value.in_(meant)
    )
    for value, claim_id in session.execute(wanted):
        trails.claim(claim_id, meant[value])


def _follow_numbers(session: Session, found: Case, trails: Trails) -> None:
    written = " ".join([found.message, found.reference or "", *(value for value, _, _ in found.references)])
    wanted = (
        select(Claim.id)
        .join(Invoice, Invoice.id == Claim.invoice_id)
        .where(
            Invoice.creditor_id == found.creditor_id,
            Invoice.number.in_(numbers_in(written)),
            Invoice.kind == InvoiceKind.INVOICE,
        )
    )
    theirs = (
        select(Claim.id)
        .join(Elsewhere, Elsewhere.invoice_id == Claim.invoice_id)
        .where(Elsewhere.creditor_id == found.creditor_id, Elsewhere.number_key.in_(words_in(written)))
    )
    for claim_id in session.scalars(union_all(wanted, theirs)):
        trails.claim(claim_id, Evidence(Fact.NUMBER))


def _follow_suggestions(session: Session, found: Case, trails: Trails) -> None:
    """What matching found at its last look and was not certain of, as far as nothing here finds it."""
    wanted = select(MatchSuggestion.claim_id, MatchSuggestion.rule).where(
        MatchSuggestion.payment_id == found.payment_id, MatchSuggestion.rule.in_(_SUGGESTED)
    )
    for claim_id, rule in session.execute(wanted):
        trails.claim(claim_id, Evidence(_SUGGESTED[rule]))


def _follow_rules(session: Session, found: Case, trails: Trails) -> None:
    """Whose money like this is, as officers ruled."""
    for person_id in persons_ruled(session, found):
        trails.person(person_id, Evidence(Fact.RULE))


def _follow_account(session: Session, found: Case, trails: Trails) -> None:
    """Whom this account has paid for before, and when last."""
    if found.payer_account is None:
        return
    undo = aliased(Allocation)
    earlier = (
        select(Payment.id, Payment.booked_on)
        .where(
            Payment.payer_account == found.payer_account,
            Payment.creditor_id == found.creditor_id,
            Payment.id != found.payment_id,
        )
        .order_by(Payment.id.desc())
        .limit(_EARLIER)
        .subquery()
    )
    wanted = (
        select(Allocation.person_id, func.max(earlier.c.booked_on))
        .join(earlier, earlier.c.id == Allocation.payment_id)
        .where(Allocation.reverses_id.is_(None), ~select(undo.id).where(undo.reverses_id == Allocation.id).exists())
        .group_by(Allocation.person_id)
        .order_by(func.max(earlier.c.booked_on).desc())
        .limit(_NAMESAKES)
    )
    for person_id, last in session.execute(wanted):
        trails.person(person_id, Evidence(Fact.ACCOUNT, on=last))


def _follow_names(session: Session, found: Case, trails: Trails) -> None:
    """Open claims of namesakes; those of the same amount first, because some names are everywhere."""
    keys = name_keys(found.payer_name)
    if not keys:
        return
    # Banks leave out accents, and registers have them; asked for first, so that an index serves the claims.
    some = beginnings(found.payer_name)
    plain = plain_keys(found.payer_name)
    accented = plainly_called(session, keys=plain, beginnings=some, most=_EARLIER)
    begins = [_begins(Person.name_key, key) for key in some]
    exact = (Claim.open_amount == found.unallocated).desc()
    wanted = (
        _open(select(Claim.debtor_id).join(Person, Person.id == Claim.debtor_id), found)
        .where(or_(Person.name_key.in_({*keys, *plain}), *begins, Person.id.in_(accented)))
        .order_by(exact, Claim.due_on, Claim.id)
        .limit(_NAMESAKES)
    )
    for person_id in dict.fromkeys(session.scalars(wanted)):
        trails.person(person_id)  # which kind of likeness it is, is said once the name is read


def _begins(column: InstrumentedAttribute[str], key: str) -> ColumnElement[bool]:
    """A range instead of a prefix: an index serves it also where the key is a parameter."""
    return and_(column >= key, column < key + _LAST)


def _follow_choices(session: Session, chosen: Iterable[str], trails: Trails) -> None:
    """Those an officer looked up: claims by their numbers, persons by their uuids."""
    names: list[uuid.UUID] = []
    for key in chosen:
        kind, _, name = key.partition("-")
        if kind == "claim" and name.isascii() and name.isdigit() and len(name) < _DIGITS:
            trails.claim(int(name), Evidence(Fact.CHOSEN))
        elif kind == "credit" and _UUID.fullmatch(name):
            names.append(uuid.UUID(name))
    if names:
        for person_id in session.scalars(select(Person.id).where(Person.uuid.in_(names))):
            trails.person(person_id, Evidence(Fact.CHOSEN))


def _follow_settled(session: Session, found: Case, trails: Trails) -> None:
    """A reference of a claim that has ended, or is in another currency, still says who it was."""
    pointed = [
        claim_id
        for claim_id, evidence in trails.claims.items()
        if {one.fact for one in evidence} & {Fact.REFERENCE, Fact.LISTED, Fact.IN_TEXT, Fact.CHOSEN}
    ]
    wanted = (
        select(Claim.debtor_id, Claim.ended, Claim.ended_on, Invoice.called)
        .join(Invoice, Invoice.id == Claim.invoice_id)
        .where(
            Claim.id.in_(pointed),
            Claim.creditor_id == found.creditor_id,
            or_(Claim.ended.is_not(None), Claim.currency != found.currency),
        )
    )
    for debtor_id, ended, on, number in session.execute(wanted):
        trails.person(debtor_id, Evidence(Fact.SETTLED, number=number, ended=ClaimEnd(ended) if ended else None, on=on))


def _open(wanted: Select[int], found: Case) -> Select[int]:
    return wanted.where(Claim.creditor_id == found.creditor_id, Claim.currency == found.currency, Claim.ended.is_(None))


def _open_claims(session: Session, found: Case, trails: Trails) -> Iterable[Candidate]:
    """The open claims that were pointed at, and those of the persons who were."""
    named = or_(Claim.id.in_(trails.claims), Claim.debtor_id.in_(trails.persons))
    exact = case((Claim.open_amount == found.unallocated, 0), else_=1)
    wanted = (
        select(Claim, Invoice.uuid, Invoice.called, Person, full_name())
        .join(Invoice, Invoice.id == Claim.invoice_id)
        .join(Person, Person.id == Claim.debtor_id)
        .where(named, Claim.creditor_id == found.creditor_id, Claim.currency == found.currency, Claim.ended.is_(None))
        .order_by(exact, Claim.due_on, Claim.id)
        .limit(10 * _NAMESAKES)
    )
    for claim, invoice, number, person, name in session.execute(wanted.execution_options(populate_existing=True)):
        evidence = [*trails.claims.get(claim.id, ()), *trails.persons.get(person.id, ())]
        evidence += _likeness(found, person)
        if claim.open_amount == found.unallocated:
            evidence.append(Evidence(Fact.AMOUNT))
        said = sorted_evidence(evidence)
        if worth_showing(said):
            yield Candidate(
                person_id=person.id,
                person=person.uuid,
                name=name,
                city=person.city,
                born=person.birth_date,
                currency=found.currency,
                claim_id=claim.id,
                invoice_id=claim.invoice_id,
                invoice=invoice,
                number=number,
                amount=claim.amount,
                open_amount=claim.open_amount,
                due_on=claim.deferred_to or claim.due_on,
                evidence=said,
            )


def _keepers(session: Session, found: Case, trails: Trails) -> Iterable[Candidate]:
    """Persons who may keep the money as credit: whose account or old reference it is, and whom an officer chose."""
    telling = {Fact.SETTLED, Fact.RULE, Fact.ACCOUNT, Fact.CHOSEN}
    wanted = [person_id for person_id, evidence in trails.persons.items() if {one.fact for one in evidence} & telling]
    persons = select(Person, full_name()).where(Person.id.in_(wanted))
    if found.path:
        persons = persons.where(known_within(Person.id, found.path))
    for person, name in session.execute(persons):
        yield Candidate(
            person_id=person.id,
            person=person.uuid,
            name=name,
            city=person.city,
            born=person.birth_date,
            currency=found.currency,
            evidence=sorted_evidence([*trails.persons[person.id], *_likeness(found, person)]),
        )


def _likeness(found: Case, person: Person) -> list[Evidence]:
    if person.name_key in name_keys(found.payer_name):
        return [Evidence(Fact.NAME)]
    ways = plainly(person.name_key)
    if not {*ways}.isdisjoint(plain_keys(found.payer_name)):
        return [Evidence(Fact.PLAIN)]
    some = beginnings(found.payer_name)
    if any(way.startswith(key) for way in (person.name_key, *ways) for key in some):
        return [Evidence(Fact.ALIKE)]
    return []
