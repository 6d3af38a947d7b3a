"""Several people join at once, as the register and the books see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from dues.actor import VISITOR
from dues.invoicing.models import Invoice, InvoiceLine
from dues.loop.errors import PayerNeededError, WrongAgeError
from dues.loop.join import JoinedTogether, Joiner, join_together
from dues.members.models import Membership, Payer, Person
from dues.members.register import PersonDetails
from dues.pricing.set_up import add_price, add_type
from dues.runs.drive import drive
from dues.runs.models import Run
from tests.factories.members import person
from tests.factories.organisation import Organisation, organisation
from wiring import bind_kinds

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession

TODAY = dt.date(2026, 11, 22)
MARIT = PersonDetails(
    given_name="Marit",
    family_name="Ek",
    language="sv",
    country="SE",
    birth_date=dt.date(1980, 5, 17),
    email="ek@example.org",
    street="Ekvägen 1",
    postcode="753 20",
    city="Uppsala",
)
SIGRID = replace(MARIT, given_name="Sigrid", birth_date=dt.date(2015, 3, 27))
NILS = replace(MARIT, given_name="Nils", birth_date=dt.date(2017, 3, 27))
OLA = replace(MARIT, given_name="Ola", birth_date=dt.date(1979, 1, 2))
GRANDMOTHER = replace(MARIT, given_name="Gun", birth_date=None, email="gun@example.org")


@pytest.fixture
def org(session: Session) -> Organisation:
    found = organisation(session)
    add_price(session, component=found.local, amount=5000, currency="SEK", ages=(None, 17))
    return found


def joined(
    session: Session, org: Organisation, *who: PersonDetails, payer: PersonDetails | None, type_id: int = 0
) -> JoinedTogether:
    people = [Joiner(type_id or org.member_type.id, one) for one in who]
    return join_together(session, group=org.north.slug, people=people, payer=payer, on=TODAY, by=VISITOR)


def names(session: Session, found: JoinedTogether) -> list[str]:
    wanted = select(Person.given_name).join(Membership, Membership.person_id == Person.id)
    return [session.scalars(wanted.where(Membership.uuid == uuid)).one() for uuid in found.memberships]


def payers(session: Session) -> dict[str, str]:
    """Who is invoiced by somebody else: given names."""
    rows = session.execute(
        select(
            select(Person.given_name).where(Person.id == Payer.person_id).scalar_subquery(),
            select(Person.given_name).where(Person.id == Payer.payer_id).scalar_subquery(),
        ).select_from(Payer)
    )
    return dict(rows.all())


def persons(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Person)) or 0


def test_a_parent_who_joins_with_children_pays_for_all(session: Session, org: Organisation) -> None:
    found = joined(session, org, SIGRID, MARIT, NILS, payer=MARIT)
    assert names(session, found) == ["Sigrid", "Marit", "Nils"]
    assert payers(session) == {"Sigrid": "Marit", "Nils": "Marit"}
    assert persons(session) == 3


def test_somebody_outside_pays_for_all_and_is_registered_once(session: Session, org: Organisation) -> None:
    joined(session, org, SIGRID, NILS, OLA, payer=GRANDMOTHER)
    assert payers(session) == {"Sigrid": "Gun", "Nils": "Gun", "Ola": "Gun"}
    assert persons(session) == 4


def test_one_run_invoices_each_member_by_their_own_price_to_the_payer(ledger: OpenSession) -> None:
    bind_kinds()
    with ledger() as session, session.begin():
        org = organisation(session)
        add_price(session, component=org.local, amount=5000, currency="SEK", ages=(None, 17))
        found = joined(session, org, MARIT, SIGRID, NILS, payer=MARIT)
    assert found.run_id is not None
    drive(ledger, found.run_id)
    with ledger() as session:
        invoices = session.scalars(select(Invoice).order_by(Invoice.number)).all()
        assert [(one.payer_name, one.amount) for one in invoices] == [
            ("Marit Ek", 50000),
            ("Marit Ek", 35000),
            ("Marit Ek", 35000),
        ]
        members = [
            session.scalars(select(InvoiceLine.member_name).where(InvoiceLine.invoice_id == one.id)).first()
            for one in invoices
        ]
        assert members == ["", "Sigrid Ek", "Nils Ek"]
        assert session.scalar(select(func.count()).select_from(Run)) == 1


def test_any_refusal_lets_nobody_in(session: Session, org: Organisation) -> None:
    grown = add_type(session, group=org.root, slug="grown", names={"en": "x"}, components=(org.national,), min_age=18)
    with pytest.raises(WrongAgeError):
        join_together(
            session,
            group=org.north.slug,
            people=[Joiner(org.member_type.id, MARIT), Joiner(grown.id, NILS)],
            payer=MARIT,
            on=TODAY,
            by=VISITOR,
        )
    assert persons(session) == 0


def test_a_child_cannot_pay_for_a_household(session: Session, org: Organisation) -> None:
    with pytest.raises(PayerNeededError):
        joined(session, org, SIGRID, NILS, payer=SIGRID)
    with pytest.raises(PayerNeededError):
        joined(session, org, MARIT, NILS, payer=None)
    assert persons(session) == 0


def test_joining_again_doubles_nothing_and_invoices_only_who_is_new(session: Session, org: Organisation) -> None:
    first = joined(session, org, MARIT, SIGRID, payer=MARIT)
    second = joined(session, org, MARIT, SIGRID, payer=MARIT)
    assert second == JoinedTogether(first.memberships, None)
    third = joined(session, org, MARIT, SIGRID, NILS, payer=MARIT)
    assert third.memberships[:2] == first.memberships
    assert len(session.get_one(Run, third.run_id).params["memberships"]) == 1
    assert payers(session) == {"Sigrid": "Marit", "Nils": "Marit"}
    assert persons(session) == 3


def test_somebody_who_stands_in_the_form_twice_joins_once(session: Session, org: Organisation) -> None:
    found = joined(session, org, MARIT, SIGRID, SIGRID, payer=MARIT)
    assert found.memberships[1] == found.memberships[2]
    assert persons(session) == 2


def test_a_child_called_like_its_parent_is_another_person(session: Session, org: Organisation) -> None:
    namesake = replace(SIGRID, given_name="Marit")
    found = joined(session, org, namesake, MARIT, payer=MARIT)
    assert len(set(found.memberships)) == 2
    assert payers(session) == {"Marit": "Marit"}
    assert persons(session) == 2


def test_grown_up_namesakes_with_one_address_are_told_apart_by_their_birth_dates(
    session: Session, org: Organisation
) -> None:
    son = replace(MARIT, birth_date=dt.date(2005, 1, 1))
    joined(session, org, son, MARIT, payer=MARIT)
    assert persons(session) == 2
    assert len(payers(session)) == 1


def test_who_is_known_by_address_only_pays_for_nobody(session: Session, org: Organisation) -> None:
    known = person(session, given_name="Marit", family_name="Ek", email="marit@example.org", born=MARIT.birth_date)
    joined(session, org, replace(MARIT, email="new@example.org"), NILS, payer=replace(MARIT, email="new@example.org"))
    assert session.scalars(select(Payer).where(Payer.payer_id == known.id)).all() == []
