"""Joining, as the register and the books see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from dues.actor import VISITOR
from dues.loop.errors import NoPriceError, NotJoinableError, NotOfferedError, PayerNeededError, WrongAgeError
from dues.loop.join import Joined, join
from dues.loop.offers import offers, place
from dues.members.models import Membership, MembershipStatus, Payer, Person
from dues.members.register import PersonDetails
from dues.money import Money
from dues.pricing.set_up import add_component, add_price, add_type
from dues.runs.models import Run, RunState
from tests.factories.members import member, person
from tests.factories.organisation import Organisation, organisation

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TODAY = dt.date(2026, 11, 22)
ADULT = PersonDetails(
    given_name="Alva",
    family_name="Ek",
    language="sv",
    country="SE",
    birth_date=dt.date(1980, 5, 17),
    email="alva@example.org",
    street="Ekvägen 1",
    postcode="753 20",
    city="Uppsala",
)
CHILD = replace(ADULT, given_name="Sigrid", birth_date=dt.date(2015, 3, 27), email="")
PARENT = replace(ADULT, birth_date=None)
MARIT = replace(ADULT, given_name="Marit", birth_date=None, email="marit@example.org")


@pytest.fixture
def org(session: Session) -> Organisation:
    return organisation(session)


def joined(
    session: Session, org: Organisation, who: PersonDetails, payer: PersonDetails | None = None, on: dt.date = TODAY
) -> Joined:
    return join(session, group=org.north.slug, type_id=org.member_type.id, person=who, payer=payer, on=on, by=VISITOR)


def test_joining_writes_a_membership_and_starts_a_run_with_one_item(session: Session, org: Organisation) -> None:
    found = joined(session, org, ADULT)
    membership = session.scalars(select(Membership).where(Membership.uuid == found.membership)).one()
    assert (membership.status, membership.joined_on) == (MembershipStatus.APPLIED, TODAY)
    run = session.get_one(Run, found.run_id)
    assert (run.state, run.confirmed, run.params["memberships"]) == (RunState.PREPARING, True, [membership.id])


def test_joining_again_doubles_nothing(session: Session, org: Organisation) -> None:
    first, second = joined(session, org, ADULT), joined(session, org, ADULT)
    assert second == Joined(first.membership, None)


@pytest.mark.parametrize(
    "again",
    [
        replace(ADULT, email="ALVA@Example.org", street="Ny gata 9", given_name="ALVA"),
        replace(ADULT, email="new@example.org", street="EKVÄGEN  1", postcode="75320"),
        replace(ADULT, email="new@example.org", family_name=" ek "),
    ],
)
def test_the_same_person_is_recognised_by_e_mail_or_by_address(
    session: Session, org: Organisation, again: PersonDetails
) -> None:
    first = joined(session, org, ADULT)
    assert joined(session, org, again) == Joined(first.membership, None)


@pytest.mark.parametrize(
    "other",
    [
        replace(ADULT, birth_date=dt.date(1980, 5, 18)),
        replace(ADULT, given_name="Alma"),
        replace(ADULT, email="new@example.org", street="Ny gata 9"),
    ],
)
def test_others_are_not_taken_for_them(session: Session, org: Organisation, other: PersonDetails) -> None:
    joined(session, org, ADULT)
    assert joined(session, org, other).run_id is not None


def test_an_empty_address_makes_nobody_the_same(session: Session, org: Organisation) -> None:
    bare = replace(ADULT, email="", street="", postcode="", city="")
    first = joined(session, org, bare)
    assert joined(session, org, bare) != first


def test_a_known_person_gets_the_membership_and_keeps_all_else(session: Session, org: Organisation) -> None:
    known = person(session, given_name="Alva", family_name="Ek", email="alva@example.org", born=ADULT.birth_date)
    joined(session, org, replace(ADULT, street="Ny gata 9", phone="+46701740605"), MARIT)
    membership = session.scalars(select(Membership).where(Membership.person_id == known.id)).one()
    assert membership.group_id == org.north.id
    session.refresh(known)
    assert (known.street, known.phone, known.consented_at) == ("Ekvägen 1", "", None)
    assert session.scalars(select(Payer).where(Payer.person_id == known.id)).all() == []


def test_who_is_known_by_address_only_is_not_given_anything(session: Session, org: Organisation) -> None:
    known = person(session, given_name="Alva", family_name="Ek", email="alva@example.org", born=ADULT.birth_date)
    joined(session, org, replace(ADULT, email="new@example.org"))
    assert session.scalars(select(Membership).where(Membership.person_id == known.id)).all() == []


def test_who_has_died_is_not_taken_for_somebody_who_joins(session: Session, org: Organisation) -> None:
    known = person(session, given_name="Alva", family_name="Ek", email="alva@example.org", born=ADULT.birth_date)
    known.deceased_on = TODAY
    session.flush()
    joined(session, org, ADULT)
    assert session.scalars(select(Membership).where(Membership.person_id == known.id)).all() == []


def test_who_left_may_come_back(session: Session, org: Organisation) -> None:
    known = person(session, given_name="Alva", family_name="Ek", email="alva@example.org", born=ADULT.birth_date)
    old = member(session, org, who=known, joined_on=dt.date(2020, 1, 1), paid_through=dt.date(2020, 12, 31))
    old.status, old.ended_on = MembershipStatus.LEFT, dt.date(2020, 12, 31)
    session.flush()
    assert joined(session, org, ADULT).run_id is not None


def payer_of(session: Session, found: Joined) -> Person:
    return session.scalars(
        select(Person)
        .join(Payer, Payer.payer_id == Person.id)
        .join(Membership, Membership.person_id == Payer.person_id)
        .where(Membership.uuid == found.membership)
    ).one()


def test_two_children_of_one_parent_have_one_payer(session: Session, org: Organisation) -> None:
    sister = joined(session, org, CHILD, PARENT)
    brother = joined(session, org, replace(CHILD, given_name="Nils"), PARENT)
    assert payer_of(session, sister) is payer_of(session, brother)


def test_a_child_called_like_its_parent_does_not_pay_for_itself(session: Session, org: Organisation) -> None:
    child = replace(CHILD, given_name=PARENT.given_name, email=PARENT.email)
    payer = payer_of(session, joined(session, org, child, PARENT))
    assert payer.birth_date is None
    assert joined(session, org, replace(child, given_name="Nils"), PARENT).run_id is not None


def test_who_names_themselves_as_the_payer_is_one_person(session: Session, org: Organisation) -> None:
    found = joined(session, org, ADULT, replace(ADULT, birth_date=None))
    member_id = session.scalars(select(Membership.person_id).where(Membership.uuid == found.membership)).one()
    assert session.scalars(select(Payer).where(Payer.person_id == member_id)).all() == []


def test_what_is_not_offered_is_refused(session: Session, org: Organisation) -> None:
    other = organisation(session, country="NO", prefix="other", min_age=18)
    with pytest.raises(NotJoinableError):
        join(session, group="org", type_id=org.member_type.id, person=ADULT, payer=None, on=TODAY, by=VISITOR)
    with pytest.raises(NotOfferedError):
        join(
            session,
            group=org.north.slug,
            type_id=other.member_type.id,
            person=ADULT,
            payer=None,
            on=TODAY,
            by=VISITOR,
        )
    with pytest.raises(PayerNeededError):
        joined(session, org, CHILD)
    with pytest.raises(WrongAgeError):
        joined(session, other, CHILD, PARENT)


def test_eighteen_is_reached_on_the_birthday(session: Session, org: Organisation) -> None:
    turns = replace(ADULT, birth_date=dt.date(2008, 11, 23), email="young@example.org")
    with pytest.raises(PayerNeededError):
        joined(session, org, turns)
    assert joined(session, org, turns, on=TODAY + dt.timedelta(days=1)).run_id is not None


def test_offers_show_the_span_before_the_age_is_known_and_the_runs_price_after(
    session: Session, org: Organisation
) -> None:
    add_price(session, component=org.local, amount=5000, currency="SEK", ages=(None, 17))
    add_price(session, component=org.local, amount=10000, currency="SEK", ages=(18, 25), group=org.south)
    at = place(session, group=org.north.slug)
    (before,) = offers(session, at=at, on=TODAY)
    assert (before.lowest, before.highest, before.price) == (Money(35000, "SEK"), Money(50000, "SEK"), None)
    assert before.until == dt.date(2027, 11, 21)
    (after,) = offers(session, at=at, on=TODAY, born=dt.date(2015, 3, 27))
    assert after.price == Money(35000, "SEK")
    (south,) = offers(session, at=place(session, group=org.south.slug), on=TODAY, born=dt.date(2004, 1, 1))
    assert south.price == Money(40000, "SEK")


def test_a_membership_without_a_complete_price_cannot_be_joined(session: Session, org: Organisation) -> None:
    unpriced = add_component(session, group=org.root, slug="magazine", names={"en": "Magazine"})
    add_type(session, group=org.root, slug="reader", names={"en": "Reader"}, components=(unpriced,), position=9)
    at = place(session, group=org.north.slug)
    reader = offers(session, at=at, on=TODAY)[-1]
    assert (reader.lowest, reader.price) == (None, None)
    with pytest.raises(NoPriceError):
        join(session, group=org.north.slug, type_id=reader.type_id, person=ADULT, payer=None, on=TODAY, by=VISITOR)
