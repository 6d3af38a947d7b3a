"""People join, alone or as a household: registered or recognised, given memberships, and invoiced by one run."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.dates import age_on
from dues.invoicing.issue import start_issue
from dues.loop.errors import (
    ChargedAlreadyError,
    DeceasedError,
    NoPriceError,
    NotOfferedError,
    PayerNeededError,
    WrongAgeError,
)
from dues.loop.offers import Offer, Place, offers, offers_to_each, place
from dues.members.errors import UnknownPersonError
from dues.members.models import Membership, MembershipStatus, Payer, Person, StatusChange
from dues.members.paying import pays_all
from dues.members.register import (
    OF_AGE,
    PersonDetails,
    known_payer,
    known_persons,
    lock_registration,
    pay_for,
    register,
    same_person,
)
from dues.pricing.queries import holder_of

_ONCE: Final = ("person_id", "type_id", "group_id")
"""What a living membership is unique in."""


@dataclass(frozen=True, slots=True)
class Joiner:
    """One of those who join: a person with a birth date, and the type of membership they chose."""

    type_id: int
    person: PersonDetails


@dataclass(frozen=True, slots=True)
class Joined:
    """The membership, and the run that invoices it; no run where the membership was there already."""

    membership: UUID
    run_id: int | None


@dataclass(frozen=True, slots=True)
class JoinedTogether:
    """The memberships in the order of those who join, and the one run that invoices the new ones, if there are any."""

    memberships: tuple[UUID, ...]
    run_id: int | None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A membership to be: what, where, from which day, and the day on which it is given."""

    type_id: int
    group_id: int
    starts: dt.date
    on: dt.date


@dataclass(frozen=True, slots=True)
class _Given:
    """A membership that somebody has now; ``fresh`` is its id where it is new and to be invoiced."""

    uuid: UUID
    fresh: int | None


def join(
    session: Session,
    *,
    group: str,
    type_id: int,
    person: PersonDetails,
    payer: PersonDetails | None,
    on: dt.date,
    by: Actor,
    starts: dt.date | None = None,
    by_hand: bool = False,
) -> Joined:
    """Let one person join a group; see `join_together`."""
    found = join_together(
        session,
        group=group,
        people=[Joiner(type_id, person)],
        payer=payer,
        on=on,
        by=by,
        starts=starts,
        by_hand=by_hand,
    )
    return Joined(found.memberships[0], found.run_id)


def join_together(
    session: Session,
    *,
    group: str,
    people: Sequence[Joiner],
    payer: PersonDetails | None,
    on: dt.date,
    by: Actor,
    starts: dt.date | None = None,
    by_hand: bool = False,
) -> JoinedTogether:
    """Let a household join a group today (``on``): all of them or, by any refusal, nobody. One run invoices them.

    The memberships start today or on another day, ``starts``, which is the one that is priced; who starts later than
    their type is invoiced ahead is invoiced by the day's run, then. ``by_hand`` says that an officer adds them, also
    where the join page is closed.

    The payer is invoiced for everybody, one invoice a member or, as the creditor does it, one for all, and may be one
    of those who join; without one each pays for themselves. Safe to repeat: somebody who has this membership gets no
    second one and no second invoice. What is stored of a known person stays as it is, also who pays for them; a
    membership is added to one only where name, birth date and e-mail address agree. Raises a JoinError.
    """
    at, first = place(session, group=group, by_hand=by_hand), starts or on
    offered = offers_to_each(session, at=at, on=first, births=[one.person.birth_date for one in people])
    for one, found in zip(people, offered, strict=True):
        _refuse_unoffered(at, found, type_id=one.type_id, born=one.person.birth_date)
        _refuse_child_alone(one.person, payer, on=on)
    lock_registration(session, *(one.person for one in people), *([payer] if payer else []))
    given: dict[int, _Given] = {}
    for position in _payers_first(people, payer, on=on):
        one = people[position]
        paid_by = None if payer is None or _pays_alone(one.person, payer, on=on) else payer
        wanted = _Wanted(one.type_id, at.group.id, first, on)
        given[position] = _take_in(session, one.person, paid_by, wanted, by=by)
    fresh = [given[position].fresh for position in range(len(people))]
    return JoinedTogether(
        tuple(given[position].uuid for position in range(len(people))),
        _invoice(session, [one for one in fresh if one is not None], on=on, by=by),
    )


def _payers_first(people: Sequence[Joiner], payer: PersonDetails | None, *, on: dt.date) -> list[int]:
    """Who pays for the others is registered before them, and so is found again as the one who does."""
    pays = [payer is not None and _pays_alone(one.person, payer, on=on) for one in people]
    return sorted(range(len(people)), key=lambda position: not pays[position])


def _pays_alone(person: PersonDetails, payer: PersonDetails, *, on: dt.date) -> bool:
    """Tell whether somebody who joins is the very person who pays: a child may be called like its parent."""
    grown_up = person.birth_date is None or age_on(person.birth_date, on) >= OF_AGE
    return grown_up and same_person(person, payer) and payer.birth_date in {None, person.birth_date}


def _refuse_child_alone(person: PersonDetails, payer: PersonDetails | None, *, on: dt.date) -> None:
    if _is_minor(person, on=on) and (payer is None or _is_minor(payer, on=on)):
        raise PayerNeededError


def _is_minor(person: PersonDetails, *, on: dt.date) -> bool:
    return person.birth_date is not None and age_on(person.birth_date, on) < OF_AGE


def _take_in(
    session: Session, person: PersonDetails, payer: PersonDetails | None, wanted: _Wanted, *, by: Actor
) -> _Given:
    """Recognise or register a person, and give them the membership unless they have it."""
    known = known_persons(session, person)
    existing = _membership_of(session, [one.person_id for one in known], wanted)
    if existing is not None:
        return _Given(existing, None)
    person_id = next((one.person_id for one in known if one.by_email), None)
    return _admit(session, person_id or _newcomer(session, person, payer, on=wanted.on), wanted, by=by)


def _invoice(session: Session, memberships: Sequence[int], *, on: dt.date, by: Actor) -> int | None:
    if not memberships:
        return None
    return start_issue(session, on=on, by=by, memberships=memberships, confirmed=True).id


def admit(session: Session, *, person_id: int, group: str, type_id: int, on: dt.date, by: Actor) -> Joined:
    """Give somebody who is registered another membership from a day on; it is invoiced as everybody's is.

    It is an officer who does, so that the join page may be closed.
    Safe to repeat: who has this membership gets no second one. Raises UnknownPersonError, DeceasedError and, as `join`
    does, a JoinError.
    """
    person = session.get(Person, person_id)
    if person is None:
        raise UnknownPersonError(person_id)
    if person.deceased_on is not None:
        raise DeceasedError
    at = place(session, group=group, by_hand=True)
    holder = holder_of(session, person_id=person.id, on=on, currency=at.creditor.currency)
    offered = offers(session, at=at, on=on, born=person.birth_date, holder=holder)
    _refuse_unoffered(at, offered, type_id=type_id, born=person.birth_date)
    if needs_payer(session, person, on=on):
        raise PayerNeededError
    given = _admit(session, person_id, _Wanted(type_id, at.group.id, starts=on, on=on), by=by)
    return Joined(given.uuid, _invoice(session, [] if given.fresh is None else [given.fresh], on=on, by=by))


def needs_payer(session: Session, person: Person, *, on: dt.date) -> bool:
    """Tell whether somebody is a child on a day for whom nobody pays."""
    if person.birth_date is None or age_on(person.birth_date, on) >= OF_AGE:
        return False
    pays = select(Payer.id).where(Payer.person_id == person.id, pays_all(on))
    return session.scalar(pays.limit(1)) is None


def _refuse_unoffered(at: Place, offered: Sequence[Offer], *, type_id: int, born: dt.date | None) -> None:
    found = {offer.type_id: offer for offer in offered}
    if type_id not in found:
        raise NotOfferedError(at.group.name)
    if born is not None and not found[type_id].is_for(age := found[type_id].age_of(born)):
        raise WrongAgeError(age)
    if found[type_id].price is None:
        raise NoPriceError


def _membership_of(session: Session, persons: Sequence[int], wanted: _Wanted) -> UUID | None:
    return session.scalar(
        select(Membership.uuid)
        .where(
            Membership.person_id.in_(persons),
            Membership.type_id == wanted.type_id,
            Membership.group_id == wanted.group_id,
            Membership.ended_on.is_(None),
        )
        .limit(1)
    )


def _refuse_charged(session: Session, person_id: int, wanted: _Wanted) -> None:
    """Somebody who comes back is not charged twice for days that an earlier membership was charged for."""
    through = session.scalar(
        select(func.max(Membership.charged_through)).where(
            Membership.person_id == person_id,
            Membership.type_id == wanted.type_id,
            Membership.group_id == wanted.group_id,
        )
    )
    if through is not None and through >= wanted.starts:
        raise ChargedAlreadyError(through)


def _newcomer(session: Session, person: PersonDetails, payer: PersonDetails | None, *, on: dt.date) -> int:
    """Register the person, and who pays; the payer is looked for first, so that a namesake child is never found."""
    payer_id = None if payer is None else known_payer(session, payer, on=on) or register(session, payer)
    person_id = register(session, person)
    if payer_id is not None:
        pay_for(session, person_id=person_id, payer_id=payer_id, on=on)
    return person_id


def _admit(session: Session, person_id: int, wanted: _Wanted, *, by: Actor) -> _Given:
    """Give the membership with its history; one that came in between (an officer's) is left as it is."""
    if wanted.starts < wanted.on:
        _refuse_charged(session, person_id, wanted)
    values = {
        "person_id": person_id,
        "type_id": wanted.type_id,
        "group_id": wanted.group_id,
        "joined_on": wanted.starts,
    }
    added = session.execute(
        insert(Membership).values(**values).on_conflict_do_nothing().returning(Membership.id, Membership.uuid)
    ).first()
    if added is None:
        existing = select(Membership.uuid).filter_by(ended_on=None, **{k: values[k] for k in _ONCE})
        return _Given(session.scalars(existing).one(), None)
    membership_id, uuid = added
    _write_history(session, membership_id, on=min(wanted.starts, wanted.on), by=by)
    return _Given(uuid, membership_id)


def _write_history(session: Session, membership_id: int, *, on: dt.date, by: Actor) -> None:
    """Write without reading back: the public face may write history and not read it."""
    change = {"membership_id": membership_id, "from_on": on, "status": MembershipStatus.APPLIED, "actor": str(by)}
    session.execute(plain_insert(StatusChange).inline().values(**change))
